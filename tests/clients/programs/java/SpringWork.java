import java.time.Duration;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

public final class SpringWork {
    public static void main(String[] arguments) {
        try {
            var configuration = new RedisStandaloneConfiguration(Where.HOST, Where.PORT);
            configuration.setUsername(Where.USER);
            configuration.setPassword(Where.PASSWORD);
            var factory = new LettuceConnectionFactory(configuration);
            factory.afterPropertiesSet();
            factory.start();
            var template = new StringRedisTemplate(factory);
            template.opsForValue().get(Where.PROBE);
            if (Where.working(arguments)) {
                template.opsForValue().set("shop:user:1", "Ada", Duration.ofMinutes(1));
                template.opsForValue().get("shop:user:1");
                template.opsForHash().put("shop:cart:1", "apples", "3");
                template.opsForHash().entries("shop:cart:1");
                template.opsForList().leftPush("shop:queue", "job");
                template.opsForList().rightPop("shop:queue");
                template.opsForValue().increment("shop:visits");
                template.expire("shop:visits", Duration.ofMinutes(1));
                template.hasKey("shop:visits");
                template.delete("shop:visits");
                template.convertAndSend("shop:news", "opened");
                var caching = RedisCacheManager.builder(factory)
                    .cacheDefaults(RedisCacheConfiguration.defaultCacheConfig().entryTtl(Duration.ofMinutes(1))).build();
                var cache = caching.getCache("users");
                cache.put("1", "Ada");
                cache.get("1");
                cache.putIfAbsent("2", "Bob");
                cache.evict("1");
            }
            factory.stop();
            factory.destroy();
        } catch (RuntimeException why) {
            Where.fail(why);
        }
        System.exit(0);
    }
}
