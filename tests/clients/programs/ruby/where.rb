# Where the programs beside this one connect to, and what they are asked to do: `connect` alone, or typical `work`.
HOST = ENV.fetch("CACHE_HOST")
PORT = ENV.fetch("CACHE_PORT").to_i
USER = ENV.fetch("CACHE_USER")
PASSWORD = ENV.fetch("CACHE_PASSWORD")
URL = "redis://#{USER}:#{PASSWORD}@#{HOST}:#{PORT}/0"
WORKING = ARGV == ["work"]
PROBE = "probe"
