package downstream_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/worker/conversation"
	"casey.internal/worker/downstream"
	"casey.internal/worker/downstream/downstreamtest"
	"casey.internal/worker/speech"
)

// sentence is one that the model thinks of some time after the one before.
type sentence struct {
	after time.Duration
	text  string
}

// stage is a voice before a page.
type stage struct {
	page  *downstreamtest.Page
	polly *downstreamtest.Synthesizer
	voice *downstream.Voice
}

func newStage(size int) *stage {
	s := &stage{page: &downstreamtest.Page{Max: size}, polly: &downstreamtest.Synthesizer{}}
	s.voice = downstream.New(downstream.Config{Synthesizer: s.polly, Out: s.page, MaxMessage: size})
	return s
}

// told collects what a reply reported.
type told struct {
	onsets []conversation.Onset
	heard  []string
	over   time.Time
}

// say says a reply as a conversation does, and returns when it is over.
func (s *stage) say(ctx context.Context, sentences ...sentence) (t told, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	speaker, whole := s.voice.Recite()
	prepared := make(chan conversation.Utterance, len(sentences))
	go func() {
		defer close(prepared)
		for _, next := range sentences {
			time.Sleep(next.after)
			prepared <- speaker.Prepare(ctx, next.text)
		}
		whole()
	}()
	defer func() { t.over = time.Now() }()
	for u := range prepared {
		err := u.Play(ctx, func(o conversation.Onset) { t.onsets = append(t.onsets, o) })
		if u.Heard() != "" {
			t.heard = append(t.heard, u.Heard())
		}
		if err != nil {
			return t, err
		}
	}
	return t, nil
}

// settle lets the page finish, and checks that it could stand everything.
func (s *stage) settle(t *testing.T) {
	t.Helper()
	time.Sleep(time.Minute)
	s.voice.Close()
	for _, fault := range s.page.Faults() {
		t.Error(fault)
	}
}

// spoken is a sentence of so many words, the first of which names it.
func spoken(name string, words int) string {
	return strings.TrimSpace(name + strings.Repeat(" and", words-1))
}

func at(d time.Duration, name string, words int) sentence { return sentence{d, spoken(name, words)} }

const second = time.Second

// binaries returns when the binary messages of a reply came, after the first.
func binaries(r downstreamtest.Reply) (times []time.Duration) {
	for _, m := range r.Messages {
		if m.Bytes > 0 {
			times = append(times, m.At.Sub(r.Began))
		}
	}
	return times
}

func TestReplies(t *testing.T) {
	for name, c := range map[string]struct {
		size      int
		polly     time.Duration // how long it takes for the first
		sentences []sentence
		want      []string          // what the page played, reply by reply
		messages  [][]time.Duration // when they came
	}{
		"one sentence": {
			sentences: []sentence{at(0, "one", 8)},
			want:      []string{spoken("one", 8)}, messages: [][]time.Duration{{0}},
		},
		"all there at once": {
			polly:     200 * time.Millisecond,
			sentences: []sentence{at(0, "one", 8), at(0, "two", 8), at(0, "three", 8)},
			want:      []string{spoken("one", 8) + " " + spoken("two", 8) + " " + spoken("three", 8)}, messages: [][]time.Duration{{0}},
		},
		"the rest comes while the first is played": {
			polly:     200 * time.Millisecond,
			sentences: []sentence{at(0, "one", 8), at(400*time.Millisecond, "two", 8), at(400*time.Millisecond, "three", 8)},
			want:      []string{spoken("one", 8) + " " + spoken("two", 8) + " " + spoken("three", 8)}, messages: [][]time.Duration{{0, 600 * time.Millisecond}},
		},
		"the rest comes too soon": {
			polly:     50 * time.Millisecond,
			sentences: []sentence{at(0, "one", 8), at(100*time.Millisecond, "two", 8)},
			want:      []string{spoken("one", 8) + " " + spoken("two", 8)}, messages: [][]time.Duration{{0, 550 * time.Millisecond}},
		},
		"the first is too short to wait behind": {
			sentences: []sentence{at(0, "one", 2), at(second, "two", 8)},
			want:      []string{spoken("one", 2) + " " + spoken("two", 8)}, messages: [][]time.Duration{{0}},
		},
		"the first is short and the rest far away": {
			sentences: []sentence{at(0, "one", 2), at(4*second, "two", 8)},
			want:      []string{spoken("one", 2), spoken("two", 8)}, messages: [][]time.Duration{{0}, {0}},
		},
		"a slow model": {
			sentences: []sentence{at(0, "one", 8), at(second, "two", 8), at(3*second, "three", 8)},
			want:      []string{spoken("one", 8) + " " + spoken("two", 8), spoken("three", 8)},
			messages:  [][]time.Duration{{0, 1896 * time.Millisecond}, {0}},
		},
		"a message that fits half": {
			size:      40 << 10, // 6.8 s
			sentences: []sentence{at(0, "one", 10), at(second, "two", 10), at(0, "three", 10), at(0, "four", 10)},
			want:      []string{spoken("one", 10) + " " + spoken("two", 10) + " " + spoken("three", 10), spoken("four", 10)},
			messages:  [][]time.Duration{{0, second}, {0}},
		},
		"a sentence that does not fit": {
			size:      20 << 10, // 3.4 s
			sentences: []sentence{at(0, "one", 30)},
			want:      []string{spoken("one", 20), strings.TrimPrefix(spoken("one", 11), "one ")},
			messages:  [][]time.Duration{{0, 550 * time.Millisecond}, {0}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(c.size)
				s.polly.Audios = func(text string) (time.Duration, error) {
					if strings.HasPrefix(text, "one") {
						return c.polly, nil
					}
					return 0, nil
				}
				told, err := s.say(t.Context(), c.sentences...)
				s.settle(t)
				if err != nil || len(told.heard) != len(c.sentences) || len(told.onsets) != len(c.sentences) {
					t.Errorf("%v, heard %q", err, told.heard)
				}
				if got := s.page.Said(); !slices.Equal(got, c.want) {
					t.Errorf("played %q\nwant   %q", got, c.want)
				}
				checkReplies(t, s.page.Replies(), c.messages)
			})
		})
	}
}

// checkReplies checks when messages came, and where visemes are.
func checkReplies(t *testing.T, replies []downstreamtest.Reply, messages [][]time.Duration) {
	t.Helper()
	for i, r := range replies {
		if i < len(messages) && !slices.Equal(binaries(r), messages[i]) {
			t.Errorf("messages %v, want %v", binaries(r), messages[i])
		}
		var want []time.Duration
		for w := range r.Said {
			want = append(want, time.Duration(w)*downstreamtest.Word)
		}
		got := slices.DeleteFunc(slices.Clone(r.Visemes), func(at time.Duration) bool { return at%downstreamtest.Word != 0 })
		if !slices.Equal(got, want) {
			t.Errorf("visemes at %v\nwant %v", got, want)
		}
		if i > 0 && r.Began.Before(replies[i-1].Began.Add(replies[i-1].Length+500*time.Millisecond)) {
			t.Errorf("reply %d begins %v after one of %v", i, r.Began.Sub(replies[i-1].Began), replies[i-1].Length)
		}
	}
}

// The conversation goes by when sentences begin and end.
func TestWhatTheConversationLearns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(0)
		began := time.Now()
		s.polly.Audios = func(string) (time.Duration, error) { return 300 * time.Millisecond, nil }
		told, err := s.say(t.Context(), at(0, "one", 10), at(second, "two", 5))
		if err != nil {
			t.Fatal(err)
		}
		first, next := told.onsets[0], told.onsets[1]
		if first.Utterance != 1 || first.Requested != began || first.FirstAudio.Sub(began) != 300*time.Millisecond ||
			first.FirstPacket != first.FirstAudio || first.Text != spoken("one", 10) || len(first.Words) != 10 {
			t.Errorf("onset %+v", first)
		}
		if after := next.FirstPacket.Sub(first.FirstPacket); after != 10*downstreamtest.Word {
			t.Errorf("the second sentence begins after %v", after)
		}
		if after := told.over.Sub(first.FirstPacket); after != 15*downstreamtest.Word+500*time.Millisecond {
			t.Errorf("over after %v", after)
		}
		s.settle(t)
	})
}

func TestFailures(t *testing.T) {
	down := errors.New("polly is down")
	for name, c := range map[string]struct {
		fails string
		said  []string
		heard int
	}{
		"the first":   {"one", nil, 0},
		"the second":  {"two", []string{spoken("one", 8)}, 1},
		"the third":   {"three", []string{spoken("one", 8) + " " + spoken("two", 8)}, 2},
		"nothing but": {"marks", []string{spoken("one", 8) + " " + spoken("two", 8) + " " + spoken("three", 8)}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(0)
				s.polly.Audios = func(text string) (time.Duration, error) {
					if strings.HasPrefix(text, c.fails) {
						return 2 * second, down
					}
					return 0, nil
				}
				s.polly.Marked = func(string) (time.Duration, error) { return 0, down }
				told, err := s.say(t.Context(), at(0, "one", 8), at(0, "two", 8), at(0, "three", 8))
				s.settle(t)
				if c.fails == "marks" && err != nil || c.fails != "marks" && !errors.Is(err, down) || len(told.heard) != c.heard {
					t.Errorf("%v, heard %q", err, told.heard)
				}
				if got := s.page.Said(); !slices.Equal(got, c.said) {
					t.Errorf("played %q", got)
				}
			})
		})
	}
}

func TestAudioDoesNotWaitForMarksForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(0)
		s.polly.Marked = func(string) (time.Duration, error) { return 10 * second, nil }
		began := time.Now()
		if _, err := s.say(t.Context(), at(0, "one", 8)); err != nil {
			t.Error(err)
		}
		if r := s.page.Replies()[0]; r.Began.Sub(began) != 500*time.Millisecond || len(r.Visemes) != 0 {
			t.Errorf("began after %v with %d visemes", r.Began.Sub(began), len(r.Visemes))
		}
		s.settle(t)
	})
}

// What was sent cannot be taken back: the next reply waits until it was played.
func TestAReplyThatIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(0)
		ctx, cancel := context.WithTimeout(t.Context(), 2*second)
		defer cancel()
		told, err := s.say(ctx, at(0, "one", 10), at(10*second, "two", 5))
		if !errors.Is(err, context.DeadlineExceeded) || len(told.heard) != 1 || told.heard[0] != spoken("one", 6) {
			t.Errorf("%v, heard %q", err, told.heard)
		}
		u := s.voice.Prepare(t.Context(), spoken("sorry", 4))
		if err := u.Play(t.Context(), func(conversation.Onset) {}); err != nil || u.Heard() != spoken("sorry", 4) {
			t.Errorf("%v, heard %q", err, u.Heard())
		}
		s.settle(t)
		if got, want := s.page.Said(), []string{spoken("one", 10), spoken("sorry", 4)}; !slices.Equal(got, want) {
			t.Errorf("played %q", got)
		}
		checkReplies(t, s.page.Replies(), nil)
	})
}

func TestNothingToSaySendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(0)
		told, err := s.say(t.Context(), sentence{0, "**"}, sentence{0, "..."})
		if err != nil || len(told.heard) != 0 || len(told.onsets) != 0 || len(s.page.Replies()) != 0 {
			t.Errorf("%v, %+v, %+v", err, told, s.page.Replies())
		}
		s.settle(t)
	})
}

func TestAPageThatWasLostGetsWhatItMissesLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(0)
		if _, err := s.say(t.Context(), at(0, "one", 10)); err != nil {
			t.Error(err)
		}
		s.voice.Delayed(time.Now().Add(-time.Second)) // it was just about to play the end
		back := time.Now()
		u := s.voice.Prepare(t.Context(), spoken("two", 3))
		if err := u.Play(t.Context(), func(conversation.Onset) {}); err != nil {
			t.Error(err)
		}
		if waited := s.page.Replies()[1].Began.Sub(back); waited != 10*downstreamtest.Word+500*time.Millisecond {
			t.Errorf("waited for %v", waited)
		}
		s.settle(t)
	})
}

// The page hears every sentence whatever the services take their time for, and
// is never told more than it can stand.
func TestAnyTiming(t *testing.T) {
	for seed := range uint64(100) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { anyTiming(t, seed) })
		})
	}
}

// unmarkedEnd is a synthesizer whose marks do not say when the mouth closes.
type unmarkedEnd struct{ *downstreamtest.Synthesizer }

func (s unmarkedEnd) Marks(ctx context.Context, text string) ([]speech.Mark, error) {
	marks, err := s.Synthesizer.Marks(ctx, text)
	return marks[:len(marks)-1], err
}

func TestTheMouthClosesWithItsAudio(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(0)
		s.voice = downstream.New(downstream.Config{Synthesizer: unmarkedEnd{s.polly}, Out: s.page})
		if _, err := s.say(t.Context(), at(0, "one", 8)); err != nil {
			t.Error(err)
		}
		s.settle(t)
		r := s.page.Replies()[0]
		if last := r.Visemes[len(r.Visemes)-1]; len(r.Visemes) != 9 || last != r.Length {
			t.Errorf("%d visemes, the last at %v of %v", len(r.Visemes), last, r.Length)
		}
	})
}

// A reply may be thought of that is never said.
func TestLittleIsSynthesisedOfAReplyThatMayNotBeSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(0)
		ctx, cancel := context.WithCancel(t.Context())
		speaker, whole := s.voice.Recite()
		for _, name := range []string{"one", "two", "three", "four"} {
			speaker.Prepare(ctx, spoken(name, 5))
		}
		whole()
		time.Sleep(second)
		cancel()
		s.settle(t)
		if n := len(s.polly.Texts()); n != 2 {
			t.Errorf("%d sentences were synthesised", n)
		}
	})
}
