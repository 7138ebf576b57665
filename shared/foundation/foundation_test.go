package foundation_test

import (
	"slices"
	"strings"
	"testing"

	"casey.internal/shared/foundation"
)

func TestEachRegionAsksByItsOwnName(t *testing.T) {
	for region, want := range map[string]string{
		"us-east-1": "us us", "us-west-1": "us us", "ca-central-1": "us us", "eu-central-1": "eu eu", "eu-west-2": "global global",
		"ap-northeast-1": "jp jp", "ap-northeast-3": "jp jp", "ap-southeast-2": "au au", "ap-south-1": "global global",
		"sa-east-1": "global global", "me-south-1": "global global", "af-south-1": "global global", "us-gov-west-1": "", "cn-north-1": "",
	} {
		var got []string
		for _, name := range foundation.For(region) {
			geography, model := foundation.Split(name)
			if got = append(got, geography); !strings.HasPrefix(model, "anthropic.claude-haiku-") {
				t.Errorf("%s asks %s", region, name)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s asks by %v, want %s", region, got, want)
		}
	}
}

func TestAsiaHasItsContinents(t *testing.T) {
	if got := foundation.In("ap-south-1"); !slices.Equal(got, []string{"apac", "global"}) {
		t.Errorf("%v", got)
	}
	if got := foundation.In("us-gov-east-1"); !slices.Equal(got, []string{"us-gov"}) {
		t.Errorf("%v", got)
	}
}

// TestTheNewerModelIsFirst, and each is dated.
func TestTheNewerModelIsFirst(t *testing.T) {
	models := foundation.Defaults()
	for i, m := range models {
		if m.Launched.IsZero() || !m.Until.After(m.Launched) || len(m.Profiles) == 0 {
			t.Errorf("%+v", m)
		}
		if i > 0 && !m.Launched.Before(models[i-1].Launched) {
			t.Errorf("%s is newer than %s", m.ID, models[i-1].ID)
		}
	}
	if !strings.Contains(models[len(models)-1].ID, "haiku-4-5") {
		t.Errorf("behind all is %s", models[len(models)-1].ID)
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"us.anthropic.claude-haiku-5-5": "us anthropic.claude-haiku-5-5", "amazon.nova-lite-v1:0": " amazon.nova-lite-v1:0",
		"us-gov.amazon.nova-lite-v1:0": "us-gov amazon.nova-lite-v1:0", "global.anthropic.x": "global anthropic.x",
	} {
		geography, model := foundation.Split(name)
		if geography+" "+model != want {
			t.Errorf("%s is %s of %s", name, model, geography)
		}
	}
	for _, c := range []struct {
		name, part string
		want       bool
	}{
		{"us.amazon.nova-micro-v1:0", "nova-micro", true},
		{"us.amazon.nova-micro-v1:0", "amazon.nova-micro-v1", true},
		{"nova-micro", "nova-micro", true},
		{"arn:aws:bedrock:us-east-1:123:inference-profile/us.anthropic.claude-haiku-5-5", "claude-haiku-5", true},
		{"amazon.nova-microscope-v1:0", "nova-micro", false},
		{"amazon.supernova-micro-v1:0", "nova-micro", false},
		{"anthropic.claude-haiku-5-50", "haiku-5-5", false},
		{"maker.unknown-1", "own", false},
		{"", "own", false},
	} {
		if foundation.Has(c.name, c.part) != c.want {
			t.Errorf("%q has %q: %v", c.name, c.part, !c.want)
		}
	}
	if !foundation.Thinks("jp.anthropic.claude-haiku-5-5") || foundation.Thinks("eu.anthropic.claude-haiku-4-5-20251001-v1:0") || foundation.Thinks("amazon.nova-lite-v1:0") {
		t.Error("another model thinks")
	}
}
