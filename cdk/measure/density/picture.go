package density

import (
	"fmt"

	"casey.internal/cdk/measure/chart"
)

// Picture draws points as SVG: a bar for each number of sessions, of the CPU time of a
// session's minute by what it went to, and in the title one session among others, beside
// which their bars would be short.
func Picture(points []Point) string {
	title := "CPU seconds of a session's minute, on one core, by the number of sessions"
	if len(points) > 1 && points[0].Sessions == 1 {
		title += fmt.Sprintf("; one alone takes %.2f s", points[0].PerMinute)
		points = points[1:]
	}
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
	return chart.Bars(title, parts, bars)
}
