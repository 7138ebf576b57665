package stack

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"casey.internal/shared/golden"
)

// TestResources: every resource that any variant has is written down by type and
// id, with its name where the template gives it one. Package policy reads the
// list: who deploys has to be allowed each of them.
func TestResources(t *testing.T) {
	all := map[string]bool{}
	for _, context := range variants {
		made := synth(t, context)
		for id, r := range made.Resources {
			all[strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Type, id, nameOf(r)))] = true
		}
	}
	golden.File(t, "resources.golden", []byte(strings.Join(slices.Sorted(maps.Keys(all)), "\n")+"\n"))
}

// nameOf is the name that the template itself gives a resource.
func nameOf(r resource) string {
	for _, property := range []string{"QueueName", "LogGroupName", "DashboardName", "Family", "PolicyName", "DomainName", "FunctionName", "RoleName"} {
		if name, ok := r.at(property).(string); ok {
			return name
		}
	}
	return ""
}
