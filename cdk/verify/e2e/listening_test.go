package e2e

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/control"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
)

// listeningLimit bounds the whole test: most scenes are played side by side.
const listeningLimit = 75 * time.Second

// scene is one thing that candidates do, and what must come of it.
type scene struct {
	name string
	play func(ctx context.Context, s *speaker) error
}

// TestListening has real speech interrupted, paused in, coughed over and cut off
// from recognition, over the whole stack.
func TestListening(t *testing.T) {
	long(t)
	stack := start(t, local.Config{Standin: exact()})
	ctx, cancel := context.WithTimeout(t.Context(), listeningLimit)
	defer cancel()
	scenes := []scene{
		{"an interruption", interrupts},
		{"a pause to think", pauses},
		{"a cough", coughs},
		{"a nudge", nudges},
		{"a long silence", staysSilent},
	}
	// Recognition breaks off for everybody, so the others come first.
	others, last := make(chan struct{}), make(chan error, 1)
	go func() {
		last <- onStage(ctx, stack, func(ctx context.Context, s *speaker) error { return losesRecognition(ctx, s, stack, others) })
	}()
	failed := make([]error, len(scenes))
	var all sync.WaitGroup
	for i, x := range scenes {
		all.Go(func() { failed[i] = onStage(ctx, stack, x.play) })
	}
	all.Wait()
	for i, x := range scenes {
		if failed[i] != nil {
			t.Errorf("%s: %v", x.name, failed[i])
		}
	}
	close(others)
	if err := <-last; err != nil {
		t.Errorf("recognition breaks off: %v", err)
	}
}

// onStage plays one scene with a candidate of its own.
func onStage(ctx context.Context, stack *local.Stack, play func(context.Context, *speaker) error) error {
	c, err := client.Join(ctx, client.Config{URL: stack.WS})
	if err != nil {
		return err
	}
	defer c.Close()
	s := &speaker{Client: c}
	if err := play(ctx, s); err != nil {
		return fmt.Errorf("%w\n%s", err, s.transcript())
	}
	return nil
}

// speaker is somebody who talks with the interviewer.
type speaker struct {
	*client.Client
	since time.Time // what is waited for comes after this
}

// until waits in silence.
func (s *speaker) until(ctx context.Context, what string, want func(client.Event) bool) error {
	e, err := s.Wait(ctx, s.since, want)
	if err != nil {
		return fmt.Errorf("waiting for %s: %w", what, err)
	}
	s.since = e.At
	return nil
}

// silentUntil says nothing until a channel is closed.
func (s *speaker) silentUntil(ctx context.Context, when <-chan struct{}) error {
	for {
		select {
		case <-when:
			return nil
		default:
		}
		if err := s.Quiet(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
}

// utters says something.
func (s *speaker) utters(ctx context.Context, text string) error {
	frames, err := client.Render(ctx, text, "en-us")
	if err != nil {
		return err
	}
	s.since = time.Now()
	return s.Speak(ctx, frames)
}

func state(want channel.Doing) func(client.Event) bool {
	return client.Told(func(e *channel.State) bool { return e.State == want })
}

// captions are the latest of each turn of one party, in the order of turns.
func (s *speaker) captions(role interview.Role) (texts []string) {
	latest := map[int]string{}
	for _, e := range s.Events() {
		if e.Channel == nil {
			continue
		}
		_, event, err := channel.ParseServer(e.Channel)
		if c, ok := event.(*channel.Caption); err == nil && ok && c.Role == role && c.Utterance == 0 {
			latest[c.Turn] = c.Text
		}
	}
	var turns []int
	for turn := range latest {
		turns = append(turns, turn)
	}
	slices.Sort(turns)
	for _, turn := range turns {
		texts = append(texts, latest[turn])
	}
	return texts
}

// transcript is all that was captioned, for a failure.
func (s *speaker) transcript() string {
	return fmt.Sprintf("interviewer: %q\ncandidate: %q", s.captions(interview.Interviewer), s.captions(interview.Candidate))
}

// greeted waits until the greeting is being said, and a little more.
func (s *speaker) greeted(ctx context.Context) error {
	if err := s.until(ctx, "the greeting", state(channel.Speaking)); err != nil {
		return err
	}
	return s.Quiet(ctx, 2*time.Second)
}

// listened waits until the greeting is over.
func (s *speaker) listened(ctx context.Context) error {
	if err := s.until(ctx, "the greeting", state(channel.Speaking)); err != nil {
		return err
	}
	return s.until(ctx, "the floor", state(channel.Listening))
}

// interrupts: the interviewer is silent at once, and the record has no more of
// the greeting than was said.
func interrupts(ctx context.Context, s *speaker) error {
	if err := s.greeted(ctx); err != nil {
		return err
	}
	began := time.Now()
	if err := s.utters(ctx, "my last project was a payment service for a large bank"); err != nil {
		return err
	}
	s.since = began
	if err := s.until(ctx, "the cut", client.Told(func(*channel.Cut) bool { return true })); err != nil {
		return err
	}
	if took := s.since.Sub(began); took > 1500*time.Millisecond {
		return fmt.Errorf("the cut came after %v", took)
	}
	if err := s.until(ctx, "a reply", state(channel.Speaking)); err != nil {
		return err
	}
	if greeting := s.captions(interview.Interviewer)[0]; strings.Contains(greeting, "what job") {
		return fmt.Errorf("on record is all of the greeting: %q", greeting)
	}
	return nil
}

// pauses: an unfinished clause is waited for, and is one turn with its end. After a
// longer pause this recogniser makes a whole sentence of half of one.
func pauses(ctx context.Context, s *speaker) error {
	if err := s.listened(ctx); err != nil {
		return err
	}
	if err := s.utters(ctx, "my last project was a payment service for a"); err != nil {
		return err
	}
	if err := s.Quiet(ctx, 600*time.Millisecond); err != nil {
		return err
	}
	if err := s.utters(ctx, "large bank"); err != nil {
		return err
	}
	if err := s.until(ctx, "a reply", state(channel.Speaking)); err != nil {
		return err
	}
	said := s.captions(interview.Candidate) // the model of this recogniser is unsure of half sentences
	if len(said) != 1 || len(strings.Fields(said[0])) < 9 || !strings.HasPrefix(said[0], "My last project was a") {
		return fmt.Errorf("heard as %q", said)
	}
	return nil
}

// coughs: the greeting goes on to its end.
func coughs(ctx context.Context, s *speaker) error {
	if err := s.greeted(ctx); err != nil {
		return err
	}
	burst, err := noise(ctx, "0.12")
	if err != nil {
		return err
	}
	if err := s.Speak(ctx, burst); err != nil {
		return err
	}
	if err := s.until(ctx, "the floor", state(channel.Listening)); err != nil {
		return err
	}
	if greeting := s.captions(interview.Interviewer)[0]; !strings.HasSuffix(greeting, "?") {
		return fmt.Errorf("the greeting ended with a cough: %q", greeting)
	}
	return nil
}

// noise is a burst of it.
func noise(ctx context.Context, seconds string) ([]client.Frame, error) {
	wav, err := exec.CommandContext(ctx, "sox", "-R", "-n", "-r", "48000", "-c", "1", "-b", "16", "-t", "wav", "-",
		"synth", seconds, "pinknoise", "vol", "0.8").Output()
	if err != nil {
		return nil, fmt.Errorf("sox (apt-get install sox): %w", err)
	}
	return client.Encode(ctx, wav)
}

// nudges: an unfinished clause is answered at once.
func nudges(ctx context.Context, s *speaker) error {
	if err := s.listened(ctx); err != nil {
		return err
	}
	if err := s.utters(ctx, "my last project was a payment service for a large bank and"); err != nil {
		return err
	}
	if err := s.Quiet(ctx, 600*time.Millisecond); err != nil {
		return err
	}
	s.since = time.Now()
	if err := s.SendChannel(channel.EncodePage(&channel.Nudge{})); err != nil {
		return err
	}
	return s.until(ctx, "the decision", state(channel.Thinking))
}

// staysSilent: silence after the question is no turn.
func staysSilent(ctx context.Context, s *speaker) error {
	if err := s.listened(ctx); err != nil {
		return err
	}
	if err := s.Quiet(ctx, 8*time.Second); err != nil {
		return err
	}
	if n := len(s.captions(interview.Interviewer)); n != 1 {
		return errors.New("the interviewer spoke into the silence")
	}
	return nil
}

// losesRecognition: a stream that breaks off in mid-sentence loses no word.
func losesRecognition(ctx context.Context, s *speaker, stack *local.Stack, when <-chan struct{}) error {
	if err := s.listened(ctx); err != nil {
		return err
	}
	if err := s.silentUntil(ctx, when); err != nil {
		return err
	}
	broken := make(chan error, 1)
	cut := time.AfterFunc(1500*time.Millisecond, func() { broken <- cutStreams(ctx, stack) })
	defer cut.Stop()
	if err := s.utters(ctx, "we tested every change before we put it into production"); err != nil {
		return err
	}
	if err := <-broken; err != nil {
		return err
	}
	if err := s.until(ctx, "a reply", state(channel.Speaking)); err != nil {
		return err
	}
	said := strings.Join(s.captions(interview.Candidate), " ")
	for _, word := range []string{"tested", "change", "before", "production"} {
		if strings.Count(strings.ToLower(said), word) != 1 {
			return fmt.Errorf("heard as %q", said)
		}
	}
	return nil
}

// cutStreams has recognition break off where it is.
func cutStreams(ctx context.Context, stack *local.Stack) error {
	return control.Client{URL: stack.Standin}.Set(ctx, map[control.Service]control.Fault{control.Transcribe: {Cut: true}})
}
