package worker_test

import (
	"testing"

	"casey.internal/shared/layers"
)

const module = "casey.internal/worker"

var rules = layers.Rules{
	Owners: map[string][]string{
		"github.com/pion": {"peer"},
		"github.com/aws/aws-sdk-go-v2/service/transcribestreaming": {"transcribe"},
		"github.com/aws/aws-sdk-go-v2/service/bedrockruntime":      {"bedrock"},
		"github.com/aws/aws-sdk-go-v2/service/polly":               {"polly"},
		"github.com/aws/aws-sdk-go-v2/service/ecs":                 {"ecs/revisions"},
		"github.com/aws/aws-sdk-go-v2/service/ec2":                 {"ecs/addresses"},
		"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs":      {"ledger/cloudwatch"},
		"github.com/santhosh-tekuri/jsonschema":                    {"interviewer"},
		module + "/ecs":                                            {"cmd", "ecs"},
		"casey.internal/lambdas":                                   {},
		"casey.internal/cdk":                                       {},
		module + "/transcribe":                                     {"cmd", "transcribe"},
		module + "/bedrock":                                        {"cmd", "bedrock"},
		module + "/polly":                                          {"cmd", "polly"},
	},
	Leaves: map[string][]string{
		"opus":   {},
		"fleet":  {"casey.internal/shared/interview"},
		"pacing": {},
		"ogg":    {module + "/opus"},
		"vad":    {module + "/opus"},
		"mic":    {module + "/opus"},
		"peer":   {"casey.internal/shared/apperr", "casey.internal/shared/wire"},

		"sentence":  {},
		"speakable": {module + "/language"},

		"transcript":   {},
		"language":     {},
		"interruption": {module + "/language", module + "/transcript"},
	},
}

func TestLayers(t *testing.T) { rules.Check(t, ".") }

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		folder, imported string
		forbidden        bool
	}{
		{"peer", "github.com/pion/webrtc/v4", false},
		{"peer/peertest", "github.com/pion/webrtc/v4", false},
		{"session", "github.com/pion/webrtc/v4", true},
		{"peerage", "github.com/pion/rtp", true},
		{"polly", "github.com/aws/aws-sdk-go-v2/service/polly/types", false},
		{"speech", "github.com/aws/aws-sdk-go-v2/service/polly/types", true},
		{"conversation", module + "/bedrock", true},
		{"cmd/worker", module + "/bedrock", false},
		{"host", "casey.internal/cdk/local", true},
		{"ogg", module + "/opus", false},
		{"ogg", module + "/mic", true},
		{"opus", "time", false},
	} {
		if why := rules.Forbids(c.folder, c.imported); (why != "") != c.forbidden {
			t.Errorf("%s importing %s: %q", c.folder, c.imported, why)
		}
	}
}
