package density

import (
	"fmt"
	"strings"
)

// The picture: its size, and that of the chart in it.
const (
	width, height = 820, 420
	left, bottom  = 60, 360
	right, top    = 470, 40
)

// style has the colours of both a light and a dark page.
const style = `<style>svg{--page:#fff;--ink:#24292f;--grid:#d8dee4}@media(prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--grid:#30363d}}text{font:12px sans-serif;fill:var(--ink)}.e{text-anchor:end}.m{text-anchor:middle}.g{stroke:var(--grid)}</style>`

var colours = []string{"#8c959f", "#c9d1d9", "#2563eb", "#0b6e4f", "#34a27b", "#7c3aed", "#d97706", "#f2b04d", "#be185d", "#ea9a6b", "#0891b2", "#64748b", "#dc2626", "#444444"}

// Picture draws points as SVG: a column for each number of sessions, of the CPU time of
// a session's minute by what it went to, and a line of text for one session among others,
// beside which they would be flat.
func Picture(points []Point) string {
	var b strings.Builder
	alone := ""
	if len(points) > 1 && points[0].Sessions == 1 {
		alone = fmt.Sprintf("; one alone takes %.2f s", points[0].PerMinute)
		points = points[1:]
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="CPU time of a session's minute by what it goes to">%s`+"\n", width, height, style)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" style="fill:var(--page)"/><text x="%d" y="20">CPU seconds of a session's minute, on one core, by the number of sessions%s</text>`+"\n", left, alone)
	most := 0.0
	for _, p := range points {
		most = max(most, p.PerMinute)
	}
	for i := range 5 {
		v := most * float64(i) / 4
		fmt.Fprintf(&b, `<line class="g" x1="%d" x2="%d" y1="%.0f" y2="%.0f"/><text class="e" x="%d" y="%.0f">%.2f</text>`+"\n", left, right, up(v, most), up(v, most), left-6, up(v, most)+4, v)
	}
	wide := float64(right-left) / float64(max(1, len(points)))
	for i, p := range points {
		column(&b, &p, left+wide*float64(i), wide, most)
	}
	for i, name := range append(names(), rest) {
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="12" height="12" fill="%s"/><text x="%d" y="%d">%s</text>`+"\n", right+20, top+20*i, colours[i%len(colours)], right+40, top+11+20*i, name)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func column(b *strings.Builder, p *Point, x, wide, most float64) {
	sum := 0.0
	for i, name := range append(names(), rest) {
		v := p.Split[name]
		if v > 0 {
			fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", x+wide*0.15, up(sum+v, most), wide*0.7, up(sum, most)-up(sum+v, most), colours[i%len(colours)])
		}
		sum += v
	}
	late := ""
	if p.late() {
		late = ", late"
	}
	fmt.Fprintf(b, `<text class="m" x="%.0f" y="%d">%d%s</text><text class="m" x="%.0f" y="%d">%.2f s</text>`+"\n", x+wide/2, bottom+18, p.Sessions, late, x+wide/2, bottom+36, p.PerMinute)
}

func names() (all []string) {
	for _, g := range groups {
		all = append(all, g.name)
	}
	return all
}

func up(v, most float64) float64 { return bottom - v/max(most, 1e-9)*(bottom-top) }
