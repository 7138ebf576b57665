package stack

import (
	_ "embed"
	"encoding/json"
	"maps"

	"github.com/aws/aws-cdk-go/awscdk/v2"
)

//go:embed flags.json
var flags []byte

// NewApp returns an app with the CDK's recommended feature flags. They are here
// and not in cdk.json because only the CDK's command line reads that: tests
// would look at another template than the one that is deployed. Findings of the
// built-in validation, which knows the schema of every resource, are errors.
// outdir is nil for the command line's choice.
func NewApp(outdir *string) awscdk.App {
	return newApp(outdir, nil)
}

func newApp(outdir *string, more map[string]any) awscdk.App {
	context := map[string]any{"@aws-cdk/core:validateAgainstDefaultRules": true}
	if err := json.Unmarshal(flags, &context); err != nil {
		panic(err) // it is part of this program
	}
	maps.Copy(context, more)
	return awscdk.NewApp(&awscdk.AppProps{Context: &context, Outdir: outdir, AnalyticsReporting: new(false)})
}

// Context returns what was chosen with -c KEY=VALUE, in cdk.json or in
// cdk.context.json.
func Context(app awscdk.App) map[string]any {
	context, _ := app.Node().GetAllContext(nil).(map[string]any)
	return context
}
