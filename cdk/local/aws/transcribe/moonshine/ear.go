//go:build cgo

package moonshine

import (
	"errors"
	"slices"
	"time"

	"casey.internal/cdk/local/aws/transcribe/sound"
	"casey.internal/cdk/local/aws/transcribe/transcript"
)

const (
	// block is how much audio the library gets between two looks.
	block = Rate / 10
	// longest is after how much speech a result is final although nobody paused: when the next line
	// ends.
	longest = 25 * time.Second
	// lead is how much of the audio before an utterance the library hears again with it.
	lead = 500 * time.Millisecond
	// idle is after how much silence the library begins anew: it keeps what it has heard.
	idle = 30 * time.Second
	// shortest is how long somebody has to have spoken in a line: less is a click that the library
	// takes for a word.
	shortest = 120 * time.Millisecond
)

// listener understands one stretch of audio, as a stream of the library does.
type listener interface {
	add(samples []float32) error
	look() ([]line, error)
	stop() error
	close()
}

// Ear hears one stream. One goroutine uses it.
type Ear struct {
	engine      *Engine
	transcriber *transcriber
	begin       func() (listener, error)
	source      sound.Source
	stability   string

	pending []float32
	heard   time.Duration // of the audio
	pace    pace

	// What follows is of the utterance, and begins anew with it.
	stream    listener
	base      time.Duration // of the audio, where stream began
	loudness  loudness
	recent    []float32 // the last of stream
	utterance *utterance
	lines     []line // as they were understood last
	open      bool   // somebody is speaking
	shown     shown
}

// shown is what the last partial result had, and when.
type shown struct {
	text   string
	stable int
	at     time.Duration
}

// listen begins the next utterance with what was heard last.
func (e *Ear) listen(again []float32) error {
	if e.stream != nil {
		e.stream.close()
	}
	var err error
	if e.stream, err = e.begin(); err != nil {
		return err
	}
	e.base = e.heard - time.Duration(len(again))*time.Second/Rate
	e.loudness, e.recent, e.lines = loudness{}, nil, nil
	e.utterance, e.open, e.shown = newUtterance(e.stability), false, shown{at: e.shown.at}
	return e.feed(again)
}

// Hear takes the next audio event and returns the results that it gave rise to.
func (e *Ear) Hear(chunk []byte) ([]transcript.Result, error) {
	samples, err := e.source.Samples(chunk)
	if err != nil {
		return nil, err
	}
	came := e.engine.config.Now()
	e.pace.came(came)
	for _, s := range samples {
		e.pending = append(e.pending, float32(s)/(1<<15))
	}
	var results []transcript.Result
	for len(e.pending) >= block {
		more, err := e.hear(e.pending[:block])
		if err != nil {
			return nil, err
		}
		e.pending = e.pending[block:]
		results = append(results, more...)
	}
	if by := e.pace.done(came, e.engine.config.Now(), time.Duration(len(samples))*time.Second/Rate); by > 0 {
		e.engine.config.Behind(by)
	}
	return results, nil
}

// Foreign counts the pieces of audio so far that belong to another stream.
func (e *Ear) Foreign() int { return e.source.Foreign() }

// End returns the results that are left when no more audio comes.
func (e *Ear) End() []transcript.Result {
	lines, err := e.lines, errors.Join(e.feed(e.pending), e.stream.stop())
	if err == nil {
		lines, err = e.stream.look()
	}
	if err != nil {
		e.engine.config.Failed(err)
		lines = e.lines
	}
	return e.finish(lines)
}

// Close gives the model back. The ear hears nothing after.
func (e *Ear) Close() {
	if e.stream != nil {
		e.stream.close()
	}
	e.engine.pool.put(e.transcriber)
	e.stream, e.transcriber = nil, nil
}

// hear takes a block and looks, unless it is too soon.
func (e *Ear) hear(samples []float32) ([]transcript.Result, error) {
	e.heard += time.Duration(len(samples)) * time.Second / Rate
	if err := e.feed(samples); err != nil {
		return nil, err
	}
	if e.open && e.heard < e.pace.next {
		return nil, nil
	}
	began := e.engine.config.Now()
	lines, err := e.stream.look()
	if err != nil { // as it does of a line in which is nothing: it would go on failing
		e.engine.config.Failed(err)
		results := e.finish(e.lines)
		return results, e.listen(e.recent)
	}
	e.lines = lines
	if e.open = len(lines) > 0 && !lines[len(lines)-1].complete; e.open {
		e.pace.looked(e.heard, e.engine.config.Now().Sub(began))
	}
	return e.judge(lines)
}

// feed gives samples to the library.
func (e *Ear) feed(samples []float32) error {
	e.loudness.add(samples)
	e.recent = append(e.recent, samples...)
	if surplus := len(e.recent) - int(lead*Rate/time.Second); surplus > 0 {
		e.recent = slices.Clone(e.recent[surplus:])
	}
	return e.stream.add(samples)
}

// judge makes what is to be shown of what was understood.
func (e *Ear) judge(lines []line) ([]transcript.Result, error) {
	words, over := e.words(lines)
	ends := e.base
	if n := len(words); n > 0 {
		ends = words[n-1].end
	} else if n := len(lines); n > 0 {
		ends += lines[n-1].end
	}
	quiet := e.heard - ends
	switch {
	case e.open:
		return e.partial(words, over), nil
	case quiet >= e.engine.config.Quiet && len(lines) > 0, quiet >= idle, len(words) > 0 && e.heard-words[0].start >= longest:
		results := e.finish(lines)
		return results, e.listen(e.recent[max(0, len(e.recent)-int(quiet*Rate/time.Second)):])
	}
	return e.partial(words, over), nil
}

// words returns the words of all lines that are none of a noise, with times of the audio, and how
// many of them are of lines that are over.
func (e *Ear) words(lines []line) (words []word, over int) {
	for _, l := range lines {
		runs := e.loudness.runs(l.start, l.end)
		spoken := 0
		for _, r := range runs {
			spoken += r.length()
		}
		if time.Duration(spoken)*frame < shortest {
			continue
		}
		of := split(l.text)
		spread(of, runs)
		for i := range of {
			of[i].start += e.base
			of[i].end += e.base
		}
		words = append(words, of...)
		if l.complete {
			over = len(words)
		}
	}
	return words, over
}

// partial shows what has changed, unless something was shown just now or the ear is behind.
func (e *Ear) partial(words []word, over int) []transcript.Result {
	words = e.utterance.look(words, over)
	if len(words) == 0 || e.heard-e.shown.at < step || e.pace.behind() {
		return nil
	}
	r := e.compose(words, true)
	now := shown{text: r.Alternatives[0].Transcript, stable: len(e.utterance.stable), at: e.shown.at}
	if now == e.shown {
		return nil
	}
	e.shown = now
	e.shown.at = e.heard
	return []transcript.Result{r}
}

// finish ends the utterance. Nothing understood is nothing said: no result.
func (e *Ear) finish(lines []line) []transcript.Result {
	words, _ := e.words(lines)
	words = e.utterance.look(words, len(words))
	if e.utterance.denied > 0 {
		e.engine.config.Denied()
	}
	if len(words) == 0 {
		return nil
	}
	return []transcript.Result{e.compose(words, false)}
}

func (e *Ear) compose(words []word, partial bool) transcript.Result {
	out := make([]transcript.Word, len(words))
	for i, w := range words {
		out[i] = transcript.Word{
			Written: w.text, Mark: w.mark, Confidence: confidence(w), Stable: i < len(e.utterance.stable),
			Start: w.start.Seconds(), End: w.end.Seconds(),
		}
	}
	if partial { // a mark at the end only says that nothing follows yet
		out[len(out)-1].Mark = ""
	}
	return transcript.Compose(e.utterance.id, out, partial, e.stability != "")
}

// confidence grows with how often the library understood the word: it gives none itself.
func confidence(w word) float64 { return float64(w.looks) / float64(w.looks+1) }
