package recognition

import (
	"sort"
	"sync"
	"time"
)

// splices puts the time of one stream, whose clock is the audio that it was
// given, on the time of the recognition, in which silence that was withheld
// counts too. What is spliced was silent on both sides, so that a word lies in
// one piece. The sender adds, the reader asks.
type splices struct {
	mu     sync.Mutex
	pieces []piece // in order; each lasts until the next begins
}

// piece is audio that was sent without a gap.
type piece struct{ sent, at time.Duration } // where it begins: in the stream, in the recognition

// add says that what is sent from a time of the stream on was heard from at on.
func (s *splices) add(sent, at time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pieces = append(s.pieces, piece{sent, at})
}

// of returns when something was heard that lasts from start to end by the stream's
// clock. It belongs to the piece that has its middle: a recogniser that puts a
// word's beginning a little too early does not put it before the silence.
func (s *splices) of(start, end time.Duration) (from, to time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.index(start + (end-start)/2)
	return s.within(i, start), s.within(i, end)
}

// stretch is of for what may have silence inside: each end lies where it is.
func (s *splices) stretch(start, end time.Duration) (from, to time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.index(end)
	if last > 0 && s.pieces[last].sent == end && start < end {
		last-- // an end at a splice is the end of what came before it
	}
	return s.within(s.index(start), start), s.within(last, end)
}

// index returns the piece that has a time of the stream. The caller holds the lock.
func (s *splices) index(t time.Duration) int {
	return max(0, sort.Search(len(s.pieces), func(i int) bool { return t < s.pieces[i].sent })-1)
}

// within returns a time of the stream as far as it lies in piece i, else the end of
// it that is nearer. The caller holds the lock.
func (s *splices) within(i int, t time.Duration) time.Duration {
	if len(s.pieces) == 0 {
		return t
	}
	p := s.pieces[i]
	if i+1 < len(s.pieces) {
		t = min(t, s.pieces[i+1].sent)
	}
	if i > 0 {
		t = max(t, p.sent)
	}
	return p.at + t - p.sent
}
