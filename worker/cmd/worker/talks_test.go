package main

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"casey.internal/shared/apperr"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/metrics"
	"casey.internal/worker/checkup"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/ledger"
	"casey.internal/worker/pacing"
	"casey.internal/worker/polly"
	"casey.internal/worker/session"
	"casey.internal/worker/soundcheck"
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

func TestAnInterviewHasItsOwnVoice(t *testing.T) {
	for _, tt := range []struct {
		own, other string
		fallback   bool
	}{
		{"", "", false},
		{"Joanna", "", false},
		{"Matthew", "", true}, // the usual voice
		{"", "Ruth", true},
		{"Ruth", "Ruth", false},
	} {
		c := &config{polly: pollyConfig{voice: "Joanna", otherVoice: tt.other}}
		v := voices(c, aws.Config{}, polly.MP3, nil)(tt.own, "")
		if v.Main == nil || (v.Fallback != nil) != tt.fallback {
			t.Errorf("%q with %q behind: a fallback is %v", tt.own, tt.other, v.Fallback != nil)
		}
	}
	all := newCaches()
	if ruth := all.of("Ruth"); ruth != all.of("Ruth") || ruth == all.of("Joanna") {
		t.Error("lines of one voice are remembered for another, or not at all")
	}
}

func TestTheInterviewersOwnModelMayJudge(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	for _, c := range []struct {
		judge, price  string
		asked, marked bool
	}{
		{"", "", false, false},
		{"amazon.nova-micro-v1:0", "amazon.nova-micro-v1:0", true, false},
		{"own", "a-model", false, true},
	} {
		cfg := &config{model: "a-model", judge: c.judge}
		if asked, marked := judges(cfg, aws.Config{}, nil, log) != nil, marks(cfg, log) != nil; asked != c.asked || marked != c.marked || cfg.judgeModel() != c.price {
			t.Errorf("%q: asked %v, marked %v, at the price of %q", c.judge, asked, marked, cfg.judgeModel())
		}
	}
	if w := marks(&config{judge: "own"}, log)(conversation.Finished); w != 0 {
		t.Errorf("a mark of which nothing was measured weighs %v", w)
	}
}

func TestAnUnknownInterviewIsRefused(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	talk, err := newTalks(&config{}, aws.Config{}, pacing.New(), nil, ledger.New(ledger.Config{Logger: log}), log)
	if err != nil {
		t.Fatal(err)
	}
	reason := talk(&interview.Session{Interview: "astronaut"}).Run(t.Context(), session.Media{})
	if f, ok := errors.AsType[*apperr.Error](reason); !ok || !strings.Contains(f.Message, "astronaut") {
		t.Errorf("over because of %v", reason)
	}
}

func TestACustomModelIsOfOneLanguage(t *testing.T) {
	c := &config{transcribe: transcribeConfig{language: "en-US", model: "bridges"}}
	if c.modelFor("") != "bridges" || c.modelFor("en-US") != "bridges" || c.modelFor("de-DE") != "" {
		t.Error("the model is used for another language, or not for its own")
	}
}

func TestAFolderOfInterviewsTakesThePlaceOfCaseys(t *testing.T) {
	shelf, err := openShelf("../../interviewer/interviews")
	if err != nil || !slices.Equal(shelf.Names(), interviewer.BuiltIn().Names()) {
		t.Error(err)
	}
	if _, err := openShelf(t.TempDir()); err == nil || !strings.Contains(err.Error(), "CASEY_INTERVIEWS") {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestWhatIsNoInterviewIsReserved(t *testing.T) {
	if want := []string{soundcheck.Name, checkup.Name}; !slices.Equal(interviewer.Reserved, want) {
		t.Errorf("reserved are %q; what is held is %q", interviewer.Reserved, want)
	}
}

// TestSpeakers: whoever speaks an interview speaks its language.
func TestSpeakers(t *testing.T) {
	c := &config{transcribe: transcribeConfig{language: "en-US"}}
	for _, tt := range []struct{ language, voice, main, other string }{
		{"", "", "", ""}, {"en-US", "Matthew", "Matthew", ""}, {"en-GB", "", "", ""},
		{"de-DE", "", "Vicki", "Daniel"}, {"de-DE", "Daniel", "Daniel", "Vicki"}, {"de-DE", "Somebody", "Somebody", "Daniel"},
		{"es-ES", "", "Lucia", "Sergio"}, {"fi-FI", "Suvi", "Suvi", ""}, {"fi-FI", "", "", ""},
	} {
		if main, other := speakers(c, &interviewer.Interview{Language: tt.language, Voice: tt.voice}); main != tt.main || other != tt.other {
			t.Errorf("%+v: %q, %q", tt, main, other)
		}
	}
}
