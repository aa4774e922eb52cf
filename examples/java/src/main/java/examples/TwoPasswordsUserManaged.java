package examples;

import com.pulumi.Context;
import com.pulumi.aws.elasticache.User;
import com.pulumi.aws.elasticache.UserArgs;
import com.pulumi.aws.elasticache.inputs.UserAuthenticationModeArgs;
import com.pulumi.core.Output;

/** The guide's third user for teams that keep passwords: both are generated, and replaced one after the other. */
final class TwoPasswordsUserManaged {
    static void stack(Context ctx) {
        var current = new RandomPassword("current", 32);
        var next = new RandomPassword("next", 32);

        new User("test", UserArgs.builder()
            .userId("rotation-user")
            .userName("rotation-user")
            .accessString("on ~sessions:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire")
            .engine("redis")
            .authenticationMode(UserAuthenticationModeArgs.builder()
                .type("password")
                .passwords(Output.all(current.result(), next.result()))
                .build())
            .build());
    }
}
