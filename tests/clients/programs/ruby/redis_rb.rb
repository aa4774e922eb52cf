require "redis"
require_relative "where"

client = Redis.new(host: HOST, port: PORT, username: USER, password: PASSWORD, reconnect_attempts: 0)
client.get(PROBE)
if WORKING
  client.set("shop:user:1", "Ada", ex: 60)
  client.mget("shop:user:1", "shop:user:2")
  client.hset("shop:cart:1", "apples", 3)
  client.hgetall("shop:cart:1")
  client.lpush("shop:queue", "job")
  client.blpop("shop:queue", timeout: 1)
  client.zadd("shop:scores", 1, "Ada")
  client.multi do |transaction|
    transaction.incr("shop:stock:1")
    transaction.expire("shop:stock:1", 60)
  end
  client.eval("return redis.call('incr', KEYS[1])", keys: ["shop:visits"])
  subscriber = Redis.new(host: HOST, port: PORT, username: USER, password: PASSWORD)
  listener = Thread.new do
    subscriber.subscribe("shop:news") do |on|
      on.message { |_, _| subscriber.unsubscribe("shop:news") }
    end
  end
  sleep 0.1 until client.publish("shop:news", "opened").positive?
  listener.join
end
client.close
