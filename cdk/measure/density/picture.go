package density

import (
	"fmt"

	"casey.internal/cdk/measure/chart"
)

// Picture draws points as SVG: a bar for each number of sessions, of the CPU time of a
// session's minute by what it went to.
func Picture(points []Point) string {
	var parts []string
	for _, g := range groups {
		parts = append(parts, g.name)
	}
	parts = append(parts, rest)
	var bars []chart.Bar
	for _, p := range points {
		bar := chart.Bar{Name: fmt.Sprintf("%d sessions", p.Sessions), Sum: fmt.Sprintf("%.2f s", p.PerMinute)}
		if p.late() {
			bar.Name += ", late"
		}
		for _, name := range parts {
			bar.Parts = append(bar.Parts, p.Split[name])
		}
		bars = append(bars, bar)
	}
	return chart.Bars("CPU seconds of a session's minute, on one core, by the number of sessions", parts, bars)
}
