package host

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"runtime/metrics"
	"syscall"
)

// vitals adds what the whole process holds to metrics: goroutines, the bytes that its
// last collection of garbage found in use, those of stacks and those that are resident; and what it
// has used: CPU time, and the times that one of its threads went to sleep.
func vitals(to map[string]int64) map[string]int64 {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	maps.Copy(to, map[string]int64{
		"goroutines": int64(runtime.NumGoroutine()), "resident_bytes": resident(),
		"heap_bytes": int64(samples[0].Value.Uint64()), "collections": int64(samples[1].Value.Uint64()),
		"stack_bytes": int64(samples[2].Value.Uint64()),
	})
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) == nil {
		to["cpu_us"] = (used.Utime.Nano() + used.Stime.Nano()) / 1000
		to["sleeps"] = used.Nvcsw
	}
	return to
}

// resident returns the resident memory in bytes, as Linux counts it (proc(5), statm);
// 0 elsewhere.
func resident() (bytes int64) {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages int64
	_, _ = fmt.Sscan(string(statm), &size, &pages) // 0 where it has another form
	return pages * int64(os.Getpagesize())
}
