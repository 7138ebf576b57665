package stack

import (
	"slices"
	"strings"
	"testing"
)

// somebodysAlarms are those that wake people, by id; the others scale.
var somebodysAlarms = []string{"OffersDead", "OffersOld", "SessionsFailing", "Full", "Throttling", "Costly", "UsageLost"}

// TestAlarmsReachSomebody: all of them if somebody was named, and else nobody.
func TestAlarmsReachSomebody(t *testing.T) {
	told, silent := synth(t, map[string]any{"alarmEmail": "ops@example.com"}), synth(t, nil)
	for _, id := range somebodysAlarms {
		if to := text(told.starting(t, id).at("AlarmActions")); !strings.HasPrefix(to, `[{"Ref":"Alarms`) {
			t.Errorf("%s tells %s", id, to)
		}
		if to := silent.starting(t, id).at("AlarmActions"); to != nil {
			t.Errorf("%s tells %s", id, text(to))
		}
		if missing := told.starting(t, id).at("TreatMissingData"); missing != "notBreaching" {
			t.Errorf("%s takes nothing for %v", id, missing)
		}
	}
	to := told.of("AWS::SNS::Subscription")
	if len(to) != 1 || to[0].at("Endpoint") != "ops@example.com" || to[0].at("Protocol") != "email" {
		t.Errorf("subscribed are %+v", to)
	}
	// SNS's own policy is gone where there is another: without this nobody hears.
	policy := text(told.of("AWS::SNS::TopicPolicy")[0].at("PolicyDocument", "Statement"))
	if want := `"Action":"sns:Publish","Condition":{"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}},"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"}`; !strings.Contains(policy, want) {
		t.Errorf("alarms may not write to the topic: %s", policy)
	}
	scaling := []string{}
	for id, r := range told.Resources {
		if r.Type == "AWS::CloudWatch::Alarm" && !slices.ContainsFunc(somebodysAlarms, func(known string) bool { return strings.HasPrefix(id, known) }) {
			scaling = append(scaling, id)
		}
	}
	if len(scaling) != 2 {
		t.Errorf("other alarms are %v", scaling)
	}
}
