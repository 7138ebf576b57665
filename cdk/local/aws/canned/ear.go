// Package canned stands in for the engines where they would cost too much: for benches. What it hears and says is written down.
package canned

import (
	"encoding/binary"
	"strings"
	"time"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/cdk/local/aws/oggopus"
	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/transcript"
)

// Marker is the language model name of a stream whose PCM is all of one byte: every chunk that has another belongs to another stream.
const Marker = "marker"

const (
	// rest is how long a speaker who never pauses is taken to pause between two utterances.
	rest = 3 * time.Second
	// quietPacket is the most bytes that 20 ms of silence have.
	quietPacket = 24
	// quietLevel is the mean amplitude of silence.
	quietLevel = 200
)

// Reply is what the canned model says to everything. Its first sentence is too
// long for a worker to remember and has no comma to begin with a part of it:
// each time the voice has to be asked for.
func Reply(converse.Request) converse.Reply {
	return converse.Reply{Text: "Thank you for that because it helps me to understand how you work and how you look for the cause of a problem when nobody else has found it and it has to be gone by the evening. What was it?"}
}

// Engine opens canned ears.
type Engine struct {
	// Quiet is how long it has to be quiet before a result is final.
	Quiet time.Duration
	// Every is how much audio lies between two partial results, 0: each word has its own; Lag is how late a word is in them.
	Every, Lag time.Duration
	// Phase is how much of Every has passed when an utterance begins, asked for each of them; nil: nothing. A
	// real service's rhythm does not begin with a voice.
	Phase func() time.Duration
	// Hears is what is heard, an utterance after the other; nil: what casey's benches say.
	Hears []Utterance
}

// Open returns an ear that goes through the utterances as time passes on the stream: it counts the audio and hears only whether there is a voice.
func (e Engine) Open(s transcribe.Settings) (transcribe.Ear, error) {
	if e.Hears == nil {
		e.Hears = usual
	}
	return &ear{Engine: e, settings: s, id: awswire.NewID()}, nil
}

type ear struct {
	Engine
	settings  transcribe.Settings
	reader    oggopus.Reader
	marker    []byte
	foreign   int
	at        time.Duration // of the stream
	id        string
	line      int           // of what is heard
	voiced    time.Duration // of this utterance
	began     time.Duration
	lastVoice time.Duration
	spoken    []time.Duration // when each of its words was over
	words     int             // of them in the last result
	told      time.Duration   // when that was
	blocked   time.Duration   // until when nothing new is heard
}

// Foreign counts pages of another Ogg stream, or chunks with another marker.
func (e *ear) Foreign() int { return e.foreign + e.reader.Foreign() }

// Close has nothing to free.
func (e *ear) Close() {}

// Hear counts the audio of a chunk.
func (e *ear) Hear(chunk []byte) ([]transcript.Result, error) {
	if e.settings.Encoding == "pcm" {
		e.mark(chunk)
		length := time.Duration(len(chunk)/2) * time.Second / time.Duration(e.settings.Rate)
		return e.pass(length, loud(chunk)), nil
	}
	packets, err := e.reader.Push(chunk)
	if err != nil {
		return nil, awswire.BadRequest("BadRequestException", "Could not decode the audio stream that you provided. Check that the audio stream is valid and try your request again.")
	}
	var results []transcript.Result
	for _, p := range packets {
		length := time.Duration(oggopus.Samples(p)) * time.Second / 48000
		results = append(results, e.pass(length, len(p) > quietPacket)...)
	}
	return results, nil
}

func (e *ear) mark(chunk []byte) {
	if e.settings.Model != Marker || len(chunk) == 0 {
		return
	}
	if e.marker == nil {
		e.marker = []byte{chunk[0]}
	}
	if strings.Trim(string(chunk), string(e.marker)) != "" {
		e.foreign++
	}
}

func loud(chunk []byte) bool {
	sum := 0
	for i := 0; i+1 < len(chunk); i += 2 {
		sum += abs(int(int16(binary.LittleEndian.Uint16(chunk[i:]))))
	}
	return sum > quietLevel*len(chunk)/2
}

func abs(n int) int { return max(n, -n) }

// pass lets time pass, with or without a voice.
func (e *ear) pass(length time.Duration, voice bool) []transcript.Result {
	e.at += length
	all := e.Hears[e.line]
	voice = voice && e.at >= e.blocked
	if voice && len(e.spoken) < len(all) {
		e.voice(length, all)
	}
	if len(e.spoken) > 0 && e.at-e.lastVoice >= e.Quiet {
		return e.final(voice)
	}
	return e.partial()
}

// voice is voice for a length: it has the words that end in it.
func (e *ear) voice(length time.Duration, all Utterance) {
	if e.voiced == 0 {
		e.began = e.at - length
		e.told = e.began
		if e.Phase != nil {
			e.told = e.began - e.Phase()
		}
	}
	e.voiced += length
	e.lastVoice = e.at
	for len(e.spoken) < len(all) && all[len(e.spoken)].End <= e.voiced {
		e.spoken = append(e.spoken, e.at)
	}
}

// partial tells of new words, if it is time to.
func (e *ear) partial() []transcript.Result {
	words := e.words
	for words < len(e.spoken) && e.spoken[words]+e.Lag <= e.at {
		words++
	}
	if words == e.words || e.at-e.told < e.Every {
		return nil
	}
	e.words, e.told = words, e.at
	return []transcript.Result{e.compose(true)}
}

// final ends the utterance; endless tells that the voice goes on.
func (e *ear) final(endless bool) []transcript.Result {
	endless = endless && len(e.spoken) == len(e.Hears[e.line])
	e.words = len(e.spoken)
	r := e.compose(false)
	e.line, e.voiced, e.words, e.spoken, e.id = (e.line+1)%len(e.Hears), 0, 0, nil, awswire.NewID()
	if endless {
		e.blocked = e.at + rest
	}
	return []transcript.Result{r}
}

// End returns what is left of the utterance.
func (e *ear) End() []transcript.Result {
	if len(e.spoken) == 0 {
		return nil
	}
	return e.final(false)
}

// compose writes the words so far; in partials the last two are not stable yet.
func (e *ear) compose(partial bool) transcript.Result {
	all := e.Hears[e.line]
	words := make([]transcript.Word, e.words)
	for i := range words {
		written, mark := all[i].Text, ""
		if bare, ok := strings.CutSuffix(written, "."); ok {
			written, mark = bare, "."
		}
		start := time.Duration(0)
		if i > 0 {
			start = all[i-1].End
		}
		words[i] = transcript.Word{
			Written: written, Mark: mark, Confidence: 1, Stable: i < e.words-2,
			Start: (e.began + start).Seconds(), End: (e.began + all[i].End).Seconds(),
		}
	}
	return transcript.Compose(e.id, words, partial, e.settings.Stability != "")
}
