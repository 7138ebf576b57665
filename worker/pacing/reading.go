package pacing

import (
	"runtime"
	"runtime/metrics"
	"syscall"
	"time"
)

// Metrics of the Go runtime, both histograms in seconds.
const (
	gcPauses = "/sched/pauses/total/gc:seconds"
	cpuWaits = "/sched/latencies:seconds"
)

// reading has how the process has run since its start.
type reading struct {
	at            time.Time
	cpu           time.Duration // used by all threads
	pauses, waits *metrics.Float64Histogram
}

// read reads the runtime's metrics and the process's CPU time.
func read() reading {
	samples := []metrics.Sample{{Name: gcPauses}, {Name: cpuWaits}}
	metrics.Read(samples)
	r := reading{at: time.Now(), pauses: samples[0].Value.Float64Histogram(), waits: samples[1].Value.Float64Histogram()}
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) == nil {
		r.cpu = time.Duration(used.Utime.Nano() + used.Stime.Nano())
	}
	return r
}

// since returns what happened between an earlier reading and this one, by a process that may
// use so many CPUs.
func (r reading) since(earlier reading, cpus float64) evidence {
	return evidence{
		pause: longest(r.pauses, earlier.pauses),
		wait:  longest(r.waits, earlier.waits),
		cpu:   float64(r.cpu-earlier.cpu) / max(1, float64(r.at.Sub(earlier.at))*cpus),
	}
}

// cpus returns how many CPUs the process may use.
func (w *Wheel) cpus() float64 {
	cpus := float64(runtime.GOMAXPROCS(0))
	if w.limit > 0 {
		cpus = min(cpus, w.limit)
	}
	return cpus
}

// longest returns the lower bound of the highest bucket that has grown; 0 when none has.
func longest(now, earlier *metrics.Float64Histogram) time.Duration {
	for i := len(now.Counts) - 1; i >= 0; i-- {
		if now.Counts[i] > earlier.Counts[i] {
			return time.Duration(max(0, now.Buckets[i]) * float64(time.Second))
		}
	}
	return 0
}
