// Previews the examples with a policy pack: PACK EXAMPLE CONFIG [EXAMPLE CONFIG]…, "" for no config.
// Writes a line of JSON for each thing that a policy reported, for the user's inputs and for each error.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

var examples = map[string]pulumi.RunFunc{
	"password-user":              PasswordUser,
	"password-user-iam":          PasswordUserIam,
	"password-user-write-only":   PasswordUserWriteOnly,
	"iam-user":                   IamUser,
	"iam-user-scoped":            IamUserScoped,
	"two-passwords-user":         TwoPasswordsUser,
	"two-passwords-user-iam":     TwoPasswordsUserIam,
	"two-passwords-user-managed": TwoPasswordsUserManaged,
}

func main() {
	pack, runs := os.Args[1], os.Args[2:]
	for ; len(runs) > 1; runs = runs[2:] {
		if err := preview(pack, runs[0], runs[1]); err != nil {
			log.Fatal(err)
		}
	}
}

func preview(pack, example, config string) error {
	ctx := context.Background()
	stack, err := auto.NewStackInlineSource(ctx, "prod", example, examples[example])
	if err != nil {
		return err
	}
	stream := make(chan events.EngineEvent)
	blocked := make(chan bool)
	go func() {
		mandatory := false
		for event := range stream {
			mandatory = report(example, event) || mandatory
		}
		blocked <- mandatory
	}()
	options := []optpreview.Option{optpreview.PolicyPacks(pack), optpreview.EventStreams(stream)}
	if config != "" {
		options = append(options, optpreview.PolicyPackConfigs(config))
	}
	_, err = stack.Preview(ctx, options...)
	if <-blocked {
		// A preview that a policy blocks ends as one that fails does.
		return nil
	}
	return err
}

// report writes what an event holds, and says whether it is about a policy that blocks.
func report(example string, event events.EngineEvent) bool {
	tell := func(what map[string]any) {
		what["example"] = example
		if err := json.NewEncoder(os.Stdout).Encode(what); err != nil {
			log.Fatal(err)
		}
	}
	if reported := event.PolicyEvent; reported != nil {
		tell(map[string]any{
			"policy": reported.PolicyName, "level": reported.EnforcementLevel, "message": reported.Message,
		})
	}
	if step := event.ResourcePreEvent; step != nil && step.Metadata.Type == "aws:elasticache/user:User" {
		tell(map[string]any{"inputs": step.Metadata.New.Inputs})
	}
	if told := event.DiagnosticEvent; told != nil && told.Severity == "error" {
		tell(map[string]any{"error": told.Message})
	}
	return event.PolicyEvent != nil && event.PolicyEvent.EnforcementLevel == "mandatory"
}
