// Package price estimates what AWS charges, in US dollars: the public prices
// of us-east-1 in November 2026, before any free tier, discount or tax. The
// bill is AWS's; this is for limits, graphs and a rough figure before a deploy.
//
// https://aws.amazon.com/transcribe/pricing, /polly/pricing, /bedrock/pricing,
// /fargate/pricing, /api-gateway/pricing, /dynamodb/pricing, /sqs/pricing
package price

import (
	"strings"
	"time"
)

// Transcribe returns the price of one stream of so much audio: charged by the
// second, at least 15 of them.
func Transcribe(audio time.Duration) float64 {
	return max(audio, 15*time.Second).Minutes() * 0.024
}

// polly has dollars for a million characters, by engine.
var polly = map[string]float64{"standard": 4, "neural": 16, "generative": 30, "long-form": 100}

// Polly returns the price of so many characters. Speech marks are charged like
// audio. An engine that is not known costs what neural does.
func Polly(engine string, characters int) float64 {
	dollars, known := polly[engine]
	if !known {
		dollars = polly["neural"]
	}
	return dollars * float64(characters) / 1e6
}

// tokens are dollars for a million tokens.
type tokens struct{ in, out float64 }

// models are told by a part of their names; the first that fits counts.
var models = []struct {
	part string
	tokens
}{
	{"nova-micro", tokens{0.035, 0.14}},
	{"nova-lite", tokens{0.06, 0.24}},
	{"nova-pro", tokens{0.8, 3.2}},
	{"haiku", tokens{1, 5}},
	{"sonnet", tokens{3, 15}},
	{"opus", tokens{5, 25}},
}

// Bedrock returns the price of so many tokens. A model that is not known costs
// what Claude Sonnet does, so that a limit errs on the safe side.
func Bedrock(model string, input, output int) float64 {
	each := tokens{3, 15}
	for _, m := range models {
		if strings.Contains(model, m.part) {
			each = m.tokens
			break
		}
	}
	return (each.in*float64(input) + each.out*float64(output)) / 1e6
}

// Fargate returns the price of one task for an hour, its public IPv4 address
// included.
func Fargate(arm bool, vcpu, gigabytes float64) float64 {
	const address = 0.005
	if arm {
		return 0.03238*vcpu + 0.00356*gigabytes + address
	}
	return 0.04048*vcpu + 0.004445*gigabytes + address
}

// SpokenAMinute is how many characters the interviewer says in a minute of
// interview: 900 a minute of speech, 40 % of the time.
const SpokenAMinute = 0.4 * 900

// What the model reads and writes in a minute of interview: two replies, each of
// 5,000 tokens read and 60 written.
const (
	tokensIn  = 2 * 5000
	tokensOut = 2 * 60
	// TokensAMinute is both, as Bedrock's quota counts them.
	TokensAMinute = tokensIn + tokensOut
)

// Interview returns what an interview of this length costs in services: the
// interviewer says SpokenAMinute, each character paid for as audio and as marks,
// and the model reads and writes TokensAMinute. All that surrounds it (the
// worker's slot, messages, rows) is far less than a cent.
func Interview(d time.Duration, engine, model string) float64 {
	minutes := d.Minutes()
	return Transcribe(d) + Polly(engine, int(2*SpokenAMinute*minutes)) +
		Bedrock(model, int(tokensIn*minutes), int(tokensOut*minutes))
}
