import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

public final class RedissonWork {
    public static void main(String[] arguments) throws Exception {
        try {
            var config = new Config();
            config.useSingleServer().setAddress("redis://" + Where.HOST + ":" + Where.PORT)
                .setUsername(Where.USER).setPassword(Where.PASSWORD).setRetryAttempts(0)
                .setConnectionMinimumIdleSize(1).setSubscriptionConnectionMinimumIdleSize(1);
            var client = Redisson.create(config);
            client.getBucket(Where.PROBE, StringCodec.INSTANCE).get();
            if (Where.working(arguments)) {
                var bucket = client.<String>getBucket("shop:user:1", StringCodec.INSTANCE);
                bucket.set("Ada", Duration.ofMinutes(1));
                bucket.get();
                var map = client.<String, String>getMap("shop:cart:1", StringCodec.INSTANCE);
                map.put("apples", "3");
                map.readAllMap();
                client.getAtomicLong("shop:visits").incrementAndGet();
                var queue = client.<String>getBlockingQueue("shop:queue", StringCodec.INSTANCE);
                queue.add("job");
                queue.poll(1, TimeUnit.SECONDS);
                var lock = client.getLock("shop:lock:1");
                lock.lock();
                lock.unlock();
                client.getMapCache("shop:cache", StringCodec.INSTANCE).put("a", "b", 1, TimeUnit.MINUTES);
                var received = new CountDownLatch(1);
                var topic = client.getTopic("shop:news", StringCodec.INSTANCE);
                topic.addListener(String.class, (channel, message) -> received.countDown());
                topic.publish("opened");
                received.await();
                topic.removeAllListeners();
            }
            client.shutdown();
        } catch (RuntimeException why) {
            Where.fail(why);
        }
        System.exit(0);
    }
}
