package recognition

import (
	"testing"
	"time"
)

const ms = time.Millisecond

// spliced is a stream that was sent what was heard from 2 s to 3 s, from 10 s to 10.5 s
// and from 20 s on.
func spliced() *splices {
	s := new(splices)
	s.add(0, 2000*ms)
	s.add(1000*ms, 10000*ms)
	s.add(1500*ms, 20000*ms)
	return s
}

func TestWordsAreWhereTheyWereHeard(t *testing.T) {
	for name, c := range map[string]struct{ start, end, from, to time.Duration }{
		"the first":                   {0, 200 * ms, 2000 * ms, 2200 * ms},
		"one that ends at a splice":   {800 * ms, 1000 * ms, 2800 * ms, 3000 * ms},
		"one that begins at a splice": {1000 * ms, 1200 * ms, 10000 * ms, 10200 * ms},
		"in the middle":               {1250 * ms, 1400 * ms, 10250 * ms, 10400 * ms},
		"in the last":                 {61500 * ms, 61600 * ms, 80000 * ms, 80100 * ms},
		"heard a little too early":    {970 * ms, 1100 * ms, 10000 * ms, 10100 * ms},
		"heard a little too long":     {850 * ms, 1030 * ms, 2850 * ms, 3000 * ms},
		"of no length":                {1000 * ms, 1000 * ms, 10000 * ms, 10000 * ms},
	} {
		if from, to := spliced().of(c.start, c.end); from != c.from || to != c.to {
			t.Errorf("%s: %v to %v, want %v to %v", name, from, to, c.from, c.to)
		}
	}
}

func TestAStretchEndsWhereItsWordsDo(t *testing.T) {
	for name, c := range map[string]struct{ start, end, from, to time.Duration }{
		"in one piece":          {100 * ms, 900 * ms, 2100 * ms, 2900 * ms},
		"with silence in it":    {500 * ms, 1600 * ms, 2500 * ms, 20100 * ms},
		"up to a splice":        {500 * ms, 1000 * ms, 2500 * ms, 3000 * ms},
		"from splice to splice": {1000 * ms, 1500 * ms, 10000 * ms, 10500 * ms},
	} {
		if from, to := spliced().stretch(c.start, c.end); from != c.from || to != c.to {
			t.Errorf("%s: %v to %v, want %v to %v", name, from, to, c.from, c.to)
		}
	}
}

func TestAStreamWithoutAudioHasItsOwnTime(t *testing.T) {
	s := new(splices)
	if from, to := s.of(ms, 2*ms); from != ms || to != 2*ms {
		t.Errorf("%v to %v", from, to)
	}
}

// FuzzSplices cuts a stream out of what was heard, with gaps and pieces as the bytes say,
// and asks for times by what is known of how it was cut.
func FuzzSplices(f *testing.F) {
	f.Add([]byte{0, 10, 5, 20}, uint16(12), uint16(3))
	f.Add([]byte{200, 1, 0, 1, 9, 255}, uint16(2), uint16(0))
	f.Fuzz(func(t *testing.T, cuts []byte, at, length uint16) {
		s := new(splices)
		heard := map[time.Duration]time.Duration{} // by each unit of the stream
		sent, position := time.Duration(0), time.Duration(0)
		for i := 0; i+1 < len(cuts); i += 2 {
			position += time.Duration(1+int(cuts[i])) * ms
			s.add(sent, position)
			for range 1 + int(cuts[i+1]) {
				heard[sent] = position
				sent, position = sent+ms, position+ms
			}
		}
		if sent == 0 {
			return
		}
		start := time.Duration(at) * ms % sent
		end := min(start+time.Duration(length)*ms, sent)
		from, to := s.stretch(start, end)
		if from != heard[start] || end > start && to != heard[end-ms]+ms {
			t.Errorf("stretch %v to %v: %v to %v, want %v to %v", start, end, from, to, heard[start], heard[end-ms]+ms)
		}
		word, wordEnd := s.of(start, end)
		if middle := start + (end-start)/2; word > wordEnd || word > heard[middle.Truncate(ms)]+ms || wordEnd < heard[middle.Truncate(ms)] || wordEnd-word > end-start {
			t.Errorf("word %v to %v: %v to %v, its middle was heard at %v", start, end, word, wordEnd, heard[middle.Truncate(ms)])
		}
		if contiguous := to-from == end-start; contiguous && (word != from || wordEnd != to) {
			t.Errorf("word %v to %v: %v to %v, want %v to %v", start, end, word, wordEnd, from, to)
		}
	})
}
