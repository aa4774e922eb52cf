package examples;

import com.pulumi.Context;
import com.pulumi.aws.elasticache.User;
import com.pulumi.aws.elasticache.UserArgs;

/** The guide's first user, as it is written there: a password in the program, and names in mixed case. */
final class PasswordUser {
    static void stack(Context ctx) {
        new User("test", UserArgs.builder()
            .userId("testUserId")
            .userName("testUserName")
            .accessString("on ~app::* -@all +@read +@hash +@bitmap +@geo -setbit -bitfield -hset -hsetnx -hmset -hincrby -hincrbyfloat -hdel -bitop -geoadd -georadius -georadiusbymember")
            .engine("redis")
            .passwords("password123456789")
            .build());
    }
}
