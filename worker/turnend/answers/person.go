package answers

import (
	"math"
	"math/rand/v2"
	"time"

	"casey.internal/worker/transcript"
)

// Kind is the rough length of a pause.
type Kind int

// The kinds of pause. Those of the middle and the long kind are the categories
// of Campione and Véronis, "A Large-Scale Multilingual Study of Silent Pause
// Duration", Speech Prosody 2002: about 6000 pauses, distributed as a mixture of
// log-normals with limits at 200 ms and 1 s, the long ones in spontaneous speech
// only. Thinking is the 2 to 10 s before and in answers that want a story, as
// interviewers and their guides describe it.
//
// How true that is, silence alone shows, which needs no words: in the answers of
// a conversation it takes 10 % of the pauses for an end after 1.0 s, and 5 % after
// 1.6 s, the same as in the recordings of eot-bench (github.com/livekit/eot-bench,
// English); after 0.6 s 38 %, there 22 %.
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

// hesitation is the share of places where somebody pauses though the text has none, for
// each word.
const hesitation = 0.015

// By how many dB a voice falls in the last 300 ms before a silence. Measured on
// twelve recordings of sentences, by the voice detector: 3.7 at their ends, with
// a deviation of 3.7, and 0.0 before ten pauses within them (TestFallOfVoices of
// cdk/measure/turns). Those are read, by a few people; who talks freely may
// finish a sentence and go on. So half of the difference is taken, with the
// larger deviation for both.
const (
	fallAtEnd   = 2.8
	fallAtPause = 0.9
	fallSpread  = 3.7
)

// Person answers in a tempo of their own.
type Person struct {
	random *rand.Rand
	voice  *rand.Rand // of the level: apart, so that words and pauses are the same without it
	tempo  float64    // of words and pauses: 1 = usual, 2 = half as fast
	lag    float64    // of recognition, seconds
}

// NewPerson returns somebody, the same for the same random numbers.
func NewPerson(r *rand.Rand) *Person {
	p := &Person{random: r, tempo: math.Exp(0.2 * r.NormFloat64()), lag: 0.2 + 0.3*r.Float64()}
	p.voice = rand.New(rand.NewPCG(math.Float64bits(p.tempo), math.Float64bits(p.lag)))
	return p
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
	Words    []transcript.Word // with times since the epoch
	Fall     float64           // of the voice in its last 300 ms, dB
}

// Say speaks an answer.
func (p *Person) Say(a Answer) Speech {
	s := p.words(a)
	for i := range s.Stretches {
		mean := fallAtPause
		if i == len(s.Stretches)-1 {
			mean = fallAtEnd
		}
		s.Stretches[i].Fall = mean + fallSpread*p.voice.NormFloat64()
	}
	return s
}

// words is an answer as it is spoken, but for the voice.
func (p *Person) words(a Answer) Speech {
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
		x.Words = append(x.Words, transcript.Word{Text: w, Start: clock(start), End: clock(at), Stable: true})
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
