package answers

import (
	"math"
	"math/rand/v2"
	"time"

	"casey.internal/worker/conversation"
)

// Kind is how long a pause is, roughly.
type Kind int

// The kinds of pause. Those of the middle and the long kind are the categories
// of Campione and Véronis, "A Large-Scale Multilingual Study of Silent Pause
// Duration", Speech Prosody 2002: about 6000 pauses, distributed as a mixture of
// log-normals with limits at 200 ms and 1 s, the long ones in spontaneous speech
// only. Thinking is the 2 to 10 s before and in answers that want a story, as
// interviewers and their guides describe it.
const (
	None Kind = iota
	Middle
	Long
	Thinking
)

// pauses are log-normal, cut off at both ends.
var pauses = map[Kind]struct {
	median, spread float64 // seconds, and of the logarithm
	least, most    float64
}{
	Middle:   {0.43, 0.45, 0.2, 1},
	Long:     {1.59, 0.45, 1, 5},
	Thinking: {3.5, 0.4, 2, 10},
}

// hesitation is how often somebody pauses where the text says nothing of it, for
// each word.
const hesitation = 0.015

// Person answers in a tempo of their own.
type Person struct {
	random *rand.Rand
	tempo  float64 // of words and pauses: 1 = usual, 2 = half as fast
	lag    float64 // of recognition, seconds
}

// NewPerson returns somebody, the same for the same random numbers.
func NewPerson(r *rand.Rand) *Person {
	return &Person{random: r, tempo: math.Exp(0.2 * r.NormFloat64()), lag: 0.2 + 0.3*r.Float64()}
}

// Speech is an answer as it is spoken: stretches of words with silence between.
type Speech struct {
	Answer
	Stretches []Stretch
	Lag       time.Duration // until a word that was said is recognised
}

// Stretch is words without a silence, from the beginning of the speech.
type Stretch struct {
	From, To time.Duration
	Words    []conversation.Word // with times since the epoch
}

// Say speaks an answer.
func (p *Person) Say(a Answer) Speech {
	s := Speech{Answer: a, Lag: seconds(p.lag)}
	at := 0.0
	for _, part := range a.Parts {
		rest := part.Words
		for len(rest) > 0 {
			n := p.run(len(rest))
			at = p.stretch(&s, at, rest[:n])
			rest = rest[n:]
			if len(rest) > 0 {
				at += p.pause(Middle)
			}
		}
		if part.Pause != None {
			at += p.pause(part.Pause)
		}
	}
	return s
}

// run returns how many of n words come before the next hesitation.
func (p *Person) run(n int) int {
	for i := 1; i < n; i++ {
		if p.random.Float64() < hesitation {
			return i
		}
	}
	return n
}

// stretch adds words from a time on and returns when they end.
func (p *Person) stretch(s *Speech, at float64, words []string) (end float64) {
	x := Stretch{From: seconds(at)}
	for _, w := range words {
		start := at
		at += p.tempo * (0.12 + 0.035*float64(len(w)))
		x.Words = append(x.Words, conversation.Word{Text: w, Start: clock(start), End: clock(at), Stable: true})
	}
	x.To = seconds(at)
	s.Stretches = append(s.Stretches, x)
	return at
}

func (p *Person) pause(k Kind) float64 {
	of := pauses[k]
	for {
		d := of.median * math.Exp(of.spread*p.random.NormFloat64()) * p.tempo
		if d >= of.least && d <= of.most {
			return d
		}
	}
}

func clock(s float64) time.Time       { return time.Unix(0, 0).Add(seconds(s)) }
func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
