package price_test

import (
	"math"
	"testing"
	"time"

	"casey.internal/shared/price"
)

func TestPrices(t *testing.T) {
	million, cached := price.Tokens{Input: 1e6, Output: 1e6}, price.Tokens{CacheRead: 1e6, CacheWrite: 1e6}
	for name, c := range map[string]struct{ got, want float64 }{
		"a minute heard":                {price.Transcribe(time.Minute), 0.024},
		"a second heard is 15":          {price.Transcribe(time.Second), 0.006},
		"a thousand neural characters":  {price.Polly("neural", 1000), 0.016},
		"an engine of the future":       {price.Polly("telepathic", 1000), 0.016},
		"a profile of a known model":    {price.Bedrock("us.anthropic.claude-haiku-4-5-20251001-v1:0", million), 6.6},
		"wherever there is room":        {price.Bedrock("global.anthropic.claude-haiku-4-5-20251001-v1:0", million), 6},
		"the newer one":                 {price.Bedrock("eu.anthropic.claude-haiku-5-5", million), 0.66},
		"a profile of another maker's":  {price.Bedrock("eu.amazon.nova-lite-v1:0", million), 0.3},
		"a model of the future":         {price.Bedrock("oracle", price.Tokens{Input: 1e6}), 3},
		"a cache, of the newer one":     {price.Bedrock("global.anthropic.claude-haiku-5-5", cached), 0.135},
		"a cache, of another maker's":   {price.Bedrock("amazon.nova-micro-v1:0", cached), 0.04375},
		"an hour of one vCPU and 2 GB":  {price.Fargate(true, 1, 2), 0.0445},
		"the same on x86":               {price.Fargate(false, 1, 2), 0.05437},
		"half an hour of interview":     {price.Interview(30*time.Minute, price.Services{Engine: "neural", Model: "us.anthropic.claude-haiku-5-5", Marks: true}), 0.7087},
		"the same of before":            {price.Interview(30*time.Minute, price.Services{Engine: "neural", Model: "us.anthropic.claude-haiku-4-5-20251001-v1:0", Marks: true}), 1.0127},
		"the same with all silence":     {price.Interview(30*time.Minute, price.Services{Engine: "neural", Model: "us.anthropic.claude-haiku-5-5", Silence: true, Marks: true}), 1.0039},
		"the same with no marks":        {price.Interview(30*time.Minute, price.Services{Engine: "generative", Model: "us.anthropic.claude-haiku-5-5", Marks: true}), 0.6916},
		"the same, no marks wanted":     {price.Interview(30*time.Minute, price.Services{Engine: "neural", Model: "us.anthropic.claude-haiku-5-5"}), 0.5719},
		"the same with the model Micro": {price.Interview(30*time.Minute, price.Services{Engine: "neural", Model: "nova-micro", Marks: true}), 0.7083},
	} {
		if math.Abs(c.got-c.want) > 0.0002 {
			t.Errorf("%s costs %v, want %v", name, c.got, c.want)
		}
	}
}
