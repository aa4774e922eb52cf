package examples;

import com.pulumi.Context;
import com.pulumi.aws.elasticache.User;
import com.pulumi.aws.elasticache.UserArgs;
import com.pulumi.aws.elasticache.inputs.UserAuthenticationModeArgs;

/** The guide's second user, mended: its own keys, commands that read and write them, and one name in lower case. */
final class IamUserScoped {
    static void stack(Context ctx) {
        new User("test", UserArgs.builder()
            .userId("test-user")
            .userName("test-user")
            .accessString("on ~app:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire")
            .engine("redis")
            .authenticationMode(UserAuthenticationModeArgs.builder()
                .type("iam")
                .build())
            .build());
    }
}
