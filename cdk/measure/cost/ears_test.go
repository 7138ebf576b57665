package cost_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/cdk/local/aws/engines"
	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/moonshine"
	"casey.internal/cdk/measure/cost"
	"casey.internal/cdk/measure/ears"
	"casey.internal/cdk/measure/report"
	"casey.internal/worker/recognition"
)

// finalDelay is that of the stand-ins: as long as Transcribe takes.
const finalDelay = 1100 * time.Millisecond

// listening adds what a recogniser makes of recordings of people with silence withheld
// and sent. The local ear stands for Transcribe, whose own end of a segment nobody can
// look at here.
func listening(t *testing.T, table *report.Table) {
	t.Helper()
	clips, err := ears.Recordings(t.Context(), os.Getenv("CASEY_SPEECH"))
	if err != nil {
		t.Logf("recordings are not heard: %v", err)
		return
	}
	engine, err := localEar(t)
	if err != nil {
		t.Logf("recordings are not heard: %v", err)
		return
	}
	sent := listen(t, engine, clips, nil)
	withheld := listen(t, engine, clips, new(recognition.Silence))
	var said strings.Builder
	for _, clip := range clips {
		said.WriteString(" " + clip.Words)
	}
	table.Note("recordings of people, 8 s apart: sent, all silence / withheld", sent.Sent.Seconds(), "s")
	table.Note("  withheld", withheld.Sent.Seconds(), "s")
	for _, x := range []struct {
		name string
		cost.Listened
	}{{"all silence sent", sent}, {"silence withheld", withheld}} {
		words := ears.Plain(said.String())
		table.Note("words wrong, local ear, "+x.name, 100*float64(ears.Wrong(words, ears.Plain(text(x.Words))))/float64(len(words)), "%")
		table.Note("  final after the voice ends, p50", report.Percentile(x.Finals, 50), "ms")
		table.Note("  p95", report.Percentile(x.Finals, 95), "ms")
	}
	off := 0.0
	if len(sent.Words) == len(withheld.Words) {
		for i, w := range sent.Words {
			off = max(off, report.Milliseconds((w.Start - withheld.Words[i].Start).Abs()))
		}
		table.Note("  a word's time with silence withheld from its time without, at most", off, "ms")
	}
}

func localEar(t *testing.T) (transcribe.Engine, error) {
	t.Helper()
	folder, err := engines.Folder()
	if err != nil {
		return nil, err
	}
	wheel, err := engines.Moonshine.In(folder)
	if err != nil {
		return nil, err
	}
	return moonshine.NewEngine(moonshine.Config{
		Wheel: wheel, Quiet: finalDelay, Denied: func() {}, Behind: func(time.Duration) {}, Failed: func(err error) { t.Error(err) },
	})
}

func listen(t *testing.T, engine transcribe.Engine, clips []ears.Clip, s *recognition.Silence) (l cost.Listened) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var err error
		if l, err = cost.Listen(context.WithoutCancel(t.Context()), engine, clips, s); err != nil {
			t.Fatal(err)
		}
	})
	return l
}

func text(words []recognition.Word) (all string) {
	for _, w := range words {
		all += " " + w.Text
	}
	return all
}
