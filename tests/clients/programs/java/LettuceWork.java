import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

public final class LettuceWork {
    public static void main(String[] arguments) throws Exception {
        var uri = RedisURI.builder().withHost(Where.HOST).withPort(Where.PORT)
            .withAuthentication(Where.USER, Where.PASSWORD.toCharArray()).build();
        try (var client = RedisClient.create(uri); var connection = client.connect()) {
            var commands = connection.sync();
            commands.get(Where.PROBE);
            if (Where.working(arguments)) {
                commands.setex("shop:user:1", 60, "Ada");
                commands.mget("shop:user:1", "shop:user:2");
                commands.hset("shop:cart:1", Map.of("apples", "3"));
                commands.hgetall("shop:cart:1");
                commands.lpush("shop:queue", "job");
                commands.blpop(1, "shop:queue");
                commands.zadd("shop:scores", 1, "Ada");
                commands.multi();
                commands.incr("shop:stock:1");
                commands.expire("shop:stock:1", 60);
                commands.exec();
                commands.eval("return redis.call('incr', KEYS[1])", ScriptOutputType.INTEGER, "shop:visits");
                var received = new CountDownLatch(1);
                try (var listening = client.connectPubSub()) {
                    listening.addListener(new RedisPubSubAdapter<>() {
                        @Override
                        public void message(String channel, String message) {
                            received.countDown();
                        }
                    });
                    listening.sync().subscribe("shop:news");
                    commands.publish("shop:news", "opened");
                    received.await();
                    listening.sync().unsubscribe("shop:news");
                }
            }
        } catch (RuntimeException why) {
            Where.fail(why);
        }
        System.exit(0);
    }
}
