package examples;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Export;
import com.pulumi.core.annotations.Import;
import com.pulumi.core.annotations.ResourceType;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;

/**
 * A generated password, as the random provider makes it. Maven Central has no com.pulumi:random: `pulumi package add
 * random` generates one, of which these examples need no more than this.
 */
@ResourceType(type = "random:index/randomPassword:RandomPassword")
final class RandomPassword extends CustomResource {
    @Export(name = "result", refs = {String.class}, tree = "[0]")
    private Output<String> result;

    RandomPassword(String name, int length) {
        super("random:index/randomPassword:RandomPassword", name, new Args(length), CustomResourceOptions.Empty);
    }

    /** The password: a secret, and unknown until it exists. */
    Output<String> result() {
        return result;
    }

    private static final class Args extends ResourceArgs {
        @Import(name = "length", required = true)
        private final Output<Integer> length;

        @Import(name = "special")
        private final Output<Boolean> special = Output.of(false);

        private Args(int length) {
            this.length = Output.of(length);
        }
    }
}
