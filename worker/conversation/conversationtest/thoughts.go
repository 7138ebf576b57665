package conversationtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
)

// thoughts are the replies that the model was asked for, in order.
type thoughts struct {
	mu  sync.Mutex
	all []*thought
}

// thought is one of them.
type thought struct {
	asked  time.Time
	to     string    // the candidate's last words, as they were known then
	thrown time.Time // zero = it was not
	why    error
}

// ask notes that the model is asked; ctx is that of the reply.
func (t *thoughts) ask(ctx context.Context, a conversation.Ask) {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := &thought{asked: time.Now()}
	for _, turn := range slices.Backward(a.History) {
		if turn.Role == interview.Candidate {
			x.to = turn.Text
			break
		}
	}
	t.all = append(t.all, x)
	context.AfterFunc(ctx, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		x.thrown, x.why = time.Now(), context.Cause(ctx)
	})
}

// lines tells of them, with times since began.
func (t *thoughts) lines(began time.Time) (lines []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	since := func(at time.Time) float64 { return at.Sub(began).Seconds() }
	for _, x := range t.all {
		l := fmt.Sprintf("asked @%.2f about %q", since(x.asked), x.to)
		if x.why != nil && !errors.Is(x.why, context.Canceled) && !errors.Is(x.why, errHungUp) {
			l += fmt.Sprintf(", thrown away @%.2f: %v", since(x.thrown), x.why)
		}
		lines = append(lines, l)
	}
	return lines
}

// discarded sums up what was thrown away, as it was metered.
func discarded(metrics []conversation.Metrics) string {
	var sum conversation.Discarded
	for _, m := range metrics {
		sum.Replies += m.Discarded.Replies
		sum.Cost = sum.Cost.Plus(m.Discarded.Cost)
	}
	return fmt.Sprintf("thrown away in all: %d replies, %d tokens, %d characters",
		sum.Replies, sum.Cost.Input+sum.Cost.Output, sum.Cost.Characters)
}

// judged sums up what the judge was asked, as it was metered.
func judged(metrics []conversation.Metrics) string {
	var sum conversation.Judged
	for _, m := range metrics {
		sum.Asked += m.Judged.Asked
		sum.Late += m.Judged.Late
		sum.Failed += m.Judged.Failed
		sum.Cost = sum.Cost.Plus(m.Judged.Cost)
	}
	return fmt.Sprintf("the judge was asked %d times, was late %d times, failed %d times; %d tokens", sum.Asked, sum.Late, sum.Failed, sum.Cost.Input+sum.Cost.Output)
}

// tokens counts the words of an ask.
func tokens(a conversation.Ask) (n int) {
	for _, turn := range a.History {
		n += len(strings.Fields(turn.Text))
	}
	return n
}
