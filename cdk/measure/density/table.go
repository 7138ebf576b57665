package density

import (
	"fmt"

	"casey.internal/cdk/measure/report"
)

// The goals: of one session, and of a core that is well used.
const (
	goalAlone  = 1.5  // CPU s a session-minute
	many       = 120  // sessions from which on the goals of many count
	goalMany   = 0.16 // CPU s a session-minute
	goalMemory = 600  // KB a session
	goalOwn    = 30   // ms, p95
)

// Table returns the report of points, which were measured in this checkout.
func Table(root string, points []Point) *report.Table {
	t := report.NewTable("density", root)
	inTime := 0
	for _, p := range points {
		p.add(t)
		if !p.late() {
			inTime = p.Sessions
		}
	}
	t.Note("most sessions of those measured whose packets are in time", float64(inTime), "")
	return t
}

func (p *Point) add(t *report.Table) {
	name := func(what string) string { return fmt.Sprintf("%d: %s", p.Sessions, what) }
	switch {
	case p.Sessions == 1:
		t.AtMost(name("CPU of a session's minute"), p.PerMinute, goalAlone, "s")
	case p.Sessions >= many:
		t.AtMost(name("CPU of a session's minute"), p.PerMinute, goalMany, "s")
	default:
		t.Note(name("CPU of a session's minute"), p.PerMinute, "s")
	}
	for _, g := range p.groups() {
		t.Note(name("of it "+g), p.Split[g], "s")
	}
	t.Note(name("the worker's core in use"), 100*p.Busy, "%")
	t.Note(name("the other cores in use"), 100*p.Others, "%")
	t.Note(name("packets heard of a microphone"), p.Heard, "/s")
	t.Note(name("sleeps of its threads"), p.Sleeps, "/s")
	if p.Sessions >= many {
		t.AtMost(name("memory of a session"), p.KB, goalMemory, "KB")
	} else {
		t.Note(name("memory of a session"), p.KB, "KB")
	}
	t.Note(name("of it live heap"), p.HeapKB, "KB")
	t.Note(name("of it stacks"), p.StackKB, "KB")
	t.Note(name("goroutines of a session"), p.Goroutines, "")
	for _, q := range []float64{50, 99, 99.9} {
		t.Note(name(fmt.Sprintf("packets sent late by less than, p%g", q)), p.Sent.percentile(q), "ms")
	}
	t.Note(name("replies"), float64(len(p.Own)), "")
	t.Note(name("own share of a reply, p50"), report.Percentile(p.Own, 50), "ms")
	if p.Sessions == many {
		t.AtMost(name("own share of a reply, p95"), report.Percentile(p.Own, 95), goalOwn, "ms")
	} else {
		t.Note(name("own share of a reply, p95"), report.Percentile(p.Own, 95), "ms")
	}
	t.Note(name("sessions set up"), p.Setup, "/s")
	t.Note(name("CPU for one of them"), p.SetupMs, "ms")
}

// groups are those that the CPU time of a point went to, in the order of groups.
func (p *Point) groups() (names []string) {
	for _, g := range groups {
		if p.Split[g.name] > 0 {
			names = append(names, g.name)
		}
	}
	if p.Split[rest] > 0 {
		names = append(names, rest)
	}
	return names
}
