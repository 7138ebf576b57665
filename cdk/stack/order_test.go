package stack

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mention is how a template refers to a resource: by Ref, Fn::GetAtt or ${…}.
var mention = regexp.MustCompile(`"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"|\$\{(\w+)[.}]`)

// needs returns the ids of what CloudFormation makes before a resource and
// removes after it: what it names, what it says that it depends on, and all
// that those need.
func (t template) needs(id string) map[string]bool {
	found := map[string]bool{}
	var walk func(string)
	walk = func(id string) {
		r := t.Resources[id]
		next := dependencies(r.DependsOn)
		for _, m := range mention.FindAllStringSubmatch(text(r.Properties), -1) {
			next = append(next, m[1]+m[2]+m[3])
		}
		for _, n := range next {
			if _, ours := t.Resources[n]; ours && !found[n] {
				found[n] = true
				walk(n)
			}
		}
	}
	walk(id)
	return found
}

// dependencies are DependsOn's: one id, or several.
func dependencies(v any) []string {
	switch x := v.(type) {
	case string:
		return []string{x}
	case []any:
		var ids []string
		for _, id := range x {
			ids = append(ids, id.(string))
		}
		return ids
	}
	return nil
}

// only returns the id of the one resource of a type.
func (t template) only(tt *testing.T, kind string) string {
	tt.Helper()
	var ids []string
	for id, r := range t.Resources {
		if r.Type == kind {
			ids = append(ids, id)
		}
	}
	if len(ids) != 1 {
		tt.Fatalf("%s: %v", kind, ids)
	}
	return ids[0]
}

// variants are the stacks whose order is looked at.
var variants = map[string]map[string]any{
	"default": nil, "everything": everything, "site": {"site": "true"}, "logging": {"accessLogs": "true"}, "e-mail": {"alarmEmail": "ops@example.com"},
	"domain": {"domain": "voice.example.com", "certificate": "arn:aws:acm:us-east-1:123456789012:certificate/1-2"},
	"zones":  {"azs": "us-east-1b,us-east-1d"},
	"vpc":    {"vpc": "vpc-0123456789abcdef0", "azs": "us-east-1a", "subnets": "subnet-0123456789abcdef0"},
}

// unneeded by tasks, of the kinds of which they need the rest: the functions'
// logs, the site's, and what is only there to be refused.
var unneeded = regexp.MustCompile(`^(Connect|Message|Disconnect|Sweep|Authorizer|Site|Access)Log|^CustomCDK|^ApiGatewayLogRole|^SiteFiles`)

// TestNothingThatTasksNeedGoesBeforeThem: on make destroy, and when a deploy is
// rolled back, all that a worker uses to end interviews in peace is there until
// the service has gone. The other way round: a first task finds all there.
func TestNothingThatTasksNeedGoesBeforeThem(t *testing.T) {
	kinds := []string{
		"AWS::EC2::", "AWS::DynamoDB::", "AWS::SQS::Queue", "AWS::Logs::LogGroup", "AWS::ApiGatewayV2::Stage", "AWS::ApiGatewayV2::Api", "AWS::ECS::Cluster", "AWS::ECS::TaskDefinition",
	}
	for name, context := range variants {
		made := synth(t, context)
		needed := made.needs(made.only(t, "AWS::ECS::Service"))
		checked := 0
		for _, id := range slices.Sorted(maps.Keys(made.Resources)) {
			kind := made.Resources[id].Type
			wanted := slices.ContainsFunc(kinds, func(k string) bool { return strings.HasPrefix(kind, k) && kind != "AWS::SQS::QueuePolicy" }) ||
				strings.HasPrefix(kind, "AWS::IAM::") && strings.HasPrefix(id, "Task")
			if !wanted || unneeded.MatchString(id) {
				continue
			}
			if checked++; !needed[id] {
				t.Errorf("%s: %s (%s) may go while tasks still run", name, id, kind)
			}
		}
		if checked < 14 {
			t.Errorf("%s: only %d resources were looked at", name, checked)
		}
	}
}

// TestNothingThatFunctionsNeedGoesBeforeThem: their roles with what those may
// do, their logs, and what their environments name.
func TestNothingThatFunctionsNeedGoesBeforeThem(t *testing.T) {
	for name, context := range variants {
		made := synth(t, context)
		for _, id := range []string{"Connect", "Message", "Disconnect", "Sweep", "Authorizer"} {
			function := ""
			for found := range made.Resources {
				if len(found) == len(id)+8 && strings.HasPrefix(found, id) {
					function = found
				}
			}
			needed := made.needs(function)
			for _, want := range []string{id + "Log", id + "Role", id + "RoleDefaultPolicy", "Sessions"} {
				if !slices.ContainsFunc(slices.Collect(maps.Keys(needed)), func(n string) bool { return len(n) == len(want)+8 && strings.HasPrefix(n, want) }) {
					t.Errorf("%s: %s may go before %s", name, want, id)
				}
			}
		}
	}
}

// TestNothingNeedsItself: what was added to the order makes no circle.
func TestNothingNeedsItself(t *testing.T) {
	for name, context := range variants {
		made := synth(t, context)
		for id := range made.Resources {
			if made.needs(id)[id] {
				t.Errorf("%s: %s needs itself", name, id)
			}
		}
	}
}

// TestNoTwoPartsOfTheAPIAtOnce: of its routes, integrations and the stage each
// comes after the others.
func TestNoTwoPartsOfTheAPIAtOnce(t *testing.T) {
	for name, context := range variants {
		made := synth(t, context)
		var parts []string
		for _, kind := range []string{"Route", "Integration", "Stage"} {
			for id, r := range made.Resources {
				if r.Type == "AWS::ApiGatewayV2::"+kind {
					parts = append(parts, id)
				}
			}
		}
		if len(parts) != 7 {
			t.Fatalf("%s: parts are %v", name, parts)
		}
		for i, a := range parts {
			for _, b := range parts[i+1:] {
				if !made.needs(a)[b] && !made.needs(b)[a] {
					t.Errorf("%s: %s and %s are made at once", name, a, b)
				}
			}
		}
	}
}
