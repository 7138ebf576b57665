// Package recognizer recognises speech with pocketsphinx and reports it as Amazon Transcribe does: partial results with stable words
// while somebody speaks, a final one when it has been quiet for a while.
package recognizer

import (
	"math/rand/v2"
	"time"

	"casey.internal/cdk/local/aws/transcribe/sound"
	"casey.internal/cdk/local/aws/transcribe/sphinx"
	"casey.internal/cdk/local/aws/transcribe/transcript"
	"casey.internal/cdk/local/aws/transcribe/vocabulary"
)

const (
	// block is how much audio the recogniser gets between two looks: what it understands does not depend on how the audio was cut.
	block = sphinx.Rate / 10
	// lead is the noise before the stream, from which the recogniser learns what quiet is.
	lead = sphinx.Rate / 2
	// noise is the standard deviation of what is added to the audio: the model never heard digital silence.
	noise = 30
	// longest is after how much speech a result is final although nobody paused.
	longest = 25 * time.Second
)

// Ear hears one stream. One goroutine uses it.
type Ear struct {
	engine     *Engine
	pool       *sphinx.Pool
	decoder    *sphinx.Decoder
	vocabulary *vocabulary.Vocabulary
	source     sound.Source
	stability  string
	noise      *rand.Rand
	pending    []int16
	heard      time.Duration // of the stream, without the lead
	speaking   bool
	began      time.Duration
	utterance  *utterance
	shown      shown
}

// shown is what the last partial result had.
type shown struct {
	text   string
	stable int
}

func (e *Ear) start() {
	e.noise = rand.New(rand.NewPCG(1, 2))
	e.decoder.StartStream()
	e.listen()
	e.heard = -lead * time.Second / sphinx.Rate
	e.push(make([]int16, lead))
}

// listen begins the next utterance.
func (e *Ear) listen() {
	e.decoder.StartUtterance()
	e.utterance, e.shown, e.speaking = newUtterance(e.stability), shown{}, false
}

// Hear takes the next audio event and returns the results that it gave rise to.
func (e *Ear) Hear(chunk []byte) ([]transcript.Result, error) {
	samples, err := e.source.Samples(chunk)
	if err != nil {
		return nil, err
	}
	return e.push(samples), nil
}

// Foreign counts the pieces of audio so far that belong to another stream.
func (e *Ear) Foreign() int { return e.source.Foreign() }

// End returns the results that are left when no more audio comes.
func (e *Ear) End() []transcript.Result {
	e.decoder.Feed(e.dither(e.pending))
	e.pending = nil
	return e.finish()
}

// Close gives the recogniser back. The ear hears nothing after.
func (e *Ear) Close() {
	e.decoder.EndUtterance()
	e.pool.Put(e.decoder)
	e.decoder = nil
}

func (e *Ear) push(samples []int16) []transcript.Result {
	e.pending = append(e.pending, samples...)
	var results []transcript.Result
	for len(e.pending) >= block {
		e.decoder.Feed(e.dither(e.pending[:block]))
		e.pending = e.pending[block:]
		e.heard += block * time.Second / sphinx.Rate
		results = append(results, e.look()...)
	}
	return results
}

// dither adds noise of a fixed seed, so that the same audio is understood the same every time.
func (e *Ear) dither(samples []int16) []int16 {
	out := make([]int16, len(samples))
	for i, s := range samples {
		out[i] = int16(max(-1<<15, min(1<<15-1, float64(s)+noise*e.noise.NormFloat64())))
	}
	return out
}

// look asks the recogniser what it thinks after a block.
func (e *Ear) look() []transcript.Result {
	in := e.decoder.InSpeech()
	switch {
	case in && !e.speaking:
		e.speaking, e.began = true, e.heard
		return nil
	case in && e.heard-e.began < longest:
		return e.partial()
	case e.speaking:
		results := e.finish()
		e.listen()
		return results
	}
	return nil
}

func (e *Ear) partial() []transcript.Result {
	words := e.words()
	if n := len(words); n > 0 && e.heard-words[n-1].End >= settled {
		words = e.trim(words)
	}
	words = e.utterance.look(e.heard, words)
	if len(words) == 0 {
		return nil
	}
	r := e.compose(words, true)
	now := shown{text: r.Alternatives[0].Transcript, stable: len(e.utterance.stable)}
	if now == e.shown {
		return nil
	}
	e.shown = now
	return []transcript.Result{r}
}

// finish ends the utterance. Nothing understood is nothing said: no result.
func (e *Ear) finish() []transcript.Result {
	e.decoder.EndUtterance()
	words, denied := e.utterance.final(e.trim(e.words()))
	if denied {
		e.engine.denied()
	}
	if len(words) == 0 {
		return nil
	}
	return []transcript.Result{e.compose(words, false)}
}

// words returns what the recogniser thinks, with times on the stream's clock.
func (e *Ear) words() []sphinx.Word {
	words, _ := e.decoder.Words()
	for i := range words {
		words[i].Start = max(0, words[i].Start-lead*time.Second/sphinx.Rate)
		words[i].End = max(0, words[i].End-lead*time.Second/sphinx.Rate)
	}
	return words
}

// trim takes off what the recogniser made of the noise after a sentence.
func (e *Ear) trim(words []sphinx.Word) []sphinx.Word {
	return words[:len(e.vocabulary.Trim(texts(words)))]
}

func (e *Ear) compose(words []sphinx.Word, partial bool) transcript.Result {
	written, marks := e.vocabulary.Write(texts(words), !partial)
	out := make([]transcript.Word, len(words))
	for i, w := range words {
		out[i] = transcript.Word{
			Written: written[i], Mark: marks[i], Confidence: w.Confidence, Stable: i < len(e.utterance.stable),
			Start: w.Start.Seconds(), End: w.End.Seconds(),
		}
	}
	return transcript.Compose(e.utterance.id, out, partial, e.stability != "")
}
