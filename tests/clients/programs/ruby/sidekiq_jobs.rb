require "sidekiq"
require_relative "where"

Sidekiq.configure_server { |config| config.redis = { url: URL } }
Sidekiq.configure_client { |config| config.redis = { url: URL } }
Sidekiq.options[:poll_interval_average] = 1

class Add
  include Sidekiq::Worker

  def perform(x, y)
    x + y
  end
end

class Broken
  include Sidekiq::Worker
  sidekiq_options retry: 2

  def perform
    raise "on purpose"
  end
end
