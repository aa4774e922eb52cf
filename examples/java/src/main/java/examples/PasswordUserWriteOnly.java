package examples;

import com.pulumi.Context;
import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;

/**
 * The guide's first user for teams that keep passwords: generated, and written to AWS without a way back.
 *
 * <p>The provider takes a write-only password, but com.pulumi:aws 6.83.0, the newest on Maven Central, has no builder
 * for it. So the arguments are written out here; with a newer one, use UserArgs.builder() and its passwordsWo.
 */
final class PasswordUserWriteOnly {
    static void stack(Context ctx) {
        var password = new RandomPassword("password", 32);

        var args = new ResourceArgs() {
            @Import
            private final Output<String> userId = Output.of("test-user");
            @Import
            private final Output<String> userName = Output.of("test-user");
            @Import
            private final Output<String> accessString =
                Output.of("on ~app::* -@all +@read -@keyspace -@dangerous");
            @Import
            private final Output<String> engine = Output.of("redis");
            @Import
            private final Output<String> passwordsWo = password.result();
            @Import
            private final Output<Integer> passwordsWoVersion = Output.of(1);
        };
        var options = CustomResourceOptions.builder().version("7.51.1").build();
        new CustomResource("aws:elasticache/user:User", "test", args, options);
    }
}
