package examples;

import com.pulumi.Context;
import com.pulumi.aws.elasticache.User;
import com.pulumi.aws.elasticache.UserArgs;
import com.pulumi.aws.elasticache.inputs.UserAuthenticationModeArgs;

/** The guide's third user, mended: with IAM there is nothing to rotate, since its tokens end after minutes. */
final class TwoPasswordsUserIam {
    static void stack(Context ctx) {
        new User("test", UserArgs.builder()
            .userId("rotation-user")
            .userName("rotation-user")
            .accessString("on ~sessions:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire")
            .engine("redis")
            .authenticationMode(UserAuthenticationModeArgs.builder()
                .type("iam")
                .build())
            .build());
    }
}
