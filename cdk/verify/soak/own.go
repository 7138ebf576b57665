package soak

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
)

// mine replaces what /proc says of this process by what it knows itself: the
// visitors, and under test the race detector, need memory too.
func (p *process) mine() (err error) {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	p.heap, p.resident = int64(m.HeapAlloc), 0
	p.goroutines, err = ownGoroutines()
	return err
}

// ownGoroutines counts the goroutines of this process but those of connections
// that clients and servers of net/http keep.
func ownGoroutines() (int64, error) {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		return 0, fmt.Errorf("count goroutines: %w", err)
	}
	total := int64(0)
	for stack := range strings.SplitSeq(profile.String(), "\n\n") {
		if keptConnection(stack) {
			continue
		}
		for line := range strings.Lines(stack) { // "12 @ 0x48a…": so many with this stack
			if count, _, found := strings.Cut(line, " @ "); found {
				n, err := strconv.ParseInt(count, 10, 64)
				if err != nil {
					return 0, fmt.Errorf("count goroutines: %w", err)
				}
				total += n
			}
		}
	}
	return total, nil
}

func keptConnection(stack string) bool {
	return strings.Contains(stack, "net/http.(*persistConn)") ||
		strings.Contains(stack, "net/http.(*conn).serve") && !strings.Contains(stack, "casey.internal")
}
