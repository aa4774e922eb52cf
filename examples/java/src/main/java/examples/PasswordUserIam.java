package examples;

import com.pulumi.Context;
import com.pulumi.aws.elasticache.User;
import com.pulumi.aws.elasticache.UserArgs;
import com.pulumi.aws.elasticache.inputs.UserAuthenticationModeArgs;

/** The guide's first user, mended: IAM instead of a password, commands that read, and one name in lower case. */
final class PasswordUserIam {
    static void stack(Context ctx) {
        new User("test", UserArgs.builder()
            .userId("test-user")
            .userName("test-user")
            .accessString("on ~app::* -@all +@read -@keyspace -@dangerous")
            .engine("redis")
            .authenticationMode(UserAuthenticationModeArgs.builder()
                .type("iam")
                .build())
            .build());
    }
}
