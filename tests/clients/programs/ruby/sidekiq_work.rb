require "sidekiq"
require "sidekiq/api"
require_relative "where"
require_relative "sidekiq_jobs"

Sidekiq.redis { |client| client.get(PROBE) }
if WORKING
  Add.perform_async(1, 2)
  Add.perform_in(1, 3, 4)
  Broken.perform_async
  command = ["sidekiq", "-r", File.expand_path("sidekiq_jobs.rb", __dir__), "-c", "1", "-t", "5"]
  worker = spawn(*command, out: File::NULL, err: File::NULL)
  deadline = Time.now + 300
  sleep 0.2 until Sidekiq::Stats.new.processed >= 3 || Time.now > deadline
  processed = Sidekiq::Stats.new.processed
  sleep 11 # once a heartbeat has been seen
  Process.kill("TERM", worker)
  Process.wait(worker)
  abort "#{processed} jobs were worked off" if processed < 3
end
