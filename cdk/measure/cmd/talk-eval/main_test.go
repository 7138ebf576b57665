package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/measure/talk"
	"casey.internal/worker/interviewer/awkward"
)

func TestBadArgumentsAreRefused(t *testing.T) {
	for _, line := range []string{"-at-once 0", "-only (", "-nonsense"} {
		if _, err := parse(strings.Fields(line)); err == nil {
			t.Errorf("%q is accepted", line)
		}
	}
}

func TestWithoutCredentialsNothingIsMeasured(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_PROFILE": "", "AWS_WEB_IDENTITY_TOKEN_FILE": "",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "",
	} {
		t.Setenv(name, value)
	}
	if err := run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "LLM=URL") {
		t.Error(err)
	}
}

func TestWhatIsWrongIsShownAndCounted(t *testing.T) {
	lines, err := awkward.All()
	if err != nil {
		t.Fatal(err)
	}
	var results []talk.Result
	for i, l := range lines {
		r := talk.Result{Line: l, Reply: awkward.Reply{Text: "Of course."}, Took: time.Second}
		if i == 0 || l.Kind == "danger" {
			r.Faults = []string{"the question is not asked again"}
		}
		results = append(results, r)
	}
	var shown strings.Builder
	if err := tell(&shown, results); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(shown.String(), "\nNO "); n != 4 || !strings.Contains(shown.String(), "   - the question is not asked again (wanted: ") {
		t.Errorf("%d lines are wrong in\n%s", n, shown.String())
	}
	missed := tabulate(results, t.TempDir(), options{llm: "http://localhost:1"}).Missed()
	if len(missed) != 1 || !strings.Contains(missed[0].Metric, "danger") || missed[0].Value != 100 {
		t.Errorf("missed %+v", missed)
	}
}
