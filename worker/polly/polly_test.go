package polly_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"casey.internal/worker/polly"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/speech"
	"casey.internal/worker/speech/speechtest"
	"casey.internal/worker/usage"
)

// asked is a SynthesizeSpeech request.
type asked struct {
	Engine, OutputFormat, SampleRate, Text, TextType, VoiceID string
	SpeechMarkTypes                                           []string
}

// serve answers every call with handle.
func serve(t *testing.T, c polly.Config, handle func(http.ResponseWriter, *http.Request, asked)) *polly.Client {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var a asked
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil || r.URL.Path != "/v1/speech" {
			t.Errorf("%s: %v", r.URL, err)
		}
		_, _ = io.Copy(io.Discard, r.Body) // so that a client that goes away is noticed
		handle(w, r, a)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return client(s.URL, c)
}

func client(url string, c polly.Config) *polly.Client {
	return polly.New(aws.Config{
		Region: "us-east-1", BaseEndpoint: &url,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	}, c)
}

// say answers as the twin of all synthesizers does.
func say(w http.ResponseWriter, r *http.Request, a asked) {
	twin := new(speechtest.Synthesizer)
	w.Header().Set("X-Amzn-RequestCharacters", "42")
	if a.OutputFormat == "json" {
		marks, _ := twin.Marks(r.Context(), a.Text)
		for _, m := range marks {
			line := map[string]any{"time": m.Time.Milliseconds(), "type": m.Kind, "value": m.Value}
			if m.Kind != speech.VisemeMark {
				line["start"], line["end"] = m.Start, m.End
			}
			_ = json.NewEncoder(w).Encode(line)
		}
		return
	}
	audio, _ := twin.Audio(r.Context(), a.Text)
	_, _ = io.Copy(w, audio)
}

// refuse answers with an error.
func refuse(w http.ResponseWriter, status int, name string) {
	w.Header().Set("X-Amzn-ErrorType", name)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"message":"no"}`)
}

func TestContract(t *testing.T) {
	speechtest.Run(t, func(t *testing.T) speech.Synthesizer {
		return serve(t, polly.Config{}, say).Voice("s1", nil)
	})
}

func TestWhatIsAskedFor(t *testing.T) {
	var got asked
	record := func(w http.ResponseWriter, _ *http.Request, a asked) { got = a; _, _ = io.WriteString(w, "") }
	for _, c := range []struct {
		config polly.Config
		marks  bool
		want   asked
	}{
		{polly.Config{}, false, asked{Engine: "neural", OutputFormat: "ogg_opus", SampleRate: "48000", VoiceID: "Joanna"}},
		{polly.Config{Output: polly.MP3, Voice: "Matthew", Engine: "standard"}, false,
			asked{Engine: "standard", OutputFormat: "mp3", SampleRate: "24000", VoiceID: "Matthew"}},
		{polly.Config{}, true, asked{Engine: "neural", OutputFormat: "json", VoiceID: "Joanna",
			SpeechMarkTypes: []string{"sentence", "word", "viseme"}}},
	} {
		v := serve(t, c.config, record).Voice("s1", nil)
		c.want.Text, c.want.TextType = "Hello.", "text"
		if c.marks {
			if _, err := v.Marks(t.Context(), "Hello."); err != nil {
				t.Error(err)
			}
		} else if _, err := readHello(t.Context(), v); err != nil {
			t.Error(err)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("asked %+v, want %+v", got, c.want)
		}
	}
}

func readHello(ctx context.Context, v *polly.Voice) (string, error) {
	r, err := v.Audio(ctx, "Hello.")
	if err != nil {
		return "", err
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(r)
	return string(data), err
}

func TestMP3ComesAsItIs(t *testing.T) {
	v := serve(t, polly.Config{Output: polly.MP3}, func(w http.ResponseWriter, _ *http.Request, a asked) {
		w.Header().Set("Content-Type", "audio/mpeg")
		_, _ = io.WriteString(w, "mp3 of "+a.Text)
	}).Voice("s1", nil)
	if got, err := readHello(t.Context(), v); got != "mp3 of Hello." || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestMarksHavePlacesInBytes(t *testing.T) {
	v := serve(t, polly.Config{}, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		_, _ = io.WriteString(w, `{"time":0,"type":"sentence","start":0,"end":9,"value":"Déjà vu"}
{"time":6,"type":"word","start":0,"end":6,"value":"Déjà"}
{"time":6,"type":"viseme","value":"t"}
`)
	}).Voice("s1", nil)
	got, err := v.Marks(t.Context(), "Déjà vu")
	want := []speech.Mark{
		{Kind: speech.SentenceMark, Value: "Déjà vu", End: 9},
		{Time: 6 * time.Millisecond, Kind: speech.WordMark, Value: "Déjà", End: 6},
		{Time: 6 * time.Millisecond, Kind: speech.VisemeMark, Value: "t"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestTheGenerativeEngineIsAskedForNoMarks: it has none, and would refuse each
// sentence once. Nor is another, where nobody wants to pay for them.
func TestTheGenerativeEngineIsAskedForNoMarks(t *testing.T) {
	for _, c := range []polly.Config{{Engine: "generative", Voice: "Ruth"}, {Unmarked: true}} {
		v := serve(t, c, func(http.ResponseWriter, *http.Request, asked) {
			t.Errorf("%+v is asked all the same", c)
		}).Voice("s1", nil)
		if marks, err := v.Marks(t.Context(), "Hello."); marks != nil || err != nil {
			t.Errorf("%v, %v", marks, err)
		}
	}
}

// Polly counts a call until it has been received: it must not wait for playback.
func TestAnAnswerIsReceivedWhoeverReadsIt(t *testing.T) {
	reported := make(chan usage.Call, 1)
	v := serve(t, polly.Config{}, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		w.Header().Set("X-Amzn-RequestCharacters", "6")
		_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
	}).Voice("s1", func(u usage.Call) { reported <- u })
	r, err := v.Audio(usage.InTurn(t.Context(), 3), "Hello.")
	if err != nil {
		t.Fatal(err)
	}
	select {
	case u := <-reported: // nothing was read yet
		if u.Characters != 6 || u.Session != "s1" || u.Turn != 3 || u.Operation != "SynthesizeSpeech ogg_opus" || u.Code != "" {
			t.Errorf("reported %+v", u)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the answer is still being received")
	}
	if data, err := io.ReadAll(r); len(data) != 1<<20 || err != nil {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	_ = r.Close()
}

// quick is for calls that fail by a limit, once a busy machine has made them; patient is
// for those that must fail, or go well, before one.
var (
	quick   = polly.Config{FirstByte: 2 * time.Second, Idle: 150 * time.Millisecond, Retry: 10 * time.Millisecond}
	patient = polly.Config{FirstByte: time.Minute, Idle: time.Minute, Retry: 10 * time.Millisecond}
)

type handler = func(http.ResponseWriter, *http.Request, asked)

func TestAFailureIsTriedOnceMore(t *testing.T) {
	for name, fail := range map[string]handler{
		// Polly throttles with 400, and its SDK has no type for that.
		"throttled":   func(w http.ResponseWriter, _ *http.Request, _ asked) { refuse(w, 400, "ThrottlingException") },
		"unavailable": func(w http.ResponseWriter, _ *http.Request, _ asked) { refuse(w, 503, "ServiceUnavailable") },
		"reset":       func(http.ResponseWriter, *http.Request, asked) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			var reported usage.Call
			v := serve(t, patient, func(w http.ResponseWriter, r *http.Request, a asked) {
				if calls.Add(1) == 1 {
					fail(w, r, a)
					return
				}
				say(w, r, a)
			}).Voice("s1", func(u usage.Call) { reported = u })
			marks, err := v.Marks(t.Context(), "Hello there.")
			if err != nil || len(marks) == 0 || calls.Load() != 2 || !reported.Retried {
				t.Errorf("%d marks, %v, %d calls, reported %+v", len(marks), err, calls.Load(), reported)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		handle handler
		kind   servicefailure.Kind
		calls  int32
	}{
		"throttled for ever": {func(w http.ResponseWriter, _ *http.Request, _ asked) { refuse(w, 400, "ThrottlingException") }, servicefailure.Throttled, 2},
		"internal failure":   {func(w http.ResponseWriter, _ *http.Request, _ asked) { refuse(w, 500, "ServiceFailureException") }, servicefailure.Unavailable, 2},
		"no such voice":      {func(w http.ResponseWriter, _ *http.Request, _ asked) { refuse(w, 400, "InvalidParameterValue") }, servicefailure.Refused, 1},
		"bad signature":      {func(w http.ResponseWriter, _ *http.Request, _ asked) { refuse(w, 403, "InvalidSignatureException") }, servicefailure.Refused, 1},
		"silence":            {func(_ http.ResponseWriter, r *http.Request, _ asked) { <-r.Context().Done() }, servicefailure.TimedOut, 1},
		"stalls in its midst": {func(w http.ResponseWriter, r *http.Request, _ asked) {
			_, _ = io.WriteString(w, "Ogg")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, servicefailure.TimedOut, 1},
		"dies in its midst": {func(w http.ResponseWriter, _ *http.Request, _ asked) {
			_, _ = io.WriteString(w, "Ogg")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, servicefailure.Broken, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			reported := make(chan usage.Call, 1)
			config := patient
			if c.kind == servicefailure.TimedOut {
				config = quick
			}
			v := serve(t, config, func(w http.ResponseWriter, r *http.Request, a asked) {
				calls.Add(1)
				c.handle(w, r, a)
			}).Voice("s1", func(u usage.Call) { reported <- u })
			began := time.Now()
			_, err := readHello(t.Context(), v)
			if servicefailure.KindOf(err) != c.kind || calls.Load() != c.calls {
				t.Errorf("%v, %d calls", err, calls.Load())
			}
			if took := time.Since(began); took > patient.Idle/2 {
				t.Errorf("took %v", took)
			}
			if u := <-reported; u.Code == "" {
				t.Errorf("reported %+v", u)
			}
		})
	}
}

func TestMarksThatAreNoMarks(t *testing.T) {
	v := serve(t, patient, func(w http.ResponseWriter, _ *http.Request, _ asked) { _, _ = io.WriteString(w, "<html>") }).Voice("s1", nil)
	if _, err := v.Marks(t.Context(), "Hello."); servicefailure.KindOf(err) != servicefailure.Broken {
		t.Errorf("%v", err)
	}
}

func TestNobodyListens(t *testing.T) {
	if _, err := readHello(t.Context(), client("http://127.0.0.1:1", patient).Voice("s1", nil)); servicefailure.KindOf(err) != servicefailure.Broken {
		t.Errorf("%v", err)
	}
}

func TestTheReasonOfAContextIsKept(t *testing.T) {
	interrupted := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	v := serve(t, polly.Config{}, func(w http.ResponseWriter, r *http.Request, _ asked) {
		_, _ = io.WriteString(w, "Ogg")
		w.(http.Flusher).Flush()
		cancel(interrupted)
		<-r.Context().Done()
	}).Voice("s1", nil)
	if _, err := readHello(ctx, v); !errors.Is(err, interrupted) {
		t.Errorf("%v", err)
	}
}
