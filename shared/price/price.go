// Package price estimates what AWS charges, in US dollars: the public prices
// of us-east-1 in November 2026, before any free tier, discount or tax. The
// bill is AWS's; this is for limits, graphs and a rough figure before a deploy.
//
// https://aws.amazon.com/transcribe/pricing, /polly/pricing, /bedrock/pricing,
// /fargate/pricing, /api-gateway/pricing, /dynamodb/pricing, /sqs/pricing
package price

import (
	"time"

	"casey.internal/shared/foundation"
)

// Date is when the prices were looked up.
const Date = "November 2026"

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

// Voice returns the price of so many characters, with the marks of their audio where those
// are wanted and the engine has them.
func Voice(engine string, marks bool, characters int) float64 {
	dollars := Polly(engine, characters)
	if marks && HasMarks(engine) {
		dollars *= 2
	}
	return dollars
}

// HasMarks reports whether an engine has speech marks: all but the generative.
//
// https://docs.aws.amazon.com/polly/latest/dg/speechmarks.html
func HasMarks(engine string) bool { return engine != "generative" }

// Tokens are how many tokens of a model were used, in JSON as the usage log has them.
type Tokens struct {
	Input      int `json:"input_tokens,omitempty"`       // read at full price
	CacheRead  int `json:"cache_read_tokens,omitempty"`  // read again, within five minutes
	CacheWrite int `json:"cache_write_tokens,omitempty"` // read, and kept to be read again
	Output     int `json:"output_tokens,omitempty"`
}

// Plus returns the sum of both.
func (t Tokens) Plus(u Tokens) Tokens {
	return Tokens{t.Input + u.Input, t.CacheRead + u.CacheRead, t.CacheWrite + u.CacheWrite, t.Output + u.Output}
}

// All returns how many tokens the model has read, whatever they cost.
func (t Tokens) All() int { return t.Input + t.CacheRead + t.CacheWrite }

// tokens are dollars for a million tokens, and what those of a cache cost, as a part of
// that for reading.
type tokens struct{ in, out, again, kept float64 }

// models are found by a part of their names (foundation.Has); the first that fits counts.
var models = []struct {
	part string
	tokens
}{
	{"nova-micro", tokens{0.035, 0.14, 0.25, 1}},
	{"nova-lite", tokens{0.06, 0.24, 0.25, 1}},
	{"nova-pro", tokens{0.8, 3.2, 0.25, 1}},
	{"haiku-5-5", tokens{0.1, 0.5, 0.1, 1.25}}, // up to 100,000 tokens read at a time
	{"haiku", tokens{1, 5, 0.1, 1.25}},
	{"sonnet-5-5", tokens{2, 10, 0.05, 1.25}},
	{"sonnet", tokens{3, 15, 0.1, 1.25}},
	{"opus-5-5", tokens{4, 20, 0.05, 1.25}},
	{"opus", tokens{5, 25, 0.1, 1.25}},
}

// nearby is what Claude costs more in one geography than wherever there is room.
const nearby = 1.1

// Bedrock returns the price of so many tokens of a model, or of an inference
// profile by its name. A model that is not known costs what Claude Sonnet does,
// so that a limit errs on the safe side.
func Bedrock(model string, t Tokens) float64 {
	each := tokens{3, 15, 1, 1.25}
	for _, m := range models {
		if foundation.Has(model, m.part) {
			each = m.tokens
			break
		}
	}
	read := float64(t.Input) + each.again*float64(t.CacheRead) + each.kept*float64(t.CacheWrite)
	dollars := (each.in*read + each.out*float64(t.Output)) / 1e6
	if geography, _ := foundation.Split(model); foundation.Has(model, "claude") && geography != "global" {
		dollars *= nearby
	}
	return dollars
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

// What quotas have to allow for in a minute of interview: more than the mean, since
// people who answer shortly have the interviewer say more.
const (
	// SpokenAMinute is the number of characters that the interviewer says: 900 a minute
	// of speech, 40 % of the time.
	SpokenAMinute = 0.4 * 900
	// TokensAMinute is what the model reads and writes, as Bedrock's quota counts it: two
	// replies, each of 6,500 tokens read and 80 written.
	TokensAMinute = 2*6500 + 2*80
)

// Means of a minute of interview, as make bench-cost measures them; its test holds the
// estimate against what it measures.
const (
	heard      = 0.59 // of it is sent to Transcribe, where silence is not
	characters = 285  // said, replies that nobody heard included

	// Bytes that the model reads, and writes. Where it takes cache points, most of them
	// were read before.
	bytesFresh, bytesAgain, bytesKept = 2300, 32000, 1500
	bytesWritten                      = 460
)

// enough is the minimum before a cache point up to which the means hold: a system prompt
// and the first words. Of models that want more, it is as if they took no points.
const enough = 1024

// Services are what an interview uses.
type Services struct {
	Engine  string // of Polly
	Model   string // of Bedrock
	Silence bool   // is sent to Transcribe too
	Marks   bool   // of the voice are wanted
}

// Interview returns what an interview of this length costs in services. All that surrounds
// it (the worker's slot, messages, rows) is less than a cent.
func Interview(d time.Duration, s Services) float64 {
	minutes, sent := d.Minutes(), d
	if !s.Silence {
		sent = time.Duration(heard * float64(d))
	}
	return Transcribe(sent) + Voice(s.Engine, s.Marks, int(characters*minutes)) +
		Bedrock(s.Model, reading(foundation.ReadingOf(s.Model), minutes))
}

// reading is what a model reads and writes in so many minutes.
func reading(r foundation.Reading, minutes float64) Tokens {
	t := Tokens{Input: bytesFresh, CacheRead: bytesAgain, CacheWrite: bytesKept, Output: bytesWritten}
	if r.Points == 0 || r.Minimum > enough {
		t = Tokens{Input: t.All(), Output: t.Output}
	}
	count := func(bytes int) int { return r.Tokens(int(float64(bytes) * minutes)) }
	return Tokens{count(t.Input), count(t.CacheRead), count(t.CacheWrite), count(t.Output)}
}
