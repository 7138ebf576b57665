package main

import (
	"bytes"
	"strings"
	"testing"

	"casey.internal/shared/channel"
	"casey.internal/shared/metrics"
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
