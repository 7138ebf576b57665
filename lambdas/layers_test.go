package lambdas_test

import (
	"testing"

	"casey.internal/shared/layers"
)

// rules keep what decides free of what speaks to AWS, which is handed in.
var rules = layers.Rules{
	Owners: map[string][]string{
		"casey.internal/cdk":                                  {},
		"casey.internal/worker":                               {},
		"casey.internal/lambdas/authorizer":                   {"cmd"},
		"casey.internal/lambdas/function":                     {"cmd"},
		"casey.internal/lambdas/secret":                       {"cmd"},
		"github.com/aws":                                      {"function", "secret"},
		"github.com/aws/aws-lambda-go":                        {"function"},
		"github.com/aws/aws-sdk-go-v2/service":                {"secret"},
		"github.com/aws/aws-sdk-go-v2/service/secretsmanager": {"secret"},
	},
	Leaves: map[string][]string{"secret": {}},
}

func TestLayers(t *testing.T) { rules.Check(t, ".") }

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		folder, imported string
		forbidden        bool
	}{
		{"signaling", "github.com/aws/aws-sdk-go-v2/service/dynamodb", true},
		{"signaling", "github.com/aws/aws-lambda-go/events", true},
		{"signaling", "casey.internal/shared/store", false},
		{"access", "casey.internal/lambdas/secret", true},
		{"function", "github.com/aws/aws-sdk-go-v2/config", false},
		{"function", "github.com/aws/aws-sdk-go-v2/service/sqs", true},
		{"cmd/authorizer", "casey.internal/lambdas/secret", false},
		{"cmd/message", "casey.internal/lambdas/function", false},
		{"cmd/message", "casey.internal/worker/host", true},
	} {
		if why := rules.Forbids(c.folder, c.imported); (why != "") != c.forbidden {
			t.Errorf("%s importing %s: %q", c.folder, c.imported, why)
		}
	}
}
