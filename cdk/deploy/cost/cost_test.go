package cost_test

import (
	"testing"

	"casey.internal/cdk/deploy/cost"
	"casey.internal/cdk/options"
)

func TestTheDefaults(t *testing.T) {
	want := "about $41 a month when nobody speaks\nabout $0.71 for an interview of 30 minutes (nearly all of it Transcribe, Polly and Bedrock)"
	if got := cost.Of(options.Defaults()).String(); got != want {
		t.Errorf("%s", got)
	}
	two := options.Defaults()
	two.MinTasks, two.Arch = 2, "amd64"
	if got, one := cost.Of(two).IdleMonth, cost.Of(options.Defaults()).IdleMonth; got < 1.8*one {
		t.Errorf("two workers cost %v, one %v", got, one)
	}
}
