package transcribe_test

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"casey.internal/worker/recognition"
	"casey.internal/worker/recognition/recognitiontest"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/transcribe"
	"casey.internal/worker/usage"
)

// recognise lets recognition's twin recognise what a stream sends: its audio is text.
func recognise(c *call) {
	c.begin()
	twin, err := new(recognitiontest.Recognizer).Start(c.request.Context())
	if err != nil {
		return
	}
	go func() {
		for {
			chunk, err := c.audio()
			if err != nil {
				_ = twin.Close()
				return
			}
			_ = twin.Send(chunk, recognitiontest.Chunk)
		}
	}()
	for r, err := range twin.Results() {
		if err != nil {
			return
		}
		c.transcript(wire(r))
		c.transcript() // there are events without results
	}
}

// wire writes a result as the service does.
func wire(r recognition.Result) map[string]any {
	var items []any
	for _, w := range r.Words {
		items = append(items, map[string]any{
			"Content": w.Text, "StartTime": w.Start.Seconds(), "EndTime": w.End.Seconds(),
			"Type": "pronunciation", "Stable": w.Stable,
		})
	}
	return map[string]any{
		"ResultId": r.ID, "IsPartial": r.Partial, "StartTime": r.Start.Seconds(), "EndTime": r.End.Seconds(),
		"Alternatives": []any{map[string]any{"Transcript": r.Text, "Items": items}},
	}
}

func TestContract(t *testing.T) {
	recognitiontest.Run(t, func(t *testing.T) recognitiontest.Subject {
		s := recognitiontest.Subject{
			Recognizer: transcribe.New(serve(t, recognise).config(), transcribe.Config{Input: transcribe.PCM}),
			Text:       "what time is it go forward",
		}
		for _, word := range []string{" ", "what", "time", "is", "it", " ", " ", " ", " ", " ", "go", "forward", " ", " ", " ", " ", " "} {
			s.Chunks = append(s.Chunks, []byte(word))
		}
		return s
	})
}

// The SDK's client mixes the audio of streams that share it: a hundred streams
// at once, each with a byte of its own, prove that ours do not share it.
func TestNoAudioReachesAnotherStream(t *testing.T) {
	const streams, chunks = 100, 20
	var good, foreign atomic.Int64
	s := serve(t, func(c *call) {
		c.begin()
		own := c.request.Header.Get("X-Amzn-Transcribe-Language-Model-Name")
		for range chunks {
			chunk, err := c.audio()
			if err != nil {
				foreign.Add(1)
				return
			}
			if id, _ := strconv.Atoi(own); len(chunk) == 1600 && bytes.Count(chunk, []byte{byte(id)}) == 1600 {
				good.Add(1)
			} else {
				foreign.Add(1)
			}
		}
	})
	config := s.config()
	var all sync.WaitGroup
	for id := range streams {
		all.Go(func() {
			r := transcribe.New(config, transcribe.Config{Input: transcribe.PCM, Model: strconv.Itoa(id), StartTimeout: time.Minute})
			stream, err := sendBytes(t.Context(), r, byte(id), chunks)
			if err != nil {
				t.Errorf("stream %d: %v", id, err)
				return
			}
			for _, err = range stream.Results() {
			}
			if servicefailure.KindOf(err) != servicefailure.Broken { // the server has all and hangs up
				t.Errorf("stream %d ended with %v", id, err)
			}
			_ = stream.Close()
		})
	}
	all.Wait()
	if good.Load() != streams*chunks || foreign.Load() != 0 {
		t.Errorf("%d chunks arrived where they should, %d did not", good.Load(), foreign.Load())
	}
	if s.total != streams {
		t.Errorf("%d connections for %d streams", s.total, streams)
	}
	eventually(t, "all connections are closed", func() bool { return s.open() == 0 })
}

// sendBytes starts a stream and sends it chunks of a byte.
func sendBytes(ctx context.Context, r *transcribe.Recognizer, id byte, chunks int) (recognition.Stream, error) {
	stream, err := r.Start(ctx)
	if err != nil {
		return nil, err
	}
	for range chunks {
		if err := stream.Send(bytes.Repeat([]byte{id}, 1600), 50*time.Millisecond); err != nil {
			_ = stream.Close()
			return nil, err
		}
	}
	return stream, nil
}

// eventually waits for something that a real connection brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(10 * time.Second); !ok(); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never: %s", what)
		}
	}
}

func TestStartsThatFail(t *testing.T) {
	refuse := func(status int, name string) func(*call) {
		return func(c *call) { c.refuse(status, name, "no") }
	}
	for name, c := range map[string]struct {
		handle func(*call)
		want   servicefailure.Kind
	}{
		"too many streams":   {refuse(http.StatusTooManyRequests, "LimitExceededException"), servicefailure.Throttled},
		"same session twice": {refuse(http.StatusConflict, "ConflictException"), servicefailure.Conflict},
		"bad signature":      {refuse(http.StatusForbidden, "InvalidSignatureException"), servicefailure.Refused},
		"internal failure":   {refuse(http.StatusInternalServerError, "InternalFailureException"), servicefailure.Unavailable},
		"unavailable":        {refuse(http.StatusServiceUnavailable, "ServiceUnavailableException"), servicefailure.Unavailable},
		"silence":            {func(c *call) { <-c.request.Context().Done() }, servicefailure.TimedOut},
		"reset":              {func(*call) { panic(http.ErrAbortHandler) }, servicefailure.Broken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reports := make(chan usage.Call, 1)
			limit := time.Minute // what does not run into it comes before it on any machine
			if c.want == servicefailure.TimedOut {
				limit = 300 * time.Millisecond
			}
			r := transcribe.New(serve(t, c.handle).config(), transcribe.Config{
				StartTimeout: limit, Report: func(u usage.Call) { reports <- u },
			})
			began := time.Now()
			_, err := r.Start(t.Context())
			if servicefailure.KindOf(err) != c.want {
				t.Errorf("failed with %v", err)
			}
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("failed after %v", took)
			}
			if u := <-reports; u.Code == "" || u.Service != "transcribe" {
				t.Errorf("reported %+v", u)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	s := serve(t, recognise)
	config := s.config()
	s.Close()
	if _, err := transcribe.New(config, transcribe.Config{}).Start(t.Context()); servicefailure.KindOf(err) != servicefailure.Broken {
		t.Errorf("failed with %v", err)
	}
}

func TestStreamsThatFail(t *testing.T) {
	for name, c := range map[string]struct {
		handle func(*call)
		want   servicefailure.Kind
	}{
		"idle": {func(c *call) {
			c.send("exception", "BadRequestException", map[string]string{
				"Message": "Your request timed out because no new audio was received for 15 seconds."})
		}, servicefailure.Idle},
		"limit":                        {func(c *call) { c.send("exception", "LimitExceededException", map[string]string{"Message": "x"}) }, servicefailure.Throttled},
		"garbage":                      {func(c *call) { _, _ = c.Write(bytes.Repeat([]byte("garbage "), 100)) }, servicefailure.Broken},
		"reset":                        {func(*call) { panic(http.ErrAbortHandler) }, servicefailure.Broken},
		"an end that nobody asked for": {func(*call) {}, servicefailure.Broken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(call *call) { call.begin(); _, _ = call.audio(); c.handle(call) })
			stream, err := transcribe.New(s.config(), transcribe.Config{}).Start(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = stream.Close() }()
			_ = stream.Send([]byte("audio"), recognitiontest.Chunk) // may notice the end first, but the results say why
			for _, err = range stream.Results() {
			}
			if servicefailure.KindOf(err) != c.want {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

func TestWhatIsAskedFor(t *testing.T) {
	asked := make(chan http.Header, 1)
	s := serve(t, func(c *call) { asked <- c.request.Header; recognise(c) })
	for _, want := range []map[string]string{
		{"Media-Encoding": "ogg-opus", "Sample-Rate": "48000", "Language-Code": "en-US", "Language-Model-Name": ""},
		{"Media-Encoding": "pcm", "Sample-Rate": "16000", "Language-Code": "de-DE", "Language-Model-Name": "mine"},
	} {
		c := transcribe.Config{}
		if want["Media-Encoding"] == "pcm" {
			c = transcribe.Config{Input: transcribe.PCM, Language: "de-DE", Model: "mine"}
		}
		stream, err := transcribe.New(s.config(), c).Start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want["Partial-Results-Stability"] = "high"
		header := <-asked
		for name, value := range want {
			if got := header.Get("X-Amzn-Transcribe-" + name); got != value {
				t.Errorf("%s: %q, want %q", name, got, value)
			}
		}
		_ = stream.Close()
	}
}

func TestUsageIsReportedOnce(t *testing.T) {
	reports := make(chan usage.Call, 10)
	r := transcribe.New(serve(t, recognise).config(), transcribe.Config{
		Session: "s1", Input: transcribe.PCM, Report: func(u usage.Call) { reports <- u }, Turn: func() int { return 3 },
	})
	stream, err := sendBytes(t.Context(), r, 'x', 10)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = stream.Close(), stream.Close()
	u := <-reports
	if u.Session != "s1" || u.Turn != 3 || u.Audio != 500*time.Millisecond || u.Code != "" || u.Duration <= 0 {
		t.Errorf("reported %+v", u)
	}
	if len(reports) != 0 {
		t.Errorf("reported again: %+v", <-reports)
	}
}
