package shared_test

import (
	"testing"

	"casey.internal/shared/layers"
)

// rules keep shared free of the sides that agree on it, and each AWS SDK behind
// one door.
var rules = layers.Rules{
	Owners: map[string][]string{
		"casey.internal/cdk":     {},
		"casey.internal/lambdas": {},
		"casey.internal/worker":  {},
		"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi": {"post"},
		"github.com/aws/aws-sdk-go-v2/service/dynamodb":                {"store"},
		"github.com/aws/aws-sdk-go-v2/service/sqs":                     {"queue"},
	},
	Leaves: map[string][]string{
		"apperr": {}, "clock": {}, "fields": {"casey.internal/shared/apperr"}, "golden": {}, "httpbody": {}, "layers": {}, "logging": {}, "metrics": {}, "thoughts": {}, "ticket": {},
	},
}

func TestLayers(t *testing.T) { rules.Check(t, ".") }

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		folder, imported string
		forbidden        bool
	}{
		{"store", "casey.internal/worker/host", true},
		{"store", "github.com/aws/aws-sdk-go-v2/service/dynamodb/types", false},
		{"wire", "github.com/aws/aws-sdk-go-v2/service/sqs", true},
		{"apperr", "casey.internal/shared/wire", true},
	} {
		if why := rules.Forbids(c.folder, c.imported); (why != "") != c.forbidden {
			t.Errorf("%s importing %s: %q", c.folder, c.imported, why)
		}
	}
}
