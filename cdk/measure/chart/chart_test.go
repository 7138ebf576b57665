package chart_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"casey.internal/cdk/measure/chart"
)

// elements counts the elements of a picture by name; it fails for what is no XML.
func elements(t *testing.T, picture string) map[string]int {
	t.Helper()
	all := map[string]int{}
	for d := xml.NewDecoder(strings.NewReader(picture)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			all[e.Name.Local]++
		}
	}
}

func TestLines(t *testing.T) {
	picture := chart.Lines(chart.Plot{
		Title: "Wait & see", Below: "ms", Across: chart.Every(500, 2000, func(v float64) string { return fmt.Sprintf("%.0f", v) }), Up: []chart.Tick{{0, "0"}, {1, "1"}},
	}, []chart.Line{
		{Name: "<one>", Colour: chart.Colour(0), Points: [][2]float64{{0, 0}, {0.5, 1}, {1, 0.5}}},
		{Name: "two", Colour: chart.Colour(1), Dashed: true},
	})
	if n := elements(t, picture); n["circle"] != 3 || n["polyline"] != 2 || n["line"] != 5+2 || n["text"] != 1+1+5+2+2 {
		t.Errorf("%v in\n%s", n, picture)
	}
	if !strings.Contains(picture, `points="60.0,400.0 400.0,36.0 740.0,218.0"`) || strings.Count(picture, "dasharray") != 1 || !strings.Contains(picture, ">1500<") {
		t.Error(picture)
	}
}

func TestBars(t *testing.T) {
	picture := chart.Bars("Dollars", []string{"ears", "voice", "marks"}, []chart.Bar{
		{"as it is", "$4", []float64{1, 3, 0}}, {"half", "$2", []float64{1, 0.5, 0.5}}, {Name: "nothing"},
	})
	if n := elements(t, picture); n["rect"] != 1+3+2+3 || n["text"] != 1+3+3*2 {
		t.Errorf("%v in\n%s", n, picture)
	}
	for _, part := range []string{`x="250.0" y="60" width="97.5"`, `x="347.5" y="60" width="292.5"`, ">$4<", ">half<"} {
		if !strings.Contains(picture, part) {
			t.Errorf("no %q in\n%s", part, picture)
		}
	}
}
