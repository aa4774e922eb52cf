package examples;

import com.pulumi.Context;
import com.pulumi.aws.elasticache.User;
import com.pulumi.aws.elasticache.UserArgs;
import com.pulumi.aws.elasticache.inputs.UserAuthenticationModeArgs;

/** The guide's third user, as it is written there: two passwords in the program, and every command on every key. */
final class TwoPasswordsUser {
    static void stack(Context ctx) {
        new User("test", UserArgs.builder()
            .userId("testUserId")
            .userName("testUserName")
            .accessString("on ~* +@all")
            .engine("redis")
            .authenticationMode(UserAuthenticationModeArgs.builder()
                .type("password")
                .passwords("password1", "password2")
                .build())
            .build());
    }
}
