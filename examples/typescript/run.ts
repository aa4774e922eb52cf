// Previews the examples with a policy pack: node run.js PACK EXAMPLE CONFIG [EXAMPLE CONFIG]…, "" for no config.
// Writes a line of JSON for each thing that a policy reported, for the user's inputs and for each error.

import * as automation from "@pulumi/pulumi/automation";

function tell(example: string, what: object): void {
    console.log(JSON.stringify({ example, ...what }));
}

function report(example: string, event: automation.EngineEvent): void {
    const { policyEvent, resourcePreEvent, diagnosticEvent } = event;
    if (policyEvent) {
        const { policyName, enforcementLevel, message } = policyEvent;
        tell(example, { policy: policyName, level: enforcementLevel, message });
    }
    if (resourcePreEvent?.metadata.type === "aws:elasticache/user:User") {
        tell(example, { inputs: resourcePreEvent.metadata.new?.inputs });
    }
    if (diagnosticEvent?.severity === "error") {
        tell(example, { error: diagnosticEvent.message });
    }
}

async function preview(pack: string, example: string, config: string): Promise<void> {
    const stack = await automation.LocalWorkspace.createStack({
        stackName: "prod",
        projectName: example,
        program: async () => {
            await import(`./${example}`);
        },
    });
    let blocked = false;
    try {
        await stack.preview({
            policyPacks: [pack],
            policyPackConfigs: config ? [config] : [],
            onEvent: (event) => {
                report(example, event);
                blocked ||= event.policyEvent?.enforcementLevel === "mandatory";
            },
        });
    } catch (error) {
        // A preview that a policy blocks ends as one that fails does.
        if (!blocked) {
            throw error;
        }
    }
}

async function main(): Promise<void> {
    const [pack, ...runs] = process.argv.slice(2);
    for (let i = 0; i < runs.length; i += 2) {
        await preview(pack, runs[i], runs[i + 1]);
    }
}

void main();
