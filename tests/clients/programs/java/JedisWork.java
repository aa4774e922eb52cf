import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

public final class JedisWork {
    public static void main(String[] arguments) throws Exception {
        var config = DefaultJedisClientConfig.builder().user(Where.USER).password(Where.PASSWORD).build();
        var at = new HostAndPort(Where.HOST, Where.PORT);
        try (var client = RedisClient.builder().hostAndPort(at).clientConfig(config).build()) {
            client.get(Where.PROBE);
            if (Where.working(arguments)) {
                client.set("shop:user:1", "Ada", SetParams.setParams().ex(60));
                client.mget("shop:user:1", "shop:user:2");
                client.hset("shop:cart:1", Map.of("apples", "3"));
                client.hgetAll("shop:cart:1");
                client.lpush("shop:queue", "job");
                client.blpop(1, "shop:queue");
                client.zadd("shop:scores", 1, "Ada");
                try (var transaction = client.multi()) {
                    transaction.incr("shop:stock:1");
                    transaction.expire("shop:stock:1", 60);
                    transaction.exec();
                }
                client.eval("return redis.call('incr', KEYS[1])", List.of("shop:visits"), List.of());
                var subscribed = new CountDownLatch(1);
                var listener = new JedisPubSub() {
                    @Override
                    public void onSubscribe(String channel, int count) {
                        subscribed.countDown();
                    }

                    @Override
                    public void onMessage(String channel, String message) {
                        unsubscribe();
                    }
                };
                var thread = new Thread(() -> {
                    try (var alone = new Jedis(at, config)) {
                        alone.subscribe(listener, "shop:news");
                    } catch (RuntimeException why) {
                        Where.fail(why);
                    }
                });
                thread.start();
                subscribed.await();
                client.publish("shop:news", "opened");
                thread.join();
            }
        } catch (RuntimeException why) {
            Where.fail(why);
        }
    }
}
