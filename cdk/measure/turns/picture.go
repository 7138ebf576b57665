package turns

import (
	"fmt"
	"strings"
	"time"

	"casey.internal/cdk/measure/chart"
)

// What the axes end at.
const (
	mostWait = 2500 * time.Millisecond
	mostCut  = 60.0
)

// Picture draws curves as SVG: cut-offs over waiting time.
func Picture(title string, curves []Curve) string {
	var lines []chart.Line
	for i, c := range curves {
		l := chart.Line{Name: c.Name, Colour: chart.Colour(i), Dashed: strings.HasSuffix(c.Name, published)}
		for _, p := range c.Points {
			if p.Wait <= mostWait && p.Cut <= mostCut {
				l.Points = append(l.Points, [2]float64{float64(p.Wait) / float64(mostWait), p.Cut / mostCut})
			}
		}
		lines = append(lines, l)
	}
	return chart.Lines(chart.Plot{
		Title: title, Below: "mean wait from the end of an answer to the decision, ms; upwards: pauses taken for the end",
		Across: chart.Every(500, float64(mostWait.Milliseconds()), func(ms float64) string { return fmt.Sprintf("%.0f", ms) }),
		Up:     chart.Every(10, mostCut, func(cut float64) string { return fmt.Sprintf("%.0f %%", cut) }),
	}, lines)
}
