package contracts

import (
	"testing"

	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/local/aws/standin/standintest"
	"github.com/aws/aws-sdk-go-v2/aws"
)

// standins starts the stand-ins for Transcribe, Bedrock and Polly until the test
// ends, as fast as they can be, and returns a configuration that leads to them.
func standins(t *testing.T) (*standintest.Process, aws.Config) {
	t.Helper()
	p := standintest.Start(t, "-first-token", "0", "-tokens-per-second", "0", "-polly-delay", "0")
	return p, p.Config(t)
}

// setFault sets how a service misbehaves.
func setFault(t *testing.T, p *standintest.Process, service control.Service, f control.Fault) {
	t.Helper()
	if err := (control.Client{URL: p.HTTP}).Set(t.Context(), map[control.Service]control.Fault{service: f}); err != nil {
		t.Fatal(err)
	}
}
