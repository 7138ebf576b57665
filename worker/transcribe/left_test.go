package transcribe_test

import (
	"bytes"
	"context"
	"runtime/pprof"
	"strconv"
	"strings"
	"testing"
	"time"

	"casey.internal/worker/transcribe"
)

// TestNothingIsLeftOfAStream closes streams in every way while the service
// takes no audio: no writer must wait for it.
func TestNothingIsLeftOfAStream(t *testing.T) {
	s := serve(t, func(c *call) {
		c.begin()
		<-c.request.Context().Done()
	})
	r := transcribe.New(s.config(), transcribe.Config{})
	for i := range 60 {
		ctx, cancel := context.WithCancel(t.Context())
		stream, err := r.Start(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			_ = stream.Send(bytes.Repeat([]byte("audio"), 100), time.Second)
		}
		if i%3 == 0 {
			s.CloseClientConnections()
		}
		cancel()
		_ = stream.Close() // its error is that of the stream
	}
	limit := time.After(30 * time.Second)
	for every := time.NewTicker(10 * time.Millisecond); writers(t) > 0; {
		select {
		case <-every.C:
		case <-limit:
			t.Fatalf("%d writers are left of 60 streams", writers(t))
		}
	}
}

// writers counts the goroutines that write a stream: the SDK's, and the transport's.
func writers(t *testing.T) int {
	t.Helper()
	var stacks bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&stacks, 2); err != nil {
		t.Fatal(err)
	}
	return strings.Count(stacks.String(), "EventStreamWriter).writeStream(") + strings.Count(stacks.String(), "(*uplink).Read(")
}

// mostGoroutines are those of an open stream: what reads its connection and what writes
// the request's body, of the transport both.
const mostGoroutines = 2

func TestGoroutinesOfAStream(t *testing.T) {
	s := serve(t, func(c *call) {
		c.begin()
		for {
			if _, err := c.audio(); err != nil {
				return
			}
		}
	})
	r := transcribe.New(s.config(), transcribe.Config{})
	// What a goroutine with labels starts has them, too.
	pprof.Do(t.Context(), pprof.Labels("of", "stream"), func(ctx context.Context) {
		stream, err := r.Start(ctx)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = stream.Close() })
		if err := stream.Send([]byte("audio"), time.Second); err != nil {
			t.Fatal(err)
		}
	})
	eventually(t, "a stream has no more goroutines than it needs", func() bool { return labelled(t) <= mostGoroutines })
}

// labelled counts the goroutines of the stream.
func labelled(t *testing.T) (n int) {
	t.Helper()
	var text bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&text, 1); err != nil {
		t.Fatal(err)
	}
	for group := range bytes.SplitSeq(text.Bytes(), []byte("\n\n")) {
		if bytes.Contains(group, []byte(`# labels: {"of":"stream"}`)) {
			before, _, _ := bytes.Cut(group, []byte(" @"))
			more, err := strconv.Atoi(string(before[bytes.LastIndexByte(before, '\n')+1:]))
			if err != nil {
				t.Fatal(err)
			}
			n += more
		}
	}
	return n
}
