package main

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"casey.internal/shared/settings"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return map[string]string{"CASEY_TABLE": "t", "CASEY_DISPATCH_QUEUE_URL": "http://q"}[name]
	}
}

func TestDefaultsAreEnough(t *testing.T) {
	c, err := variables.Read(env())
	if err != nil {
		t.Fatal(err)
	}
	if c.slots != 25 || c.warm != 1 || !c.udp || !c.tcp || c.private || c.frameMs != 20 || c.maxLength != time.Hour {
		t.Errorf("config is %+v", c)
	}
}

func TestABadValueIsASentence(t *testing.T) {
	for name, value := range map[string]string{
		"CASEY_SLOTS": "0", "CASEY_WARM": "-1", "CASEY_DRAIN": "soon", "MEDIA_PORT": "65536", "MEDIA_ADDRESS": "localhost",
		"PUBLIC_ADDRESS": "1.2.3", "MEDIA_NETWORKS": "udp,quic", "ALLOW_PRIVATE_CANDIDATES": "yes", "FRAME_MS": "60",
		"TRANSCRIBE_INPUT": "mp3", "POLLY_OUTPUT": "pcm", "POLLY_ENGINE": "steam", "LOG_LEVEL": "loud", "CASEY_MAX_INTERVIEW": "1s",
	} {
		_, err := variables.Read(env(name, value))
		bad, ok := errors.AsType[*settings.Error](err)
		if !ok || bad.Name != name || !strings.Contains(err.Error(), value) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}

func TestTheModelIsTheRegions(t *testing.T) {
	for _, s := range []struct{ model, region, want string }{
		{"", "eu-west-1", "eu.anthropic.claude-haiku-5-5"}, {"", "sa-east-1", "global.anthropic.claude-haiku-5-5"}, {"amazon.nova-lite-v1:0", "cn-north-1", "amazon.nova-lite-v1:0"},
	} {
		c, err := variables.Read(env("BEDROCK_MODEL", s.model))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.chooseModel(s.region); err != nil || c.model != s.want || (s.model == "") != strings.Contains(c.otherModel, "haiku-4-5") {
			t.Errorf("%+v: %s and %s, %v", s, c.model, c.otherModel, err)
		}
	}
	c, err := variables.Read(env())
	if err := errors.Join(err, c.chooseModel("cn-north-1")); err == nil || !strings.Contains(err.Error(), "BEDROCK_MODEL") {
		t.Errorf("in China: %v", err)
	}
}

func TestTheSmallJudgeIsTheRegions(t *testing.T) {
	for _, s := range []struct{ judge, region, want string }{
		{"", "us-east-1", ""}, {"small", "us-east-1", "us.amazon.nova-micro-v1:0"}, {"small", "ap-south-1", "apac.amazon.nova-micro-v1:0"}, {"x", "sa-east-1", "x"},
	} {
		c, err := variables.Read(env("CASEY_JUDGE", s.judge))
		if err := errors.Join(err, c.chooseJudge(s.region)); err != nil || c.judge != s.want {
			t.Errorf("%+v: %s, %v", s, c.judge, err)
		}
	}
	c, err := variables.Read(env("CASEY_JUDGE", "small"))
	if err := errors.Join(err, c.chooseJudge("sa-east-1")); err == nil || !strings.Contains(err.Error(), "CASEY_JUDGE") {
		t.Errorf("in São Paulo: %v", err)
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	_, err := variables.Read(func(string) string { return "" })
	for _, name := range []string{"CASEY_TABLE", "CASEY_DISPATCH_QUEUE_URL"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not in %v", name, err)
		}
	}
}

func TestRunSaysWhatIsWrongBeforeItStarts(t *testing.T) {
	err := run(t.Context(), nil, env("CASEY_SLOTS", "many"), t.Output())
	if _, bad := errors.AsType[*settings.Error](err); !bad {
		t.Errorf("ended by %v", err)
	}
	var out strings.Builder
	if err := run(t.Context(), []string{"--help"}, env("CASEY_SLOTS", "many"), &out); err != nil || !strings.Contains(out.String(), "CASEY_SLOTS") {
		t.Errorf("help is %q, %v", out.String(), err)
	}
}

func TestBootsHaveNamesOfTheirOwnFitForAQueue(t *testing.T) {
	a, b := bootID(), bootID()
	if a == b || !regexp.MustCompile(`^[A-Za-z0-9-]{1,60}$`).MatchString(a) {
		t.Errorf("ids are %q and %q", a, b)
	}
}

func TestHelpListsEverySetting(t *testing.T) {
	var out strings.Builder
	if err := variables.Print(&out); err != nil {
		t.Fatal(err)
	}
	for _, s := range variables {
		if !strings.Contains(out.String(), s.Name+" ") {
			t.Errorf("%s is not in the help", s.Name)
		}
	}
}
