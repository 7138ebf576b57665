package latency

import (
	"fmt"
	"math"
	"strings"
	"time"

	"casey.internal/cdk/measure/report"
)

// The picture: its size and what its axes end at.
const (
	width, height = 760, 420
	left, bottom  = 60, 350
	right, top    = 740, 40
	mostWait      = 7000 // ms
	mostSessions  = 80
)

// series is a line of the picture: ms by interviews at a time.
type series struct {
	name, colour, dashes string
	points               []point
}

type point struct {
	sessions int
	ms       float64
}

// peers are what was measured of others with the same sentence, delays and processor, p50. More at a
// time than are here left most turns unanswered.
var peers = []series{
	{"Pipecat 1.14.0", "#c2410c", "", []point{{1, 3085}, {5, 3237}, {10, 6000}}},
	{"LiveKit Agents 1.8.9", "#1d4ed8", "", []point{{1, 2348}, {5, 2635}, {10, 4200}}},
}

// Picture draws, as SVG, how long a reply is waited for, by how many talk at a time.
func Picture(runs []Run) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="white"/><text x="%d" y="20" font-size="14">From the last sound of an answer to the first of the reply</text>`+"\n", width, height, left)
	axes(&b)
	for i, s := range append(measured(runs), peers...) {
		s.draw(&b)
		fmt.Fprintf(&b, `<text x="%d" y="%d" fill="%s">%s</text>`+"\n", right-290, top+20+18*i, s.colour, s.name)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// measured are casey's lines: p50 and p95 of each lag.
func measured(runs []Run) (all []series) {
	colours := []string{"#0b6e4f", "#7c3aed", "#0891b2", "#444444"}
	var lags []time.Duration
	for _, r := range runs {
		if n := len(lags); n == 0 || lags[n-1] != r.Lag {
			lags = append(lags, r.Lag)
			name := "casey"
			if r.Lag > 0 {
				name = fmt.Sprintf("casey, words recognised %v late", r.Lag)
			}
			colour := colours[n%len(colours)]
			all = append(all, series{name + ", p50", colour, "", nil}, series{name + ", p95", colour, "5 3", nil})
		}
		middle, tail := &all[len(all)-2], &all[len(all)-1]
		middle.points = append(middle.points, point{r.Sessions, report.Percentile(r.Waits, 50)})
		tail.points = append(tail.points, point{r.Sessions, report.Percentile(r.Waits, 95)})
	}
	return all
}

func axes(b *strings.Builder) {
	for _, n := range []int{1, 5, 10, 20, 60} {
		line(b, across(n), top, across(n), bottom)
		fmt.Fprintf(b, `<text x="%.0f" y="%d" text-anchor="middle">%d</text>`+"\n", across(n), bottom+18, n)
	}
	for ms := 0.0; ms <= mostWait; ms += 1000 {
		line(b, left, up(ms), right, up(ms))
		fmt.Fprintf(b, `<text x="%d" y="%.0f" text-anchor="end">%.0f s</text>`+"\n", left-6, up(ms)+4, ms/1000)
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle">interviews at a time, on two cores; Pipecat and LiveKit: p50</text>`+"\n", (left+right)/2, bottom+42)
}

func line(b *strings.Builder, x1, y1, x2, y2 float64) {
	fmt.Fprintf(b, `<line x1="%.0f" y1="%.0f" x2="%.0f" y2="%.0f" stroke="#ddd"/>`+"\n", x1, y1, x2, y2)
}

func (s series) draw(b *strings.Builder) {
	var path []string
	for _, p := range s.points {
		x, y := across(p.sessions), up(min(p.ms, mostWait))
		path = append(path, fmt.Sprintf("%.1f,%.1f", x, y))
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`+"\n", x, y, s.colour)
	}
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="1.5" stroke-dasharray="%s"/>`+"\n", strings.Join(path, " "), s.colour, s.dashes)
}

// across is where a number of interviews is: its logarithm.
func across(sessions int) float64 {
	return left + 20 + math.Log(float64(max(1, sessions)))/math.Log(mostSessions)*(right-left-20)
}

func up(ms float64) float64 { return bottom - ms/mostWait*(bottom-top) }
