// Package chart draws the pictures of the benches as SVG, in the colours of a light and of
// a dark page: lines, and bars that are made of parts.
package chart

import (
	"fmt"
	"html"
	"strings"
)

// style has the colours of both pages.
const style = `<style>svg{--page:#fff;--ink:#24292f;--grid:#d8dee4}@media(prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--grid:#30363d}}text{font:12px sans-serif;fill:var(--ink)}.t{font-size:14px}.e{text-anchor:end}.m{text-anchor:middle}.g{stroke:var(--grid)}</style>`

var colours = []string{"#2563eb", "#0b6e4f", "#34a27b", "#d97706", "#7c3aed", "#8c959f", "#be185d", "#0891b2", "#f2b04d", "#ea9a6b", "#dc2626", "#64748b", "#c9d1d9", "#444444"}

// Colour returns the n-th of the colours that are told apart best, from 0 on.
func Colour(n int) string { return colours[n%len(colours)] }

// Tick is a place on an axis, from 0 to 1, and what is written there.
type Tick struct {
	At   float64
	Text string
}

// Line is a line through points, each from 0 to 1 on both axes.
type Line struct {
	Name, Colour string
	Dashed       bool
	Points       [][2]float64
}

// Plot says what lines are drawn into.
type Plot struct {
	Title  string
	Below  string // what the axes count
	Across []Tick
	Up     []Tick
}

// The size of lines.
const (
	width, height = 760, 460
	left, right   = 60, 740
	top, bottom   = 36, 400
	key           = 300 // of the lines' names, from the right
	row           = 18
)

// Lines draws lines, their names at the top on the right.
func Lines(p Plot, lines []Line) string {
	var b strings.Builder
	begin(&b, p.Title, width, height)
	for _, t := range p.Across {
		fmt.Fprintf(&b, `<line class="g" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/><text class="m" x="%.1f" y="%d">%s</text>`+"\n", x(t.At), x(t.At), top, bottom, x(t.At), bottom+row, text(t.Text))
	}
	for _, t := range p.Up {
		fmt.Fprintf(&b, `<line class="g" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text class="e" x="%d" y="%.1f">%s</text>`+"\n", left, right, y(t.At), y(t.At), left-6, y(t.At)+4, text(t.Text))
	}
	fmt.Fprintf(&b, `<text class="m" x="%d" y="%d">%s</text>`+"\n", (left+right)/2, bottom+42, text(p.Below))
	for i, l := range lines {
		l.draw(&b)
		fmt.Fprintf(&b, `<text x="%d" y="%d" style="fill:%s">%s</text>`+"\n", right-key, top+20+row*i, l.Colour, text(l.Name))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func (l Line) draw(b *strings.Builder) {
	var path []string
	for _, p := range l.Points {
		path = append(path, fmt.Sprintf("%.1f,%.1f", x(p[0]), y(p[1])))
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`+"\n", x(p[0]), y(p[1]), l.Colour)
	}
	dashes := ""
	if l.Dashed {
		dashes = ` stroke-dasharray="5 3"`
	}
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="1.5"%s/>`+"\n", strings.Join(path, " "), l.Colour, dashes)
}

func x(at float64) float64 { return left + at*(right-left) }
func y(at float64) float64 { return bottom - at*(bottom-top) }

// Bar is a bar made of parts.
type Bar struct {
	Name  string
	Sum   string // what is written behind it
	Parts []float64
}

// The size of bars.
const (
	barLeft, barRight = 250, 640
	barTop            = 40
	barHeight         = 24
	least             = 0.5 // what is less wide is not drawn
)

// Bars draws bars below each other, with the names of their parts above.
func Bars(title string, parts []string, bars []Bar) string {
	var b strings.Builder
	most := 1e-9
	for _, bar := range bars {
		sum := 0.0
		for _, v := range bar.Parts {
			sum += v
		}
		most = max(most, sum)
	}
	rows := (len(parts) + perRow - 1) / perRow
	first := barTop + row*rows
	begin(&b, title, width, first+barHeight*len(bars)+10)
	for i, name := range parts {
		at, down := left+i%perRow*keyWidth, 32+row*(i/perRow)
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="12" height="12" fill="%s"/><text x="%d" y="%d">%s</text>`+"\n", at, down, Colour(i), at+18, down+11, text(name))
	}
	for i, bar := range bars {
		bar.draw(&b, first+barHeight*i, (barRight-barLeft)/most)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// The names of parts stand in rows.
const (
	perRow   = 3
	keyWidth = 235
)

func (bar Bar) draw(b *strings.Builder, down int, scale float64) {
	fmt.Fprintf(b, `<text class="e" x="%d" y="%d">%s</text>`+"\n", barLeft-8, down+15, text(bar.Name))
	at := float64(barLeft)
	for i, v := range bar.Parts {
		if wide := v * scale; wide > least {
			fmt.Fprintf(b, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`+"\n", at, down+2, wide, barHeight-6, Colour(i))
		}
		at += v * scale
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%d">%s</text>`+"\n", at+6, down+15, text(bar.Sum))
}

func begin(b *strings.Builder, title string, width, height int) {
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">%s`+"\n", width, height, text(title), style)
	fmt.Fprintf(b, `<rect width="100%%" height="100%%" style="fill:var(--page)"/><text class="t" x="%d" y="20">%s</text>`+"\n", left, text(title))
}

// text is what is written, as XML wants it.
func text(s string) string { return html.EscapeString(s) }

// Every returns ticks from 0 to most, evenly, with what format writes of each value.
func Every(step, most float64, format func(float64) string) (all []Tick) {
	for v := 0.0; v <= most*(1+1e-9); v += step {
		all = append(all, Tick{v / most, format(v)})
	}
	return all
}
