package options_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/options"
)

func TestNothingChosenIsSmall(t *testing.T) {
	o, err := options.Parse(map[string]any{"@aws-cdk/core:newStyleStackSynthesis": true, "aws:cdk:bundling-stacks": []any{}}, "us-east-1")
	if err != nil || o.Name() != "casey" || o.Access != options.Open || o.MinTasks != 1 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestChoices(t *testing.T) {
	o, err := options.Parse(map[string]any{
		"environment": "staging", "slots": "8", "warm": 0.0, "site": true, "maxInterview": "30m",
		"origins": "https://a.example.com/, https://b.example.com",
	}, "us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	if o.Name() != "casey-staging" || o.Slots != 8 || o.Warm != 0 || !o.Site || o.MaxInterview != 30*time.Minute ||
		strings.Join(o.Origins, " ") != "https://a.example.com https://b.example.com" {
		t.Errorf("%+v", o)
	}
}

func TestTheModelIsTheRegions(t *testing.T) {
	for _, c := range []struct {
		region, model, want string
	}{
		{"us-east-1", "", "us.anthropic.claude-haiku-5-5 us.anthropic.claude-haiku-4-5-20251001-v1:0"},
		{"eu-central-1", "", "eu.anthropic.claude-haiku-5-5 eu.anthropic.claude-haiku-4-5-20251001-v1:0"},
		{"sa-east-1", "", "global.anthropic.claude-haiku-5-5 global.anthropic.claude-haiku-4-5-20251001-v1:0"},
		{"eu-central-1", "eu.amazon.nova-lite-v1:0", "eu.amazon.nova-lite-v1:0"}, // and nobody behind it who was not asked for
		{"us-gov-west-1", "us-gov.amazon.nova-lite-v1:0", "us-gov.amazon.nova-lite-v1:0"},
	} {
		context := map[string]any{}
		if c.model != "" {
			context["model"] = c.model
		}
		o, err := options.Parse(context, c.region)
		if got := strings.Join(o.Models(), " "); err != nil || got != c.want {
			t.Errorf("%s %s: %s, %v", c.region, c.model, got, err)
		}
	}
	for _, region := range []string{"us-gov-west-1", "cn-north-1"} {
		if _, err := options.Parse(nil, region); err == nil || !strings.Contains(err.Error(), "-c model=") {
			t.Errorf("%s: %v", region, err)
		}
	}
}

func TestTheSmallJudgeIsTheRegions(t *testing.T) {
	for region, want := range map[string]string{
		"us-east-1": "us.amazon.nova-micro-v1:0", "eu-central-1": "eu.amazon.nova-micro-v1:0", "ap-northeast-1": "apac.amazon.nova-micro-v1:0", "sa-east-1": "",
	} {
		o, err := options.Parse(map[string]any{"judge": "small"}, region)
		if o.Judge != want || (err == nil) != (want != "") || err == nil && !slices.Contains(o.Models(), want) {
			t.Errorf("%s: %q, %v", region, o.Judge, err)
		}
	}
}

func TestTheInterviewersOwnModelAsAJudgeIsNoOther(t *testing.T) {
	o, err := options.Parse(map[string]any{"judge": "own"}, "us-east-1")
	if err != nil || o.Judge != "own" || slices.Contains(o.Models(), "own") {
		t.Errorf("%q, %q, %v", o.Judge, o.Models(), err)
	}
}

func TestABadValueIsOneSentence(t *testing.T) {
	for _, c := range []struct{ key, value, say string }{
		{"environment", "Prod!", "a short name"},
		{"access", "everybody", "open, key or secret"},
		{"origins", "app.example.com", "like https://app.example.com"},
		{"origins", "http://app.example.com", "like https://app.example.com"},
		{"origins", "https://app.example.com/page", "like https://app.example.com"},
		{"keys", "hunter2", "make key prints one"},
		{"perAddress", "0", "1 to 100000"},
		{"dailyDollars", "free", "US dollars"},
		{"arch", "riscv", "arm64 or amd64"},
		{"cpu", "1000", "256, 512"},
		{"memory", "1000", "multiple of 512"},
		{"memory", "512", "2048 to 8192 in steps of 1024"},
		{"memory", "2560", "2048 to 8192 in steps of 1024"},
		{"cpu", "8192", "16384 to 61440 in steps of 4096"},
		{"environment", "inbox", "without the word inbox"},
		{"environment", "a-inbox-b", "without the word inbox"},
		{"slots", "0", "1 to 2000"},
		{"warm", "-1", "0 to 10000"},
		{"minTasks", "11", "at least minTasks, which is 11"},
		{"maxTasks", "many", "1 to 1000"},
		{"mediaPort", "80", "1024 to 65535"},
		{"mediaPort", "8080", "not 8080"},
		{"maxInterview", "5h", "1m to 4h"},
		{"maxWait", "soon", "10s to 1h"},
		{"vpc", "default", "like vpc-"},
		{"vpc", "vpc-0123456789abcdef0", "needs subnets"},
		{"subnets", "a,b", "ids of public subnets"},
		{"subnets", "subnet-0123456789abcdef0", "name it too"},
		{"domain", "https://voice.example.com", "a host name"},
		{"domain", "voice.example.com", "go together"},
		{"certificate", "mine", "ARN of a certificate"},
		{"site", "yes", "true or false"},
		{"recovery", "on", "true or false"},
		{"alarmEmail", "me", "an e-mail address"},
		{"accessLogs", "1", "true or false"},
		{"serviceUser", "a b", "name of an IAM user"},
		{"hourlyDollars", "0", "raises an alarm"},
		{"voice", "../x", "like Joanna"},
		{"engine", "steam", "generative"},
		{"model", "*", "inference profile"},
		{"language", "english", "like en-US"},
		{"otherVoice", "2", "for when the first one fails"},
		{"otherModel", "*", "for when the first one fails"},
		{"judge", "*", "whether a candidate has finished"},
		{"input", "mp3", "opus or pcm"},
		{"output", "opus", "ogg_opus or mp3"},
		{"streams", "-1", "0 (any number) to 100000"},
		{"interviews", "a\nb", "a folder of interviews"},
		{"logLevel", "loud", "debug, info"},
		{"access", "key", "needs keys"},
		{"minTask", "2", "is not an option"},
	} {
		_, err := options.Parse(map[string]any{c.key: c.value}, "us-east-1")
		if err == nil || !strings.Contains(err.Error(), c.say) || strings.Count(err.Error(), "\n") > 0 {
			t.Errorf("%s=%s: %v, want a sentence with %q", c.key, c.value, err, c.say)
		}
	}
}

// TestFargatesSizes holds each pair against AWS's own list, as cfn-lint 1.58.0
// has it (data/schemas/extensions/aws_ecs_taskdefinition/fargate_cpu_memory.json).
func TestFargatesSizes(t *testing.T) {
	had := map[int][]int{
		256: {512, 1024, 2048}, 512: every(1024, 4096, 1024), 1024: every(2048, 8192, 1024), 2048: every(4096, 16384, 1024),
		4096: every(8192, 30720, 1024), 8192: every(16384, 61440, 4096), 16384: every(32768, 122880, 8192),
	}
	for cpu, memories := range had {
		for _, memory := range every(512, 122880, 512) {
			_, err := options.Parse(map[string]any{"cpu": cpu, "memory": memory}, "us-east-1")
			if want := slices.Contains(memories, memory); want != (err == nil) {
				t.Errorf("cpu=%d memory=%d: %v, but Fargate has it: %v", cpu, memory, err, want)
			}
		}
	}
}

func every(from, to, step int) (all []int) {
	for n := from; n <= to; n += step {
		all = append(all, n)
	}
	return all
}

func TestNoOptionTakesNothing(t *testing.T) {
	for _, key := range options.Keys() {
		if _, err := options.Parse(map[string]any{key: ""}, "us-east-1"); err == nil {
			t.Errorf("%s takes an empty value", key)
		}
	}
}
