package peer_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"runtime/pprof"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/worker/peer/peertest"
)

// mostGoroutines are those of a connected peer that is heard: pion's sockets, ICE, DTLS,
// SRTP and SCTP, and a reader and a writer of the data channel.
const mostGoroutines = 19

// TestGoroutinesOfAPeer: each has a stack, and most are a hand-over of every packet.
func TestGoroutinesOfAPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		b, h := peertest.New(t, peertest.Options{Net: w.browser}), newHeard()
		offer, answered := b.Offer(t, false), ""
		// What a goroutine with labels starts has them, too.
		pprof.Do(t.Context(), pprof.Labels("of", "peer"), func(ctx context.Context) {
			p, err := w.network.Answer(ctx, offer, h)
			must(t, err)
			t.Cleanup(func() { must(t, p.Close()) })
			answered = p.AnswerSDP()
		})
		b.Accept(t, answered)
		<-b.Opened
		<-h.opened
		say(t, b, 0, 10)
		checkHeard(t, h, 10)
		time.Sleep(time.Second)
		synctest.Wait()
		if n, all := labelled(t); n > mostGoroutines {
			t.Errorf("%d goroutines of a peer, %d at most:\n%s", n, mostGoroutines, all)
		}
	})
}

var counted = regexp.MustCompile(`(?m)^(\d+) @`)

// labelled counts the goroutines of the peer, and returns their stacks.
func labelled(t *testing.T) (n int, stacks string) {
	t.Helper()
	var text bytes.Buffer
	must(t, pprof.Lookup("goroutine").WriteTo(&text, 1))
	for group := range bytes.SplitSeq(text.Bytes(), []byte("\n\n")) {
		if m := counted.FindSubmatch(group); m != nil && bytes.Contains(group, []byte(`# labels: {"of":"peer"}`)) {
			more, err := strconv.Atoi(string(m[1]))
			must(t, err)
			n += more
			stacks += fmt.Sprintf("%s\n\n", group)
		}
	}
	return n, stacks
}
