// Package price knows what the services cost. The prices are data, in
// prices.json, with their source and date.
package price

import (
	_ "embed"
	"encoding/json"
	"strings"
	"time"
)

//go:embed prices.json
var data []byte

// list is prices.json, in US dollars.
type list struct {
	Source string  `json:"source"`
	Date   string  `json:"date"`
	Models []model `json:"models"`
	// Voices by Polly's engine, for a million characters.
	Voices map[string]float64 `json:"voices"`
	// Recognition of a minute of audio by Transcribe.
	Recognition float64 `json:"recognition"`
}

// model is the price of a million tokens of a model whose id has this name in it.
type model struct {
	Name   string  `json:"name"`
	Input  float64 `json:"input"`
	Output float64 `json:"output"`
}

// Rates are what one model, one voice and recognition cost. The zero Rates are
// of services that cost nothing.
type Rates struct {
	input, output, character, second float64
}

// For returns the rates of a Bedrock model or inference profile and of a Polly
// engine. What is not in the list costs nothing, and known is false.
func For(modelID, engine string) (r Rates, known bool) {
	var prices list
	if err := json.Unmarshal(data, &prices); err != nil {
		return Rates{}, false
	}
	r.second = prices.Recognition / 60
	voice, known := prices.Voices[engine]
	r.character = voice / 1e6
	for _, m := range prices.Models {
		if strings.Contains(modelID, m.Name) {
			r.input, r.output = m.Input/1e6, m.Output/1e6
			return r, known
		}
	}
	return r, false
}

// Usage is what was used of the services.
type Usage struct {
	InputTokens, OutputTokens int
	Characters                int // given to the voice; its marks are billed like its audio
	Audio                     time.Duration
}

// USD is what u costs.
func (r Rates) USD(u Usage) float64 {
	return r.input*float64(u.InputTokens) + r.output*float64(u.OutputTokens) +
		2*r.character*float64(u.Characters) + r.second*u.Audio.Seconds()
}
