package pipeline

import (
	"time"

	"casey.internal/shared/price"
	"casey.internal/worker/conversation"
)

// Rates say what the services cost: by the model and the voice that are used.
type Rates struct {
	Model  string // Bedrock's model or inference profile
	Judge  string // the one that judges; empty = none does
	Engine string // of Polly
	Marks  bool   // of the voice are paid for
}

// usd returns the cost in US dollars. Recognition is charged for all that it was sent.
func (r Rates) usd(c, judged conversation.Cost, listened time.Duration) float64 {
	return price.Bedrock(r.Model, c.Tokens) + price.Bedrock(r.Judge, judged.Tokens) + price.Voice(r.Engine, r.Marks, c.Characters) +
		price.Transcribe(time.Minute)*listened.Minutes()
}
