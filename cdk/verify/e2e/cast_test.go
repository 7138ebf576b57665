package e2e

import (
	"regexp"
	"testing"
	"time"
)

// cast is the text of the scenes.
type cast struct {
	cough, nod   sound
	halves       [2]sentence // of one sentence
	interruption sentence
	answer       sentence // that is long enough to break off in
	time         sentence // asks for time
	unfinished   sentence
}

func casting(t *testing.T) cast {
	t.Helper()
	says := func(text string) sentence { return sentence{plain(text), "en-us", espeak(t, "en-us", text)} }
	c := cast{
		cough:        decode(tool(t, nil, "sox -R -n"+toRaw+" synth 0.12 pinknoise vol 0.8")),
		nod:          nod(t),
		halves:       [2]sentence{says("I left the company because"), says("I wanted to learn something new")},
		interruption: says("We tested every change before we put it into production"),
		answer:       says("We had a problem with the database because it was too slow"),
		time:         says("Let me take a moment to think about it"),
		unfinished:   says("My last project was a payment service for a large bank and"),
	}
	for _, turn := range people(t) {
		for _, x := range turn {
			c.give(x)
		}
	}
	return c
}

// nod is a word said in passing.
func nod(t *testing.T) sound {
	spoken := tool(t, []byte("right"), "espeak-ng --stdin --stdout -s 240 -v en-us")
	return decode(tool(t, spoken, "sox -R -V1 -t wav -"+toRaw)).trimmed()
}

// give gives a person's recording the part that it is good for, if any.
func (c *cast) give(x sentence) {
	switch x.words {
	case "he was not an ill disposed young man":
		c.interruption = x
	case "his tender successor might bear his memory":
		c.answer = x
	case "produced the block books which were the immediate predecessors of the true printed book":
		const the = 3880 * rate / 1000 // where the reader's mouth is closed for a moment
		c.halves = [2]sentence{
			{"produced the block books which were the immediate predecessors of the", x.speaker, x.sound[:the]},
			{"true printed book", x.speaker, x.sound[the:]},
		}
	}
}

// vocabulary writes what the cast says into a file for the stand-in.
func (c cast) vocabulary(t *testing.T) string {
	return writeLines(t, []string{"right", c.halves[0].words, c.halves[1].words, c.interruption.words, c.answer.words, c.time.words, c.unfinished.words})
}

var stops = regexp.MustCompile(`[.?!]\s*`)

// sentences are those of a text.
func sentences(text string) []string { return stops.Split(text, -1) }

// squeezed is the sound with no silence longer than a fifth of a second.
func (s sound) squeezed() sound {
	const most = rate / 5
	var kept sound
	silent := 0
	for at := 0; at+piece <= len(s); at += piece {
		if silent += piece; s.loud(at) {
			silent = 0
		}
		if silent <= most {
			kept = append(kept, s[at:at+piece]...)
		}
	}
	return kept
}

// longestQuiet returns the longest silence between two sounds, in
// seconds.
func (x recording) longestQuiet() float64 {
	longest, silent, begun := 0, 0, false
	for at := 0; at+piece <= len(x.sound); at += piece {
		if silent += piece; x.sound.loud(at) {
			if begun {
				longest = max(longest, silent-piece)
			}
			silent, begun = 0, true
		}
	}
	return (time.Duration(longest) * time.Second / rate).Seconds()
}
