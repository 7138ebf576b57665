package pacing

import (
	"sync"
	"time"
)

const (
	// lookEvery is for how long a verdict on the strain stands.
	lookEvery = 2 * time.Second
	// crowded is the share of its CPUs from which on a worker has enough though all is in
	// time: once packets are late for want of CPU, those who are inside suffer until
	// somebody leaves.
	crowded = 0.8
	// strained is the share of late packets from which on a worker has enough, if its CPUs
	// are half used at least: it may have less of them than it knows.
	strained = 0.01
	half     = 0.45
	// enough packets say something about all.
	enough = 100
)

// Strain tells whether the sessions of a worker suffer from each other.
type Strain struct {
	wheel *Wheel
	read  func() reading

	mu   sync.Mutex
	sent Histogram // when it was looked at last, like
	ran  reading
	now  bool
}

// Strain returns the strain of a wheel.
func (w *Wheel) Strain() *Strain { return w.strain(read) }

func (w *Wheel) strain(read func() reading) *Strain {
	return &Strain{wheel: w, read: read, sent: w.Lateness(), ran: read()}
}

// TooMuch reports whether another session would spoil those that are there: the process
// has used most of its CPU; or much of it, and one packet in a hundred goes out a frame
// late. Packets that are late for another reason are no reason to send people away.
func (s *Strain) TooMuch() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.ran.at) < lookEvery {
		return s.now
	}
	sent, ran := s.wheel.Lateness(), s.read()
	h, e := sent.Sub(s.sent), ran.since(s.ran, s.wheel.cpus())
	s.sent, s.ran = sent, ran
	late := h.Count() >= enough && h.Over(Late) > strained
	s.now = e.cpu >= crowded || late && e.cpu >= half
	return s.now
}
