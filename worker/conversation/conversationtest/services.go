package conversationtest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/clock"
	"casey.internal/shared/interview"
	"casey.internal/shared/price"
	"casey.internal/worker/conversation"
)

// pace is the length of each word of the interviewer.
const pace = 300 * time.Millisecond

// Between is the model's time from one sentence, or a mark, to the next.
const Between = 200 * time.Millisecond

var (
	errThrottled = errors.New("throttled")
	errHungUp    = errors.New("hung up")
)

// interviewer says what the script has it say.
type interviewer struct {
	script *Script
	asked  thoughts

	mu    sync.Mutex
	next  int // of the script's replies
	calls int // replies asked for
}

func (iv *interviewer) Greeting([]interview.Turn) ([]string, conversation.Progress) {
	return iv.script.Greeting, conversation.Progress{Phase: phase(1), Profile: iv.script.Profile, Longest: iv.script.Longest}
}

func (iv *interviewer) Closing() []string { return []string{"Goodbye."} }

func (iv *interviewer) Feedback(ctx context.Context, _ []interview.Turn) iter.Seq2[channel.Report, error] {
	return func(yield func(channel.Report, error) bool) {
		err := clock.Sleep(ctx, time.Second)
		yield(channel.Report{Summary: "Well done."}, err)
	}
}

func (iv *interviewer) Reply(ctx context.Context, a conversation.Ask) iter.Seq2[conversation.Part, error] {
	return func(yield func(conversation.Part, error) bool) {
		iv.asked.ask(ctx, a)
		if !yield(conversation.Part{Estimate: conversation.Cost{Tokens: price.Tokens{Input: tokens(a)}}}, nil) {
			return
		}
		wait := iv.script.Model.Delay
		if says := iv.script.mark(a); says != "" {
			if err := clock.Sleep(ctx, wait); err != nil || !yield(conversation.Part{Says: says}, nil) || says == conversation.Unfinished {
				return
			}
			wait = Between
		}
		reply, err := iv.begin(ctx)
		if err != nil {
			yield(conversation.Part{}, err)
			return
		}
		asked := time.Now()
		if p := reply.progress(a.Progress); p != nil && !yield(conversation.Part{Progress: p}, nil) {
			return
		}
		for _, text := range reply.Sentences {
			err := clock.Sleep(ctx, wait)
			now := time.Now()
			if !yield(conversation.Part{Text: text, Asked: asked, FirstToken: now, Completed: now}, err) || err != nil {
				return
			}
			wait = Between
		}
		if reply.Breaks {
			yield(conversation.Part{}, errThrottled)
			return
		}
		yield(conversation.Part{Cost: conversation.Cost{Tokens: price.Tokens{Input: tokens(a), Output: spoken(reply)}}}, nil)
	}
}

// spoken counts the words of a reply.
func spoken(r Reply) (n int) {
	for _, text := range r.Sentences {
		n += len(strings.Fields(text))
	}
	return n
}

// begin takes the next reply, or fails as the script says.
func (iv *interviewer) begin(ctx context.Context) (Reply, error) {
	iv.mu.Lock()
	defer iv.mu.Unlock()
	iv.calls++
	m := iv.script.Model
	if m.Stalls {
		<-ctx.Done()
		return Reply{}, context.Cause(ctx)
	}
	if m.Fails < 0 || iv.calls <= m.Fails {
		return Reply{}, errThrottled
	}
	reply := Reply{Sentences: []string{"Good.", "Go on."}}
	if iv.next < len(iv.script.Replies) {
		reply = iv.script.Replies[iv.next]
		iv.next++
	}
	return reply, nil
}

// progress returns the step that the reply takes the interview; nil = none.
func (r Reply) progress(from conversation.Progress) *conversation.Progress {
	to := from
	if r.Phase != 0 {
		to.Phase = phase(r.Phase)
	}
	if r.Exhibit != 0 {
		to.Exhibit = &channel.Exhibit{Index: r.Exhibit, Title: "Chart"}
	}
	to.Over = r.Over
	if r.Phase == 0 && r.Exhibit == 0 && !r.Over {
		return nil
	}
	return &to
}

func phase(n int) channel.Phase {
	return channel.Phase{Index: n, Of: 3, Name: fmt.Sprintf("phase %d", n)}
}

// speaker speaks at an even pace and knows what it has said.
type speaker struct {
	script *Script

	mu       sync.Mutex
	paused   bool
	switched chan struct{} // closed, and made anew, with every pause and its end
	number   int           // of utterances
	calls    int           // of those that count for failures
	speaking bool
	doubled  bool   // two utterances at a time
	said     []Said // every word that was heard, in order
}

func (s *speaker) Prepare(_ context.Context, text string) conversation.Utterance {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number++
	u := &utterance{speaker: s, number: s.number, words: strings.Fields(text), asked: time.Now()}
	fails := s.script.Voice.Fails
	if text != conversation.Defaults().Apology { // which is prepared before it is needed
		s.calls++
		u.fails = s.calls <= fails
	}
	u.fails = u.fails || fails < 0
	return u
}

// Pause implements conversation.Holder.
func (s *speaker) Pause() { s.hold(true) }

// Resume implements conversation.Holder.
func (s *speaker) Resume() { s.hold(false) }

func (s *speaker) hold(paused bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused = paused
	close(s.switched)
	s.switched = make(chan struct{})
}

// elapse waits for d, pauses not counted, and reports whether there was a pause.
func (s *speaker) elapse(ctx context.Context, d time.Duration) (told bool, err error) {
	for {
		s.mu.Lock()
		paused, switched := s.paused, s.switched
		s.mu.Unlock()
		began := time.Now()
		var done <-chan time.Time
		if !paused {
			done = time.After(d)
		}
		select {
		case <-done:
			return told, nil
		case <-switched:
		case <-ctx.Done():
			return told, context.Cause(ctx)
		}
		if !paused {
			d -= time.Since(began)
		}
		told = true
	}
}

type utterance struct {
	speaker *speaker
	number  int
	words   []string
	asked   time.Time
	fails   bool
	heard   []string
}

func (u *utterance) Play(ctx context.Context, began func(conversation.Onset)) error {
	u.speaker.floor(true)
	defer u.speaker.floor(false)
	v := u.speaker.script.Voice
	if v.Stalls {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	if err := clock.Sleep(ctx, time.Until(u.asked.Add(v.Delay))); err != nil {
		return err
	}
	if u.fails {
		return errThrottled
	}
	ready := time.Now()
	if _, err := u.speaker.elapse(ctx, 0); err != nil {
		return err
	}
	began(conversation.Onset{Utterance: u.number, Requested: u.asked, FirstAudio: ready, FirstPacket: time.Now()})
	return u.sayWords(ctx, began)
}

// sayWords says word by word; after a pause it tells what is left.
func (u *utterance) sayWords(ctx context.Context, began func(conversation.Onset)) error {
	for i, w := range u.words {
		paused, err := u.speaker.elapse(ctx, pace)
		if err != nil {
			return err
		}
		u.heard = append(u.heard, w)
		u.speaker.hear(w)
		if rest := strings.Join(u.words[i+1:], " "); paused && rest != "" {
			began(conversation.Onset{Utterance: u.number, Text: rest})
		}
	}
	return nil
}

func (u *utterance) Heard() string { return strings.Join(u.heard, " ") }

func (s *speaker) floor(taken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doubled = s.doubled || taken && s.speaking
	s.speaking = taken
}

func (s *speaker) hear(word string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = append(s.said, Said{word, time.Now()})
}
