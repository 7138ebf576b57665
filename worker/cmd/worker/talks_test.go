package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/metrics"
	"casey.internal/worker/conversation"
)

func TestReplyTimesAreEmitted(t *testing.T) {
	var out bytes.Buffer
	report := timed(metrics.New(&out, "casey"))
	report(channel.Metrics{FirstPacket: 700, Decision: 300})
	report(channel.Metrics{}) // a greeting: nobody had spoken
	if got := out.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, `"ReplyTime":700`) || !strings.Contains(got, `"DecisionTime":300`) {
		t.Errorf("emitted %s", got)
	}
}

func TestAPatientWorkerWaitsForTheModel(t *testing.T) {
	usual := conversation.Defaults()
	if got := patient(usual, 4*time.Second); got.Model != usual.Model || got.Report != usual.Report {
		t.Errorf("4 s leave %v for a sentence, %v for the report", got.Model, got.Report)
	}
	if got := patient(usual, 20*time.Second); got.Model <= 20*time.Second || got.Report <= usual.Report {
		t.Errorf("20 s leave %v for a sentence, %v for the report", got.Model, got.Report)
	}
}
