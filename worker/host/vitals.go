package host

import (
	"maps"
	"runtime"
	"runtime/metrics"
)

// vitals adds what the whole process holds to metrics: goroutines, and the
// bytes that its last collection of garbage found in use.
func vitals(to map[string]int64) map[string]int64 {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(samples)
	maps.Copy(to, map[string]int64{
		"goroutines": int64(runtime.NumGoroutine()),
		"heap_bytes": int64(samples[0].Value.Uint64()), "collections": int64(samples[1].Value.Uint64()),
	})
	return to
}
