"""Key conventions: how well-known software names its keys, and how much of that a set of patterns reaches.

No application can be protected from a user whose patterns reach what most software stores, whatever little the
patterns leave out: `*:*`, `[a-z]*` and `*[^z]` are such patterns. This table says what most software stores.

Each row names where the key is formed: a project on GitHub and files in it (`.../` stands for the folders before,
a bare name for a file beside the one before it). The row was written from that code or page, opened and read in
November 2026. A convention for which no such place was found has no row. The samples are made up, in the form found
there and of its usual lengths; none is copied. What belongs to a convention and holds no data, such as a channel, is
not among them.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from acl.bits import bits
from acl.coverage import Effort, EffortSpentError, Reach
from acl.globs import ANY, Glob, compile_glob


class Kind(Enum):
    """What the keys of a convention are for."""

    SESSION = "session"
    CACHE = "cache"
    QUEUE = "queue"
    LOCK = "lock"
    LIMIT = "limit"
    RECORD = "record"
    PLAIN = "plain"
    """Keys that are an id, a digest, a number, a word or a path, and little else."""


class Family(NamedTuple):
    """One convention."""

    id: str
    kind: Kind
    description: str
    source: str
    """Projects and files, as the module says."""
    samples: tuple[bytes, ...]
    """Three or more keys, of one byte or more each."""


# A row is read as a paragraph: one value a line would make a thousand lines of it.
# fmt: off
FAMILIES: Final = (
    Family(
        "express-sessions", Kind.SESSION, "sessions of Express",
        "tj/connect-redis: index.ts; expressjs/session: index.js",
        (b"sess:wafr7-u42Fjahs5LdTGjjGu5PDHHIUrQ", b"sess:dMftdK7Z9Z2AOyxpz-Yyj1v3X-n7e90m",
         b"sess:e-BU_vs7PeHZXTPlblrJE3jAe4haR7K8", b"sess:XyZCB6IAUUJcTa_RXcrzEBZshBfTf39V"),
    ),
    Family(
        "spring-sessions", Kind.SESSION, "Spring Session",
        "spring-projects/spring-session: .../data/redis/RedisIndexedSessionRepository.java",
        (b"spring:session:sessions:4cee5fda-fb8d-4e15-9e33-00db9825b815",
         b"spring:session:sessions:c36f7339-e28c-43a1-8a28-9bee365640e4",
         b"spring:session:sessions:expires:900f5390-8750-44e9-8dae-694b16935942",
         b"spring:session:expirations:1795600080000"),
    ),
    Family(
        "flask-sessions", Kind.SESSION, "Flask-Session",
        "pallets-eco/flask-session: src/flask_session/defaults.py, base.py",
        (b"session:JzjtPrcWC3f5fMqIY3Dwarw4xQTQzKEe7-PR9qR-hMj", b"session:NzRf7-SKZSDK_Vb2x2kRVIIWKaNwGu0e_e64HmE-tWN",
         b"session:2EABTPu1m0ugeWOg7GLqwSBIPt3oILT9RIKTze8E97A"),
    ),
    Family(
        "php-sessions", Kind.SESSION, "PHP's session handler in phpredis",
        "phpredis/phpredis: redis_session.c",
        (b"PHPREDIS_SESSION:rrwyyevr41oxoutkvjp0gaskbi", b"PHPREDIS_SESSION:9ujzpxeu40scvpetp6937zklf2",
         b"PHPREDIS_SESSION:wa06rc9wyr64gbamcs0g5eolxp"),
    ),
    Family(
        "magento-sessions", Kind.SESSION, "sessions of Magento",
        "colinmollenhour/php-redis-session-abstract: src/Cm/RedisSession/Handler.php",
        (b"sess_dac228skvbnt39xq9e7f2itku4", b"sess_cm26fwdlfvuguwz0tjfy803cue", b"sess_esks363io8ew7jrcf1lobesrje"),
    ),
    Family(
        "rails-sessions", Kind.SESSION, "sessions of Rails in its cache",
        "rails/rails: .../session/cache_store.rb; rack/rack-session: lib/rack/session/abstract/id.rb",
        (b"_session_id:2::87c56472fb7fd10068e2cb461d48609f8486441fdd56cf00ab1e0842f46694c6",
         b"_session_id:2::7cc2f5fe38b2bde3ca33b288c5aaa5f02bcd0cc3139311c93c6043bcbc8c5ff0",
         b"_session_id:2::9986c172bff9339249d9ae92603bfb2912c8e8fedbdc5f4f1f5b2ed73cfe0671"),
    ),
    Family(
        "aspnet-sessions", Kind.SESSION, "session state of ASP.NET",
        "Azure/aspnet-redis-providers: src/RedisSessionStateProvider/KeyGenerator.cs",
        (b"{/_jy49iakmq4e0kldrw5n3iu5c}_SessionStateItemCollection", b"{/_ngrs8fg9hidv4t4r6l1uy4rf}_SessionTimeout",
         b"{/intranet_qchji43gkbz2jqp44b9apgwh}_SessionStateItemCollection",
         b"{/intranet_995go6c495ewfyu0oqrahc6t}_WriteLock"),
    ),
    Family(
        "scs-sessions", Kind.SESSION, "SCS, sessions for Go",
        "alexedwards/scs: redisstore/redisstore.go, data.go",
        (b"scs:session:oEsO05h_7lBQqfEdzjVJzMpn1fYCRyrqpgPm-u1Z9k1",
         b"scs:session:vdk5f2nGNvn2a7AH1xxVGj6dQrR4xKwXcFn1z6iQRlu",
         b"scs:session:TYKD3HJ3vJVAsLf9PunlCmjzNKZNNHLFriCv_FXVKkQ"),
    ),
    Family(
        "gorilla-sessions", Kind.SESSION, "sessions of the Gorilla toolkit for Go",
        "boj/redistore: redistore.go",
        (b"session_U6ZEQNU5QCNLXGWH4OIRURVTT5U3B5QVYIT6P7PWHB3RCECJDVOS",
         b"session_QYHUCAPSV3R47A42NBJU3PZOME6I66UA4RGWXSXAQVSRMX5G7EN5",
         b"session_4NXWBNSUDEFVEMDNNR4U6CUZB52BOE2VMEWUWY6MSOKVF2RKRV2H"),
    ),
    Family(
        "oauth2-proxy", Kind.SESSION, "sessions of OAuth2 Proxy",
        "oauth2-proxy/oauth2-proxy: pkg/sessions/persistence/ticket.go",
        (b"_oauth2_proxy-5766ccf58e999e6eb6101852dc5cecfe", b"_oauth2_proxy-f22b3ac24f2aaa13f50040b66dc3a296",
         b"_oauth2_proxy-eddcec6d55480d0b5819f9f6b954457d"),
    ),
    Family(
        "sa-token", Kind.SESSION, "logins of Sa-Token",
        "dromara/Sa-Token: .../stp/StpLogic.java",
        (b"satoken:login:token:22e256cf-f92b-4b10-a3dd-e830524fa2a6",
         b"satoken:login:token:ba5323a5-50b8-4d3a-9ee1-e7f182657c39", b"satoken:login:session:10042",
         b"satoken:login:last-active:609ec7bc-62ce-4924-96ad-601c4f187128"),
    ),
    Family(
        "auth-js", Kind.SESSION, "users and sessions of Auth.js",
        "nextauthjs/next-auth: packages/adapter-upstash-redis/src/index.ts",
        (b"user:b7e84d64-df2f-43d1-ad9e-d2f2569ba20f", b"user:session:1c1c5cc3-c9b1-42a7-81e3-8524e6a4a077",
         b"user:session:by-user-id:7598d93f-0e34-4be2-a2f3-0da4e7f6df24", b"user:account:github:4821903",
         b"user:email:erin@example.org"),
    ),
    Family(
        "django-cache", Kind.CACHE, "Django's cache: prefix, version, key",
        "django/django: django/core/cache/backends/base.py, utils.py",
        (b":1:catalogue.category.42", b":1:template.cache.sidebar.ee3f913e194351e2605979a67e3a47e0",
         b":1:user_profile_1042", b"intranet:1:menu-en"),
    ),
    Family(
        "rails-cache", Kind.CACHE, "Rails: records and fragments",
        "rails/rails: .../caching/fragments.rb, activerecord/lib/active_record/integration.rb",
        (b"views/products/show:44ed82c864863d4820cbfa3e4f606e6f/products/42",
         b"views/layouts/_footer:451274ffa3c72e3f921b6ebaf982306d", b"products/42-20261124093015120000",
         b"users/1042/permissions"),
    ),
    Family(
        "laravel-cache", Kind.CACHE, "Laravel's cache",
        "laravel/laravel: config/cache.php, database.php; laravel/framework: .../Cache/RedisStore.php",
        (b"laravel_database_laravel_cache_:users.42",
         b"laravel_database_laravel_cache_59a9133ae2e7a72846542ee94a5902a3ed5c2a64",
         b"laravel-database-laravel-cache-settings", b"laravel_cache:menu.en"),
    ),
    Family(
        "spring-cache", Kind.CACHE, "Spring's cache: name and key",
        "spring-projects/spring-data-redis: .../redis/cache/CacheKeyPrefix.java",
        (b"products::42", b"userDetails::carol", b"exchangeRates::EUR", b"priceLists::SimpleKey [42,eu]"),
    ),
    Family(
        "wordpress-cache", Kind.CACHE, "the object cache of WordPress",
        "rhubarbgroup/redis-cache: includes/object-cache.php",
        (b"wp:options:alloptions", b"wp:post_meta:1042", b"wp:terms:17",
         b"blogwp:transient:feed_ccadb9f79d9f4bb837c0c60a0eb3a11e"),
    ),
    Family(
        "magento-cache", Kind.CACHE, "Magento's cache",
        "colinmollenhour/Cm_Cache_Backend_Redis: Cm/Cache/Backend/Redis.php",
        (b"zc:k:5f1_LAYOUT_FRONTEND_STORE1_2", b"zc:k:5f1_CBC9DAE633A24F709007851602980C7D19369541",
         b"zc:ti:5f1_CONFIG", b"zc:tags"),
    ),
    Family(
        "drupal-cache", Kind.CACHE, "Drupal: prefix, bin, key",
        "md-systems/redis: src/Cache/CacheBase.php, src/RedisPrefixTrait.php",
        (b"intranet:cache_render:entity_view:node:42:teaser", b"intranet:cache_config:system.site",
         b"intranet:lock:cron", b"museum:cache_page:https://museum.example/visit:html"),
    ),
    Family(
        "typo3-cache", Kind.CACHE, "TYPO3's cache",
        "TYPO3/typo3: typo3/sysext/core/Classes/Cache/Backend/RedisBackend.php",
        (b"identData:8b7b6407fce9aeb4bd7fd1a92baa0170bde01591", b"identData:048605022328cc2627c0b411304512e884a345d6",
         b"identTags:a9ad7650b3c04790eb16d05a1a68f92fc789675f", b"tagIdents:pageId_42"),
    ),
    Family(
        "symfony-cache", Kind.CACHE, "Symfony's cache: a hash of the pool, and the key",
        "symfony/symfony: .../Cache/Traits/AbstractAdapterTrait.php, .../CachePoolPass.php",
        (b"Xy3-kQ+9aZ:app.product.42", b"Xy3-kQ+9aZ:menu_en", b"0pWv-8LrTe:translations.de",
         b"0pWv-8LrTe:0b8df2a92d80987080eb2f7d715e60d7f7dcda1b"),
    ),
    Family(
        "flask-caching", Kind.CACHE, "Flask-Caching",
        "pallets-eco/flask-caching: src/flask_caching/__init__.py",
        (b"flask_cache_view//products/42", b"flask_cache_view//about", b"flask_cache_catalogue.load_menu_memver",
         b"flask_cache_l5uy2udY-ndlMLm4"),
    ),
    Family(
        "gitlab-cache", Kind.CACHE, "GitLab's cache",
        "gitlabhq/gitlabhq: lib/gitlab/redis/cache.rb",
        (b"cache:gitlab:projects/42/commit_count", b"cache:gitlab:merge_request:17:diff_stats",
         b"cache:gitlab:avatar:erin@example.org"),
    ),
    Family(
        "go-zero-cache", Kind.CACHE, "rows that go-zero keeps",
        "zeromicro/go-zero: tools/goctl/model/mongo/template/model.tpl, tools/goctl/model/sql/README.MD",
        (b"cache:user:id:1042", b"cache:order:id:77120", b"cache:user:mobile:4915550100"),
    ),
    Family(
        "registry-cache", Kind.CACHE, "the container registry of Distribution",
        "distribution/distribution: registry/storage/cache/redis/redis.go",
        (b"blobs::sha256:6e97e9b7eadb73d44122e22e27c7cd46fec68b024db787eaf05c2b2a2cbbb199",
         b"repository::team/web::blobs",
         b"repository::team/web::blobs::sha256:56ce3d37b1ae064b5cb7e5b8d38d3b38125de15af710bed1c6f65e53874b6bd1"),
    ),
    Family(
        "aiocache", Kind.CACHE, "aiocache for Python: the function and its arguments",
        "aio-libs/aiocache: aiocache/decorators.py",
        (b"app.catalogueload_product(42, 'eu')[]", b"app.pricesquote('EUR', 'USD')[('day', 4)]",
         b"__main__fetch_user(1042,)[]"),
    ),
    Family(
        "http-answers", Kind.CACHE, "answers that Apollo's data sources keep: method and URL",
        "apollographql/datasource-rest: src/HTTPCache.ts, RESTDataSource.ts",
        (b"httpcache:GET https://api.example.com/v1/users/42",
         b"httpcache:GET https://api.example.com/v1/orders?page=2",
         b"httpcache:HEAD https://media.example.net/cover.png"),
    ),
    Family(
        "thanos-index", Kind.CACHE, "the index cache of Thanos",
        "thanos-io/thanos: pkg/store/cache/cache.go",
        (b"P:01JCFWVWC9K2BAWGJFRQ3NP075:mKU1gIgD93P04LWWMwuIkPvsTm6J7kJLUw-cNQeDvUj",
         b"P:01JCPYVFBEHEBFTKZYNNG0DH6E:RIk5eaWPYuXPl8SUEnSFpIHJSwaUYQ0XTr1fX5rAPRM:dss",
         b"EP:01JCQP1052QCP8NXFTB75G1BHJ:kEQBhdbV1fqO5WKCSOgwBgD83_K69_HXTI2JcbKvDlQ",
         b"S:01JCB36Q7NKP4VS3VZV18EYXJZ:182734"),
    ),
    Family(
        "abp-cache", Kind.CACHE, "the ABP framework for .NET",
        "abpframework/abp: .../Abp/Caching/DistributedCacheKeyNormalizer.cs",
        (b"c:Catalogue.Products.ProductCacheItem,k:42", b"c:Volo.Abp.SettingManagement.Setting,k:n:Mailing.From",
         b"t:aa674107-4ad4-4e7a-badb-d6496fedeafb,c:Catalogue.Menu,k:main"),
    ),
    Family(
        "celery-results", Kind.QUEUE, "results of Celery's tasks",
        "celery/celery: celery/backends/base.py",
        (b"celery-task-meta-6c22f546-c874-4523-9eb8-58454ea23493",
         b"celery-task-meta-8bb50c5e-145b-40df-b9fe-cff083a7feed",
         b"celery-task-meta-e66d2198-e917-475d-9a29-f7b02942e45f",
         b"celery-taskset-meta-2b435461-1d59-4f27-b50e-2aded6f8128b"),
    ),
    Family(
        "kombu", Kind.QUEUE, "Celery's broker: queues, bindings, what is not acknowledged",
        "celery/kombu: kombu/transport/redis.py",
        (b"_kombu.binding.celery", b"_kombu.binding.thumbnails", b"unacked", b"unacked_index", b"thumbnails\x06\x163"),
    ),
    Family(
        "rq", Kind.QUEUE, "RQ",
        "rq/rq: rq/job.py, queue.py, registry.py",
        (b"rq:job:4f39602d-7ec1-4415-a860-e3a14e35135d", b"rq:job:f3cf9735-05c5-4fa0-8d2e-a12b59403327",
         b"rq:queue:default", b"rq:finished:default", b"rq:worker:e34087b871311b7928aa8e872f2fad0b"),
    ),
    Family(
        "bullmq", Kind.QUEUE, "Bull and BullMQ",
        "taskforcesh/bullmq: src/classes/queue-keys.ts; OptimalBits/bull: lib/queue.js",
        (b"bull:emails:1042", b"bull:emails:1043", b"bull:emails:completed", b"bull:transcode:meta",
         b"bull:transcode:events"),
    ),
    Family(
        "sidekiq", Kind.QUEUE, "Sidekiq",
        "sidekiq/sidekiq: lib/sidekiq/api.rb, launcher.rb",
        (b"queue:default", b"queue:mailers", b"stat:processed", b"stat:failed:2026-11-24", b"processes"),
    ),
    Family(
        "resque", Kind.QUEUE, "Resque",
        "resque/resque: lib/resque.rb, lib/resque/data_store.rb",
        (b"resque:queue:mailers", b"resque:worker:web-1:4711:mailers", b"resque:stat:processed", b"resque:failed"),
    ),
    Family(
        "asynq", Kind.QUEUE, "Asynq",
        "hibiken/asynq: internal/base/base.go",
        (b"asynq:{default}:t:031237d2-b5d8-46e0-b1fc-d231ce6c7495",
         b"asynq:{default}:t:97cb193c-9ccd-4cb2-bf65-980bc0addee0", b"asynq:{default}:pending",
         b"asynq:{critical}:scheduled", b"asynq:queues"),
    ),
    Family(
        "hangfire", Kind.QUEUE, "Hangfire",
        "marcoCasamento/Hangfire.Redis.StackExchange: .../RedisStorageOptions.cs, RedisConnection.cs",
        (b"{hangfire}:job:75cdbf8d-c9e4-473b-a9f7-15e628441ddf",
         b"{hangfire}:job:f4863b0f-c39a-4e8d-b7ae-54f3a149a2ef:state", b"{hangfire}:queue:default",
         b"{hangfire}:stats:succeeded:2026-11-24"),
    ),
    Family(
        "dramatiq", Kind.QUEUE, "Dramatiq",
        "Bogdanp/dramatiq: dramatiq/brokers/redis/dispatch.lua",
        (b"dramatiq:default", b"dramatiq:default.msgs", b"dramatiq:default.DQ",
         b"dramatiq:__acks__.014f4aa6-d9a5-4acb-8f1d-173a98e85f5c.default"),
    ),
    Family(
        "huey", Kind.QUEUE, "Huey",
        "coleifer/huey: huey/storage.py",
        (b"huey.redis.newsletter", b"huey.results.newsletter", b"huey.schedule.newsletter"),
    ),
    Family(
        "arq", Kind.QUEUE, "arq",
        "python-arq/arq: arq/constants.py",
        (b"arq:job:7d0959028f8d002bec33e8bb38544c8e", b"arq:result:e3879a2ee0c1e46d42c2db822e470f51",
         b"arq:in-progress:537270ed00e9d2f64c4d3f07515bed07", b"arq:queue"),
    ),
    Family(
        "laravel-queues", Kind.QUEUE, "Laravel's queues and Horizon",
        "laravel/framework: .../Queue/RedisQueue.php; laravel/horizon: config/horizon.php",
        (b"laravel_database_queues:default", b"laravel_database_queues:emails:reserved",
         b"laravel-database-queues:default:notify", b"laravel_horizon:recent_jobs"),
    ),
    Family(
        "django-channels", Kind.QUEUE, "groups and channels of Django Channels",
        "django/channels_redis: channels_redis/core.py",
        (b"asgi:group:chat_room_42", b"asgi:group:user.1042", b"asgispecific.6de5a8a56c4595e1d318e7263fd80759!"),
    ),
    Family(
        "message-bus", Kind.QUEUE, "the message bus of Discourse",
        "discourse/message_bus: lib/message_bus/backends/redis.rb",
        (b"__mb_backlog_n_/topic/42", b"__mb_backlog_id_n_/topic/42", b"__mb_global_backlog_n"),
    ),
    Family(
        "conductor", Kind.QUEUE, "workflows of Conductor",
        "conductor-oss/conductor: .../redis/dao/BaseDynoDAO.java, RedisExecutionDAO.java",
        (b"conductor.test.WORKFLOW.9bd4f8ec-b555-4224-ad24-8ba8a3519de6",
         b"conductor.test.TASK.ca8482df-db8c-4c8a-aac3-ee3b84d24aa6",
         b"conductor.test.WORKFLOW_TO_TASKS.8b09a3be-c0a3-4d68-b665-eb302f246581",
         b"conductor.test.PENDING_WORKFLOWS.ship_order"),
    ),
    Family(
        "scrapy-redis", Kind.QUEUE, "Scrapy-Redis: what each spider has to do",
        "rmax/scrapy-redis: src/scrapy_redis/defaults.py",
        (b"quotes:requests", b"quotes:dupefilter", b"quotes:items"),
    ),
    Family(
        "python-redis-lock", Kind.LOCK, "python-redis-lock",
        "ionelmc/python-redis-lock: src/redis_lock/__init__.py",
        (b"lock:invoice:1042", b"lock:nightly-report", b"lock-signal:invoice:1042"),
    ),
    Family(
        "shedlock", Kind.LOCK, "ShedLock",
        "lukas-krecan/ShedLock: .../redis/support/InternalRedisLockProvider.java",
        (b"job-lock:default:closeTheBooks", b"job-lock:default:sendReminders", b"job-lock:staging:rebuildIndex"),
    ),
    Family(
        "sidekiq-unique-jobs", Kind.LOCK, "Sidekiq Unique Jobs",
        "mhenrixon/sidekiq-unique-jobs: lib/sidekiq_unique_jobs/key.rb, lock_digest.rb",
        (b"uniquejobs:650a14620d8bf9fe02bba3bb831bf77d", b"uniquejobs:c598ceeef1963f77f8a169e0f72a873e:LOCKED",
         b"uniquejobs:digests"),
    ),
    Family(
        "redisson", Kind.LOCK, "what Redisson keeps beside locks and maps",
        "redisson/redisson: .../RedissonFairLock.java, RedissonMapCache.java, RedissonObject.java",
        (b"redisson_lock_queue:{stock:42}", b"redisson_lock_timeout:{stock:42}", b"redisson__timeout__set:{prices}",
         b"{prices}:redisson_options"),
    ),
    Family(
        "seata", Kind.LOCK, "locks and transactions of Seata",
        "apache/incubator-seata: .../RedisKeyConstants.java, RedisTransactionStoreManager.java",
        (b"SEATA_ROW_LOCK_jdbc:mysql://10.0.0.8:3306/orders^^^lines^^^42", b"SEATA_GLOBAL_2612345678901234567",
         b"SEATA_BRANCH_2612345678901234568", b"SEATA_BEGIN_TRANSACTIONS"),
    ),
    Family(
        "rate-limiter-flexible", Kind.LIMIT, "rate-limiter-flexible for Node",
        "animir/node-rate-limiter-flexible: lib/RateLimiterAbstract.js",
        (b"rlflx:203.0.113.9", b"rlflx:1042", b"rlflx:login_erin_198.51.100.7"),
    ),
    Family(
        "express-rate-limit", Kind.LIMIT, "express-rate-limit",
        "express-rate-limit/rate-limit-redis: source/lib.ts",
        (b"rl:203.0.113.9", b"rl:198.51.100.7", b"rl:2001:db8::7"),
    ),
    Family(
        "rack-attack", Kind.LIMIT, "Rack::Attack",
        "rack/rack-attack: lib/rack/attack/cache.rb, throttle.rb",
        (b"rack::attack:29926668:req/ip:203.0.113.9", b"rack::attack:29926668:logins/email:erin@example.org",
         b"rack::attack:fail2ban:ban:pentest:198.51.100.7"),
    ),
    Family(
        "flask-limiter", Kind.LIMIT, "Flask-Limiter",
        "alisaifee/limits: limits/limits.py, limits/storage/redis.py",
        (b"LIMITS:LIMITER/203.0.113.9/login/5/1/minute", b"LIMITS:LIMITER/198.51.100.7/search/100/1/hour",
         b"LIMITS:LIMITER/1042/upload/20/1/day"),
    ),
    Family(
        "spring-gateway", Kind.LIMIT, "the request limiter of Spring Cloud Gateway",
        "spring-cloud/spring-cloud-gateway: .../ratelimit/RedisRateLimiter.java",
        (b"request_rate_limiter.{orders.erin}.tokens", b"request_rate_limiter.{orders.erin}.timestamp",
         b"request_rate_limiter.{search.1042}.tokens"),
    ),
    Family(
        "kong", Kind.LIMIT, "Kong's rate limiting",
        "Kong/kong: kong/plugins/rate-limiting/policies/init.lua",
        ((b"ratelimit:10fdd368-a83b-4f90-b767-c5106b6a20eb:0e299726-3838-445f-8cb1-f1368860be8c:"
          b"203.0.113.9:1795600080000:minute"),
         (b"ratelimit:620b5884-fc1c-4308-a916-ee70179ad290:c53c1954-f28a-46ee-9e5c-37b2962b8917:"
          b"198.51.100.7:1795597200000:hour"),
         (b"ratelimit:8f0cb84b-ba09-4946-9641-51e817ca8598:556781d5-8623-4cbe-8e06-f70d4428bfb6:"
          b"team-7:1795564800000:day")),
    ),
    Family(
        "envoy-ratelimit", Kind.LIMIT, "Envoy's rate limit service",
        "envoyproxy/ratelimit: src/limiter/cache_key.go",
        (b"edge_remote_address_203.0.113.9_1795600080", b"edge_path_/login_1795600080",
         b"mail_sender_erin_recipients_1795597200"),
    ),
    Family(
        "django-throttle", Kind.LIMIT, "throttles of Django REST framework",
        "encode/django-rest-framework: rest_framework/throttling.py",
        (b":1:throttle_anon_203.0.113.9", b":1:throttle_user_1042", b":1:throttle_uploads_77"),
    ),
    Family(
        "ip-counters", Kind.LIMIT, "a counter for each address, as the documentation of INCR has it",
        "valkey-io/valkey-doc: commands/incr.md",
        (b"203.0.113.9:1795600080", b"198.51.100.7:1795600081", b"192.0.2.33"),
    ),
    Family(
        "haraka", Kind.LIMIT, "limits of the mail server Haraka: addresses and hosts",
        "haraka/haraka-plugin-limit: index.js",
        (b"rate_rcpt_sender:erin@example.org", b"rate_rcpt:frank@example.net", b"rate_conn:203.0.113.9",
         b"rate_rcpt_host:mx1.example.net"),
    ),
    Family(
        "documentation", Kind.RECORD, "type, id and field, as the documentation advises",
        "valkey-io/valkey-doc: topics/keyspace.md",
        (b"user:1042:profile", b"user:1042:followers", b"comment:771:reply.to", b"order:20417",
         b"product:42:stock-level"),
    ),
    Family(
        "hash-tags", Kind.RECORD, "hash tags, as the documentation of clusters has them",
        "valkey-io/valkey-doc: topics/cluster-spec.md",
        (b"{user1042}.following", b"{user1042}.followers", b"{order:771}.lines", b"{tenant-3}:settings"),
    ),
    Family(
        "spring-repositories", Kind.RECORD, "repositories of Spring Data",
        "spring-projects/spring-data-redis: .../core/RedisKeyValueAdapter.java, IndexWriter.java",
        (b"people:0b8d14b2-ccd8-42cc-af21-6b5779fb0298", b"people:4a55dfcf-4277-4c0f-91ae-88f8bedcb0d7:idx",
         b"people:lastname:doe", b"invoices:ce77e249-27cb-45fe-b3f1-cf4949a86071"),
    ),
    Family(
        "redis-om", Kind.RECORD, "Redis OM for Python",
        "redis/redis-om-python: aredis_om/model/model.py",
        (b":app.models.Customer:01JC4FCS5GABPDBSWCE7SE9W12", b":app.models.Customer:01JC9XVE9BQMFEEX4CHS14A3NY",
         b":__main__.Invoice:01JC72PZH9QM82B3V1XF426F4P"),
    ),
    Family(
        "ohm", Kind.RECORD, "Ohm for Ruby",
        "soveran/ohm: lib/ohm.rb",
        (b"User:42", b"User:indices:name:Erin", b"Product:17:counters", b"Order:all"),
    ),
    Family(
        "mastodon", Kind.RECORD, "feeds of Mastodon",
        "mastodon/mastodon: app/lib/feed_manager.rb",
        (b"feed:home:110412", b"feed:list:88", b"feed:home:110412:reblogs", b"subscribed:timeline:110412"),
    ),
    Family(
        "nodebb", Kind.RECORD, "NodeBB",
        "NodeBB/NodeBB: src/user/auth.js, src/topics/data.js, src/analytics.js",
        (b"uid:42:sessions", b"topic:771", b"tid:771:posts", b"cid:3:pids", b"analytics:pageviews:month"),
    ),
    Family(
        "chatwoot", Kind.RECORD, "Chatwoot: upper case and double colons",
        "chatwoot/chatwoot: lib/redis/redis_keys.rb",
        (b"CONVERSATION::4711::MUTED", b"ONLINE_PRESENCE::12::USERS", b"ROUND_ROBIN_AGENTS:7",
         b"OUTBOUND_EMAIL_COUNT::12::2026-11-24"),
    ),
    Family(
        "aiogram", Kind.RECORD, "dialogues of Telegram bots written with aiogram",
        "aiogram/aiogram: aiogram/fsm/storage/base.py",
        (b"fsm:812345678:812345678:state", b"fsm:812345678:812345678:data", b"fsm:-1001844120077:812345678:data"),
    ),
    Family(
        "eshop-baskets", Kind.RECORD, "baskets of the eShop reference application: a path",
        "dotnet/eShop: src/Basket.API/Repositories/RedisBasketRepository.cs",
        (b"/basket/6fcde99f-4a65-4855-a106-81268eefb643", b"/basket/dfda7924-88b9-4b5d-86d0-2250d1cd84b3",
         b"/basket/7bcdd654-4590-4764-b82e-a40340afc0e1"),
    ),
    Family(
        "constance", Kind.RECORD, "settings of django-constance",
        "jazzband/django-constance: constance/settings.py, constance/backends/redisd.py",
        (b"constance:SITE_NAME", b"constance:MAX_UPLOAD_MB", b"constance:MAINTENANCE"),
    ),
    Family(
        "rollout", Kind.RECORD, "feature switches of rollout",
        "fetlife/rollout: lib/rollout.rb",
        (b"feature:new_checkout", b"feature:dark_mode", b"feature:__features__"),
    ),
    Family(
        "sentry-buffers", Kind.RECORD, "counts that Sentry collects",
        "getsentry/sentry: src/sentry/buffer/redis.py",
        (b"b:k:sentry.group:501e6c75fdf8cf684795061d38e2dd0c", b"b:k:sentry.project:9836a529a8f18a452b7ed7ab81c7b6ae",
         b"b:p:3", b"l:b:k:sentry.group:2bb4db0ad95871c81995a009ca9726b0"),
    ),
    Family(
        "chat-histories", Kind.RECORD, "chat histories of LangChain",
        "langchain-ai/langchain-community: .../chat_message_histories/redis.py",
        (b"message_store:52931eca-7266-4ed1-9b65-c633b2a9ed74", b"message_store:5e751b34-2cbf-4edf-8474-4d7fceabb4f4",
         b"message_store:user-1042"),
    ),
    Family(
        "period-counters", Kind.RECORD, "a counter for each day or hour, as the documentation of bitmaps has it",
        "valkey-io/valkey-doc: topics/bitmaps.md",
        (b"pings:2026-11-24-00:00", b"signups:2026-11-24", b"visitors:2026-W48", b"2026:11:24:hits"),
    ),
    Family(
        "uuids", Kind.PLAIN, "a UUID alone: sagas of MassTransit, sessions of ASP.NET Core",
        "MassTransit/MassTransit: .../RedisSagaRepositoryOptions.cs; dotnet/aspnetcore: .../SessionMiddleware.cs",
        (b"33426956-7582-4c09-aaeb-6980a7689cfd", b"6313a16d-dc2b-4e16-b60e-7bf5e32ffe78",
         b"9db3991a-0c99-47e3-860d-0278771494e1"),
    ),
    Family(
        "digests", Kind.PLAIN, "a digest alone: Yii's cache, LangChain's cache",
        "yiisoft/yii2: framework/caching/Cache.php; langchain-ai/langchain-community: .../cache.py",
        (b"41f8ba492d93775b0eb5344dbbbde384", b"87202ae1049e8f88542341336be5d806", b"5f7a01fdf9a46e670eec9abf8cd964f4",
         b"7d1ba9b79c14b96b5a0f1236ac4cc027"),
    ),
    Family(
        "random-ids", Kind.PLAIN, "a random id alone: sessions of tower-sessions and Actix",
        "maxcountryman/tower-sessions: .../session.rs; actix/actix-extras: actix-session/src/storage/utils.rs",
        (b"2b-8XWafG1m5saVL3YkCEz", b"sUIJeUXOZ2sVgR1gmqfT8M",
         b"d6EKGH4KucaZQUxGoJPX7Pg6amUXKDuXAbZcrgWESs5WK2W6RiKZO3nPUKUhjoMd",
         b"0EMM4eRQsn3ZJyNyFGaTvHCljNznSI3ICNeUXwOSMdlfUS6QobozcleYG9IV0H5G"),
    ),
    Family(
        "numbers", Kind.PLAIN, "a number alone: sessions of Telegram bots written with grammY",
        "grammyjs/grammY: src/convenience/session.ts",
        (b"812345678", b"7301145520", b"-1001844120077"),
    ),
    Family(
        "object-ids", Kind.PLAIN, "ids of MongoDB: Apollo's data source",
        "GraphQLGuide/apollo-datasource-mongodb: src/cache.js",
        (b"mongo-users-4ec7042ec079b52f6c795125", b"mongo-orders-6565a3fd1b5577373e74124d",
         b"mongo-articles-c91e7344777a4aa3dbfa0ba1"),
    ),
    Family(
        "url-paths", Kind.PLAIN, "a URL's path alone: apicache, NestJS",
        "kwhitley/apicache: src/apicache.js; nestjs/cache-manager: lib/interceptors/cache.interceptor.ts",
        (b"/api/products?page=2", b"/articles/2026/11/rain", b"/search?q=red%20shoes&sort=price"),
    ),
    Family(
        "words", Kind.PLAIN, "one word, as in the documentation's examples",
        "valkey-io/valkey-doc: topics/cli.md, indexing.md",
        (b"mylist", b"mycounter", b"leaderboard", b"visits"),
    ),
    Family(
        "java-objects", Kind.PLAIN, "serialized Java strings: RedisTemplate of Spring as it comes",
        "spring-projects/spring-data-redis: .../redis/core/RedisTemplate.java",
        (b"\xac\xed\x00\x05t\x00\x09user:1042", b"\xac\xed\x00\x05t\x00\x0cexchangeRate",
         b"\xac\xed\x00\x05t\x00\x08token-77"),
    ),
)
# fmt: on
"""The table, in the order of `Kind`."""


def families_reached(patterns: Collection[bytes]) -> tuple[Family, ...]:
    """The families of which a union of patterns matches more than half of the samples, in the table's order.

    It takes a few microseconds per byte of the patterns at most, and half a microsecond per pattern that begins as no
    sample does.
    """
    matched = 0
    for found in _samples_matched(patterns, _free):
        matched |= found
    return _reached(matched)


def families_missed(patterns: Collection[bytes]) -> tuple[Family, ...]:
    """The other families."""
    reached = {family.id for family in families_reached(patterns)}
    return tuple(family for family in FAMILIES if family.id not in reached)


def reaches_most_conventions(patterns: Collection[bytes], effort: Effort) -> Reach:
    """Whether a union of patterns reaches at least half of the families.

    :returns: UNDECIDED when the bound on the work was hit before half of them were reached.
    """
    matched = 0
    try:
        for found in _samples_matched(patterns, effort.spend):
            if found & ~matched:
                matched |= found
                effort.spend(_COUNT_COST)
                if 2 * len(_reached(matched)) >= len(FAMILIES):
                    return Reach.YES
    except EffortSpentError:
        return Reach.UNDECIDED
    return Reach.NO


class _Layout(NamedTuple):
    """All samples behind one another in one integer.

    A sample of n bytes takes n + 2 bits: bit i stands for "i bytes are consumed", and the last is a guard that is
    never set in a set of states. So one shift or one subtraction moves the states of all samples at once.
    """

    starts: int
    ends: int
    guards: int
    states: int
    """All bits but the guards."""
    places: dict[int, int]
    """For each class of one byte, and that of any: the states from which such a byte can be consumed."""
    families: tuple[int, ...]
    """The ends of each family's samples."""


@lru_cache(maxsize=1)
def _layout() -> _Layout:
    starts = ends = guards = position = 0
    bits_in_all = sum(len(sample) + 2 for family in FAMILIES for sample in family.samples)
    rows = [bytearray(bits_in_all // 8 + 1) for _ in range(256)]  # setting a bit there does not copy the whole
    families = []
    for family in FAMILIES:
        ends_before = ends
        for sample in family.samples:
            for place, byte in enumerate(sample, position):
                rows[byte][place >> 3] |= 1 << (place & 7)
            starts |= 1 << position
            position += len(sample) + 2
            ends |= 1 << position - 2
            guards |= 1 << position - 1
        families.append(ends ^ ends_before)
    states = (1 << position) - 1 ^ guards
    places = {1 << byte: int.from_bytes(row, "little") for byte, row in enumerate(rows)} | {ANY: states ^ ends}
    return _Layout(starts, ends, guards, states, places, tuple(families))


@lru_cache(maxsize=1)
def _sorted_samples() -> list[bytes]:
    """All samples, and behind them an empty one, which begins as no pattern of more does."""
    return [*sorted(sample for family in FAMILIES for sample in family.samples), b""]


def _samples_matched(patterns: Collection[bytes], spend: Callable[[float], None]) -> Iterator[int]:
    """For each pattern that may match a sample, the ends of the samples that it matches.

    :param spend: takes the work on account; what it raises ends the iteration.
    """
    samples = _sorted_samples()
    places: dict[int, int] = {}
    for pattern in patterns:
        spend(_HEAD_COST)
        head = pattern[: _plain_length(pattern)]
        if samples[bisect_left(samples, head, hi=len(samples) - 1)].startswith(head):
            spend(_PATTERN_COST + len(pattern) / _BYTES_A_STEP)
            layout = _layout()
            places = places or dict(layout.places)
            yield _ends_matched(compile_glob(pattern), layout, places, spend)


_SPECIAL: Final = b"*?[\\"
_WITHOUT_SPECIAL: Final = bytes(byte for byte in range(256) if byte not in _SPECIAL)


def _plain_length(pattern: bytes) -> int:
    """How many bytes of a pattern stand before the first special one."""
    return len(pattern) - len(pattern.lstrip(_WITHOUT_SPECIAL))


def _ends_matched(glob: Glob, layout: _Layout, places: dict[int, int], spend: Callable[[float], None]) -> int:
    """Walk all samples at once, until the pattern ends or no sample can go on.

    :param places: those of the layout and of the classes met so far; added to.
    """
    states = layout.starts
    walked = 0.0
    for star, found in zip(glob.stars, glob.classes, strict=False):
        if star:
            states = _and_all_after(states, layout)
            walked += _STAR_COST
        if found not in places:
            spend(_CLASS_COST)
            places[found] = _places_of(found, layout)
        states = (states & places[found]) << 1
        walked += 1
        if not states:
            break
    spend(walked)
    if glob.stars[-1]:
        states = _and_all_after(states, layout)
    return states & layout.ends


def _and_all_after(states: int, layout: _Layout) -> int:
    """In each sample the first of the states and all after it.

    A guard minus them is their two's complement, whose only bit in common with them is the first, and which has all
    the bits after that one that they lack.
    """
    return (layout.guards - states | states) & layout.states


def _places_of(found: int, layout: _Layout) -> int:
    """The states from which a byte of a class can be consumed."""
    if found.bit_count() > _HALF:
        return layout.places[ANY] ^ _places_of(ANY ^ found, layout)
    return sum(layout.places[1 << byte] for byte in bits(found))


_HALF: Final = 128

# In steps of `Effort`, from measurements. Walking is paid for when it is done, since most patterns die early.
_HEAD_COST: Final = 0.5
_PATTERN_COST: Final = 4
_BYTES_A_STEP: Final = 5
_STAR_COST: Final = 1.5
_CLASS_COST: Final = 10
_COUNT_COST: Final = 20


def _reached(matched: int) -> tuple[Family, ...]:
    """The families of which more than half of the samples have their ends in a set."""
    return tuple(
        family
        for family, ends in zip(FAMILIES, _layout().families, strict=True)
        if 2 * (matched & ends).bit_count() > len(family.samples)
    )


def _free(_steps: float) -> None:
    """No bound on the work."""
