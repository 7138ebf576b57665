package turns

import (
	"fmt"
	"strings"
	"time"
)

// The picture: its size and what its axes end at.
const (
	width, height = 760, 460
	left, bottom  = 60, 400
	right, top    = 740, 30
	mostWait      = 2500 * time.Millisecond
	mostCut       = 60.0
)

var colours = []string{"#0b6e4f", "#444444", "#aaaaaa", "#c2410c", "#ea9a6b", "#7c3aed", "#1d4ed8", "#be185d", "#0891b2"}

// Picture draws curves as SVG: cut-offs over waiting time.
func Picture(title string, curves []Curve) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="white"/><text x="%d" y="18" font-size="14">%s</text>`+"\n", width, height, left, title)
	axes(&b)
	for i, c := range curves {
		draw(&b, c, colours[i%len(colours)])
		fmt.Fprintf(&b, `<text x="%d" y="%d" fill="%s">%s</text>`+"\n", right-260, top+20+18*i, colours[i%len(colours)], c.Name)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func axes(b *strings.Builder) {
	for ms := 0; ms <= int(mostWait.Milliseconds()); ms += 500 {
		x := across(time.Duration(ms) * time.Millisecond)
		fmt.Fprintf(b, `<line x1="%.0f" y1="%d" x2="%.0f" y2="%d" stroke="#ddd"/><text x="%.0f" y="%d" text-anchor="middle">%d</text>`+"\n", x, top, x, bottom, x, bottom+18, ms)
	}
	for cut := 0.0; cut <= mostCut; cut += 10 {
		y := up(cut)
		fmt.Fprintf(b, `<line x1="%d" y1="%.0f" x2="%d" y2="%.0f" stroke="#ddd"/><text x="%d" y="%.0f" text-anchor="end">%.0f %%</text>`+"\n", left, y, right, y, left-6, y+4, cut)
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle">mean wait from the end of an answer to the decision, ms; upwards: pauses taken for the end</text>`+"\n", (left+right)/2, bottom+42)
}

func draw(b *strings.Builder, c Curve, colour string) {
	var path []string
	for _, p := range c.Points {
		if p.Wait > mostWait || p.Cut > mostCut {
			continue
		}
		path = append(path, fmt.Sprintf("%.1f,%.1f", across(p.Wait), up(p.Cut)))
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`+"\n", across(p.Wait), up(p.Cut), colour)
	}
	dashes := ""
	if strings.HasSuffix(c.Name, published) {
		dashes = ` stroke-dasharray="5 3"`
	}
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="1.5"%s/>`+"\n", strings.Join(path, " "), colour, dashes)
}

func across(wait time.Duration) float64 {
	return left + float64(wait)/float64(mostWait)*(right-left)
}

func up(cut float64) float64 { return bottom - cut/mostCut*(bottom-top) }
