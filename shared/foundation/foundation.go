// Package foundation has what casey knows of the foundation models on Bedrock:
// which it asks where nobody chose one, by which names, and at what price.
//
// A model is asked through an inference profile, whose name is the model's with
// a geography before it: `eu.anthropic.claude-…` for the regions of Europe. Each
// region has those of its own geography, most have `global.`, and none has the
// others: there they are no valid identifier.
//
// https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
package foundation

import (
	"slices"
	"strings"
	"time"
)

// Model is a foundation model.
type Model struct {
	ID       string
	Launched time.Time
	Until    time.Time // it is not taken away before
	Profiles []string  // the geographies that it is asked through
	// Thinks says that the model thinks before it answers unless it is told not
	// to: half a second and more in which a candidate hears nothing.
	Thinks bool
}

// defaults are the models that are asked where nobody chose one, the best one
// first. As of 30 November 2026; make doctor says how AWS itself sees them.
//
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-cards.html
var defaults = []Model{
	{"anthropic.claude-haiku-5-5", day("2026-10-07"), day("2027-10-07"), []string{"us", "eu", "au", "jp", "global"}, true},
	{"anthropic.claude-haiku-4-5-20251001-v1:0", day("2025-10-16"), day("2026-10-01"), []string{"us", "eu", "au", "jp", "global"}, false},
}

func day(date string) time.Time {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err) // it is part of this program
	}
	return d
}

// Defaults are the models that are asked where nobody chose one, the best first.
func Defaults() []Model { return slices.Clone(defaults) }

// Geographies are what the names of inference profiles begin with.
var Geographies = []string{"us", "eu", "apac", "jp", "au", "ca", "in", "us-gov", "global"}

// geographies of the regions that have one of their own before global, most
// specific first. Regions that are not here have their continent's, if any.
var geographies = map[string][]string{
	"ap-northeast-1": {"jp", "apac"}, "ap-northeast-3": {"jp", "apac"},
	"ap-southeast-2": {"au", "apac"}, "ap-southeast-4": {"au", "apac"},
	"ca-central-1": {"us"},
	"eu-west-2":    {}, "eu-central-2": {}, // London and Zurich are not of the EU's
}

// continents are those of the other regions, by what their names begin with.
var continents = map[string][]string{"us": {"us"}, "eu": {"eu"}, "ap": {"apac"}}

// In returns the geographies that a region may ask through, the nearest first.
// GovCloud has its own alone, and China none: there is no Bedrock.
func In(region string) []string {
	switch {
	case strings.HasPrefix(region, "us-gov-"):
		return []string{"us-gov"}
	case strings.HasPrefix(region, "cn-"):
		return nil
	}
	own, known := geographies[region]
	if !known {
		continent, _, _ := strings.Cut(region, "-")
		own = continents[continent]
	}
	return append(slices.Clone(own), "global")
}

// For returns the names by which a region asks the defaults, the best model
// first. It is empty where Bedrock has none of them.
func For(region string) []string {
	var names []string
	for _, m := range defaults {
		if name := m.nameIn(region); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// small is the model that is asked for a single word where it must come at once.
//
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-cards.html
var small = Model{ID: "amazon.nova-micro-v1:0", Launched: day("2024-12-03"), Profiles: []string{"us", "eu", "apac"}}

// Small returns the name by which a region asks the small model. It is empty where
// Bedrock has none.
func Small(region string) string { return small.nameIn(region) }

// nameIn returns the name by which a region asks m; empty = it cannot.
func (m Model) nameIn(region string) string {
	for _, geography := range In(region) {
		if slices.Contains(m.Profiles, geography) {
			return geography + "." + m.ID
		}
	}
	return ""
}

// Split returns the geography and the model of an inference profile's name. The
// name of a model itself has no geography.
func Split(name string) (geography, model string) {
	if before, after, _ := strings.Cut(name, "."); slices.Contains(Geographies, before) {
		return before, after
	}
	return "", name
}

// Has reports whether a part of a name, such as `nova-micro` of `us.amazon.nova-micro-v1:0`,
// stands in it between separators.
func Has(name, part string) bool { return strings.Contains(spaced(name), spaced(part)) }

// spaced returns a name with a space before, between and after its parts.
func spaced(name string) string {
	parts := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(".-:/", r) })
	return " " + strings.Join(parts, " ") + " "
}

// Thinks reports whether the model of a name has to be told not to think.
func Thinks(name string) bool {
	_, model := Split(name)
	return slices.ContainsFunc(defaults, func(m Model) bool { return m.ID == model && m.Thinks })
}
