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

// script is what is heard, an utterance after the other.
var script = []string{
	"I worked on a payment service with three other people.",
	"The hardest part was finding the bug in the network code.",
	"First we measured how long each request was taking.",
	"Then we moved the work to a queue and it became much faster.",
}

const (
	// perWord is how much voice brings the next word.
	perWord = 300 * time.Millisecond
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
	return converse.Reply{Text: "Thank you for that because it helps me to understand how you work and how you look for the cause of a problem. What was it?"}
}

// Engine opens canned ears.
type Engine struct {
	// Quiet is how long it has to be quiet before a result is final.
	Quiet time.Duration
}

// Open returns an ear that goes through the script as time passes on the stream: it counts the audio and hears only whether there is a voice.
func (e Engine) Open(s transcribe.Settings) (transcribe.Ear, error) {
	return &ear{settings: s, quiet: e.Quiet, id: awswire.NewID()}, nil
}

type ear struct {
	settings  transcribe.Settings
	quiet     time.Duration
	reader    oggopus.Reader
	marker    []byte
	foreign   int
	at        time.Duration // of the stream
	id        string
	line      int           // of the script
	voiced    time.Duration // of this utterance
	began     time.Duration
	lastVoice time.Duration
	words     int
	blocked   time.Duration // until when nothing new is heard
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
	all := strings.Fields(script[e.line])
	voice = voice && e.at >= e.blocked
	switch {
	case voice && e.words < len(all):
		return e.voice(length, all)
	case e.words > 0 && e.at-e.lastVoice >= e.quiet:
		return e.final(all, e.words == len(all) && voice)
	}
	return nil
}

func (e *ear) voice(length time.Duration, all []string) []transcript.Result {
	if e.voiced == 0 {
		e.began = e.at - length
	}
	e.voiced += length
	e.lastVoice = e.at
	words := min(len(all), int(e.voiced/perWord))
	if words == e.words {
		return nil
	}
	e.words = words
	return []transcript.Result{e.compose(all, true)}
}

// final ends the utterance; endless tells that the voice goes on.
func (e *ear) final(all []string, endless bool) []transcript.Result {
	r := e.compose(all, false)
	e.line, e.voiced, e.words, e.id = (e.line+1)%len(script), 0, 0, awswire.NewID()
	if endless {
		e.blocked = e.at + rest
	}
	return []transcript.Result{r}
}

// End returns what is left of the utterance.
func (e *ear) End() []transcript.Result {
	if e.words == 0 {
		return nil
	}
	return e.final(strings.Fields(script[e.line]), false)
}

// compose writes the words so far; in partials the last two are not stable yet.
func (e *ear) compose(all []string, partial bool) transcript.Result {
	words := make([]transcript.Word, e.words)
	for i := range words {
		written, mark := all[i], ""
		if bare, ok := strings.CutSuffix(written, "."); ok {
			written, mark = bare, "."
		}
		start := e.began + time.Duration(i)*perWord
		words[i] = transcript.Word{
			Written: written, Mark: mark, Confidence: 1, Stable: i < e.words-2 || e.words == len(all),
			Start: start.Seconds(), End: (start + perWord).Seconds(),
		}
	}
	return transcript.Compose(e.id, words, partial, e.settings.Stability != "")
}
