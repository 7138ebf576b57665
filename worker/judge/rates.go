package judge

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"

	"casey.internal/shared/foundation"
	"casey.internal/worker/conversation"
)

// Rates are what a model said of so many answers that were whole, and of so many
// that went on.
type Rates struct {
	Model string `json:"model"` // a part of its name; see foundation.Has
	// Source is where and when they were measured, or whose guess they are.
	Source string `json:"source"`
	Whole  Counts `json:"whole"`
	Cut    Counts `json:"cut"`
}

// Counts are numbers of texts by what was said of them.
type Counts map[conversation.Opinion]int

// sum is the number of all texts.
func (c Counts) sum() (n int) {
	for _, count := range c {
		n += count
	}
	return n
}

// opinions is how many words there are to choose from.
const opinions = 4

// share is the share of texts of which a word was said. One text more of each word
// than there were lets a few texts prove little, and none nothing.
func (c Counts) share(o conversation.Opinion) float64 {
	return float64(c[o]+1) / float64(c.sum()+opinions)
}

// Weight is how much a word counts; see conversation.Judgement.
func (r Rates) Weight(o conversation.Opinion) float64 {
	return math.Log(r.Cut.share(o) / r.Whole.share(o))
}

//go:embed rates.json
var table []byte

// Table returns the rates of all models that have any.
func Table() ([]Rates, error) {
	var all []Rates
	if err := json.Unmarshal(table, &all); err != nil {
		return nil, fmt.Errorf("judge: rates.json: %w", err)
	}
	return all, nil
}

// RatesOf returns the rates of a model or of an inference profile by its name; false =
// there are none, and what it says counts nothing.
func RatesOf(model string) (Rates, bool) {
	all, _ := Table() // which a test reads
	for _, r := range all {
		if foundation.Has(model, r.Model) {
			return r, true
		}
	}
	return Rates{Model: model}, false
}
