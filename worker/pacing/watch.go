package pacing

import (
	"context"
	"log/slog"
	"time"
)

const (
	// Late is by how much a packet must be late to be counted as late: a frame.
	Late = 20 * time.Millisecond
	// tolerated is the share of late packets of which nothing is said.
	tolerated = 0.001
	// busy is the share of its CPUs from which on a process is short of them.
	busy = 0.9
)

// Cause is a reason for which packets were late, as far as the process can see.
type Cause string

// The causes.
const (
	GarbageCollection Cause = "garbage collection"
	BusyCPU           Cause = "a busy CPU"
	SlowSocket        Cause = "a slow socket"
	Elsewhere         Cause = "nothing in this process: the machine or another process"
)

// evidence has the longest delays of a minute, by what can keep packets waiting.
type evidence struct {
	pause time.Duration // of all goroutines, for the garbage collector
	wait  time.Duration // of a goroutine that could run, for a CPU
	write time.Duration // of a packet, while those behind it waited
	cpu   float64       // share of the process's CPUs that it used, 0 to 1
}

// cause names what explains a packet that was late. A write that took long
// because the process stood still is not the socket's fault.
func (e evidence) cause() Cause {
	enough := max(Late, e.write) / 2
	switch {
	case e.pause >= enough:
		return GarbageCollection
	case e.wait >= enough || e.cpu >= busy:
		return BusyCPU
	case e.write >= enough:
		return SlowSocket
	}
	return Elsewhere
}

// Watch warns once a minute while more than one packet in a thousand is late, with
// the cause that it can name, until ctx ends.
func (w *Wheel) Watch(ctx context.Context, log *slog.Logger) error { return w.watch(ctx, log, read) }

func (w *Wheel) watch(ctx context.Context, log *slog.Logger, read func() reading) error {
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	sent, ran := w.Lateness(), read()
	for {
		select {
		case <-minute.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		sentNow, ranNow := w.Lateness(), read()
		e := ranNow.since(ran, w.cpus())
		e.write = time.Duration(w.longest.Swap(0))
		if h := sentNow.Sub(sent); h.Over(Late) > tolerated {
			log.Warn("audio is sent late", "cause", string(e.cause()), "late", h.Late(Late), "packets", h.Count(),
				"longest_gc_pause", e.pause, "longest_wait_for_cpu", e.wait, "longest_write", e.write, "cpu", e.cpu)
		}
		sent, ran = sentNow, ranNow
	}
}
