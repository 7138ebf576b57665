package fleet

import (
	"fmt"
	"math"
	"strings"
)

// The picture: three panels a row, each with three charts above each other.
const (
	pictureWidth  = 900
	panelWidth    = 300
	panelHeight   = 290
	headHeight    = 34
	chartLeft     = 44 // of a chart within its panel
	chartWidth    = 240
	chartHeight   = 58
	chartDistance = 78
	chartsTop     = 34
	points        = 110 // of a line at most
)

// style has the colours of both a light and a dark page.
const style = `<style>
svg{--page:#fff;--ink:#24292f;--pale:#6e7781;--grid:#d8dee4;--come:#8c959f;--talk:#2563eb;--room:#d97706;--wait:#dc2626}
@media(prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--pale:#9198a1;--grid:#30363d;--come:#768390;--talk:#60a5fa;--room:#fbbf24;--wait:#f87171}}
text{font:11px sans-serif;fill:var(--pale)}.b{font-weight:600;fill:var(--ink)}.e{text-anchor:end}.m{text-anchor:middle}
path{fill:none;stroke-width:1.4}.g{stroke:var(--grid);stroke-width:1}
.come{fill:var(--come);fill-opacity:.45;stroke:none}.talk{stroke:var(--talk);fill:var(--talk);fill-opacity:.18}.room{stroke:var(--room)}.wait{stroke:var(--wait);fill:var(--wait);fill-opacity:.25}
</style>`

// Picture draws results as SVG: for each who came, who talked in how much room,
// and who waited, over the hours.
func Picture(results []Result) string {
	rows := (len(results) + 2) / 3
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="arrivals, interviews, slots and waiting over time">%s`+"\n", pictureWidth, headHeight+rows*panelHeight, style)
	b.WriteString(`<rect width="100%" height="100%" style="fill:var(--page)"/>` + "\n")
	legend(&b)
	for i, r := range results {
		panel(&b, r, i%3*panelWidth, headHeight+i/3*panelHeight)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func legend(b *strings.Builder) {
	x := chartLeft
	for _, entry := range []struct{ class, text string }{
		{"come", "arrivals an hour"}, {"talk", "interviews"}, {"room", "slots of running workers"}, {"wait", "waiting"},
	} {
		fmt.Fprintf(b, `<path class="%s" d="M%d 20h18v-8h-18z"/><text x="%d" y="20">%s</text>`+"\n", entry.class, x, x+24, entry.text)
		x += 40 + 7*len(entry.text)
	}
}

func panel(b *strings.Builder, r Result, x, y int) {
	fmt.Fprintf(b, `<g transform="translate(%d %d)"><text class="b" x="%d" y="14">%s</text>`+"\n", x, y, chartLeft, r.Title)
	come, talk, room, wait := lines(r.Series)
	chart(b, 0, "come", come)
	chart(b, 1, "talk", talk, "room", room)
	chart(b, 2, "wait", wait)
	hours(b, r.Series)
	b.WriteString("</g>\n")
}

// lines are the four lines of a panel, each with as many points as are drawn:
// arrivals an hour as they were on average, all else at its highest.
func lines(series []Sample) (come, talk, room, wait []float64) {
	each := max(1, (len(series)+points-1)/points)
	for from := 0; from < len(series); from += each {
		part := series[from:min(from+each, len(series))]
		var c, t, r, w float64
		for _, s := range part {
			c += float64(s.Arrivals) / float64(len(part)) / sampleEvery.Hours()
			t, r, w = max(t, float64(s.Active)), max(r, float64(s.Capacity)), max(w, float64(s.Waiting))
		}
		come, talk, room, wait = append(come, c), append(talk, t), append(room, r), append(wait, w)
	}
	return come, talk, room, wait
}

// chart draws lines, each after the name of its class, on one scale.
func chart(b *strings.Builder, row int, classes ...any) {
	top := 1.0
	for _, c := range classes {
		if line, ok := c.([]float64); ok {
			for _, v := range line {
				top = max(top, v)
			}
		}
	}
	top = round(top)
	y := chartsTop + row*chartDistance
	fmt.Fprintf(b, `<path class="g" d="M%d %dh%dM%d %dh%d"/><text class="e" x="%d" y="%d">%s</text><text class="e" x="%d" y="%d">0</text>`+"\n",
		chartLeft, y, chartWidth, chartLeft, y+chartHeight, chartWidth, chartLeft-5, y+4, thousands(int(top)), chartLeft-5, y+chartHeight+4)
	for i := 0; i+1 < len(classes); i += 2 {
		class, line := classes[i].(string), classes[i+1].([]float64)
		fmt.Fprintf(b, `<path class="%s" d="%s"/>`+"\n", class, trace(line, top, y+chartHeight, class != "room"))
	}
}

// trace is a line as the data of a path; a filled one is closed along its base.
func trace(line []float64, top float64, base int, filled bool) string {
	var d strings.Builder
	command := "M"
	if filled {
		fmt.Fprintf(&d, "M%d %d", chartLeft, base)
		command = "L"
	}
	for i, v := range line {
		x := chartLeft + float64(i)/float64(max(1, len(line)-1))*chartWidth
		fmt.Fprintf(&d, "%s%.0f %.1f", command, x, float64(base)-v/top*chartHeight)
		command = "L"
	}
	if filled {
		fmt.Fprintf(&d, "V%dZ", base)
	}
	return d.String()
}

func hours(b *strings.Builder, series []Sample) {
	if len(series) == 0 {
		return
	}
	whole := float64(series[len(series)-1].Seconds) / 3600
	step := 1
	for whole/float64(step) > 6 {
		step *= 2
	}
	for h := 0; float64(h) <= whole+0.01; h += step {
		x := chartLeft + float64(h)/whole*chartWidth
		fmt.Fprintf(b, `<text class="m" x="%.0f" y="%d">%d h</text>`, x, chartsTop+2*chartDistance+chartHeight+16, h)
	}
	b.WriteString("\n")
}

// round is the next number above that reads well.
func round(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, times := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8, 10} {
		if v <= times*unit {
			return math.Ceil(times * unit)
		}
	}
	return v
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}
