package examples;

import com.google.gson.Gson;
import com.pulumi.Context;
import com.pulumi.automation.AutomationException;
import com.pulumi.automation.LocalWorkspace;
import com.pulumi.automation.LocalWorkspaceOptions;
import com.pulumi.automation.PreviewOptions;
import com.pulumi.automation.events.EngineEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Previews the examples with a policy pack: PACK EXAMPLE CONFIG [EXAMPLE CONFIG]…, "" for no config. Writes a line of
 * JSON for each thing that a policy reported, for the user's inputs and for each error.
 */
final class Run {
    private static final Map<String, Consumer<Context>> EXAMPLES = Map.of(
        "password-user", PasswordUser::stack,
        "password-user-iam", PasswordUserIam::stack,
        "password-user-write-only", PasswordUserWriteOnly::stack,
        "iam-user", IamUser::stack,
        "iam-user-scoped", IamUserScoped::stack,
        "two-passwords-user", TwoPasswordsUser::stack,
        "two-passwords-user-iam", TwoPasswordsUserIam::stack,
        "two-passwords-user-managed", TwoPasswordsUserManaged::stack);

    public static void main(String[] arguments) throws Exception {
        for (int i = 1; i + 1 < arguments.length; i += 2) {
            preview(arguments[0], arguments[i], arguments[i + 1]);
        }
    }

    private static void preview(String pack, String example, String config) throws Exception {
        // The builder's policyPackConfigs makes a flag that the CLI does not know (com.pulumi:pulumi 1.36.1).
        var settings = LocalWorkspaceOptions.builder()
            .environmentVariables(config.isEmpty() ? Map.of() : Map.of("PULUMI_OPTION_POLICY_PACK_CONFIG", config))
            .build();
        var blocked = new AtomicBoolean();
        try (var stack = LocalWorkspace.createStack(example, "prod", EXAMPLES.get(example), settings)) {
            stack.preview(PreviewOptions.builder()
                .policyPacks(List.of(pack))
                .onEvent(event -> report(example, event, blocked))
                .build());
        } catch (AutomationException error) {
            // A preview that a policy blocks ends as one that fails does.
            if (!blocked.get()) {
                throw error;
            }
        }
    }

    private static void report(String example, EngineEvent event, AtomicBoolean blocked) {
        var reported = event.policyEvent();
        if (reported != null) {
            blocked.compareAndSet(false, reported.enforcementLevel().equals("mandatory"));
            tell(example, Map.of(
                "policy", reported.policyName(),
                "level", reported.enforcementLevel(),
                "message", reported.message()));
        }
        var step = event.resourcePreEvent();
        if (step != null && step.metadata().type().equals("aws:elasticache/user:User")) {
            tell(example, Map.of("inputs", step.metadata().new_().inputs()));
        }
        var told = event.diagnosticEvent();
        if (told != null && told.severity().equals("error")) {
            tell(example, Map.of("error", told.message()));
        }
    }

    private static void tell(String example, Map<String, ?> what) {
        var line = new TreeMap<String, Object>(what);
        line.put("example", example);
        System.out.println(new Gson().toJson(line));
    }
}
