// Package downstreamtest has the legacy client's page, as far as it plays, and
// a synthesizer whose MP3s tell what they say.
package downstreamtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"casey.internal/worker/mp3"
)

// Decode is the time that the page takes to decode a file.
const Decode = 150 * time.Millisecond

// Message is something that the page got.
type Message struct {
	At    time.Time
	Bytes int    // of a binary message; 0 = a text
	Text  string // of a text message
}

// Reply is one reply as the page knows it.
type Reply struct {
	Messages []Message
	Began    time.Time     // the first message came
	Playing  time.Time     // the first sound was heard
	Over     time.Time     // the last sound was heard; zero = not yet
	Length   time.Duration // of what was decoded
	Lengths  []time.Duration
	Audio    []byte   // all that was played
	Said     []string // words of it, all of each
	Visemes  []time.Duration
}

// Page plays as the legacy client does (shared/PROTOCOL.md): it decodes all that
// it has received and not yet played as one file, forgets what arrives while it
// decodes, ends its reply when it has nothing to play, and switches its
// microphone off from the first message until then. It notes what breaks it.
type Page struct {
	Max int // bytes that it takes in a message; 0 = any

	mu       sync.Mutex
	pending  [][]byte
	decoding bool
	playing  int // files
	until    time.Time
	speaking bool
	ended    bool // `end` came for this reply
	replies  []*Reply
	faults   []string
}

// Replies returns what the page took for replies.
func (p *Page) Replies() []Reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []Reply
	for _, r := range p.replies {
		all = append(all, *r)
	}
	return all
}

// Said returns all that was played, reply after reply.
func (p *Page) Said() (said []string) {
	for _, r := range p.Replies() {
		said = append(said, strings.Join(r.Said, " "))
	}
	return said
}

// Faults returns what the page could not stand.
func (p *Page) Faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.faults...)
}

// Muted reports whether the page has switched its microphone off.
func (p *Page) Muted() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.speaking
}

func (p *Page) fault(format string, values ...any) {
	p.faults = append(p.faults, fmt.Sprintf(format, values...))
}

// SendBinary implements downstream.Out.
func (p *Page) SendBinary(data []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.Max > 0 && len(data) > p.Max {
		return errors.New("too large for this page")
	}
	if !p.speaking {
		p.speaking, p.ended = true, false
		p.replies = append(p.replies, &Reply{Began: now})
	}
	r := p.replies[len(p.replies)-1]
	r.Messages = append(r.Messages, Message{At: now, Bytes: len(data)})
	p.checkTime(r, now)
	length, err := mp3.Length(data)
	if header, ok := mp3.ParseHeader(data); err != nil || !ok || length == 0 || header.Rate != 24000 {
		p.fault("message %d is no MP3: %v", len(r.Messages), err)
	}
	r.Lengths = append(r.Lengths, length)
	p.pending = append(p.pending, bytes.Clone(data))
	if !p.decoding {
		p.decoding = true
		files := bytes.Join(p.pending, nil)
		time.AfterFunc(Decode, func() { p.decoded(r, files) })
	}
	return nil
}

// checkTime notes what comes when it must not.
func (p *Page) checkTime(r *Reply, now time.Time) {
	binaries := len(r.Lengths)
	switch {
	case p.ended:
		p.fault("audio after the end of its reply")
	case binaries == 2:
		p.fault("a third message")
	case binaries == 1 && now.Sub(r.Began) < 500*time.Millisecond:
		p.fault("the second message comes %v after the first", now.Sub(r.Began))
	case binaries == 1 && now.After(r.Began.Add(r.Lengths[0]-500*time.Millisecond)):
		p.fault("the second message comes %v after the first of %v", now.Sub(r.Began), r.Lengths[0])
	}
}

// decoded plays a file after those before; what came meanwhile is forgotten.
func (p *Page) decoded(r *Reply, file []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.decoding, p.pending = false, nil
	now := time.Now()
	if p.until.Before(now) {
		p.until = now
	}
	if r.Playing.IsZero() {
		r.Playing = p.until
	}
	length, _ := mp3.Length(file)
	r.Length += length
	p.until = p.until.Add(length)
	p.playing++
	time.AfterFunc(time.Until(p.until), func() { p.played(r, file) })
}

// played ends the reply when nothing is left to play.
func (p *Page) played(r *Reply, file []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.playing--
	r.Audio = append(r.Audio, file...)
	r.Said = Words(r.Audio)
	if p.playing > 0 || p.decoding {
		return
	}
	if !p.ended {
		p.fault("a gap ended the reply after %v", r.Length)
	}
	r.Over, p.speaking, p.pending = time.Now(), false, nil
}

// SendText implements downstream.Out.
func (p *Page) SendText(data []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var text struct {
		Type, Value string
		Time        int
	}
	if err := json.Unmarshal(data, &text); err != nil || !p.speaking {
		p.fault("%s while nothing is said, %v", data, err)
		return nil
	}
	r := p.replies[len(p.replies)-1]
	r.Messages = append(r.Messages, Message{At: time.Now(), Text: string(data)})
	switch {
	case p.ended:
		p.fault("%s after the end", data)
	case text.Type == "end":
		p.ended = true
	case text.Type == "viseme" && text.Value != "":
		r.Visemes = append(r.Visemes, time.Duration(text.Time)*time.Millisecond)
	default:
		p.fault("what is %s?", data)
	}
	return nil
}

// Words returns the words of a file made by Synthesizer of which nothing is
// missing.
func Words(file []byte) (words []string) {
	frames := 0
	for r := mp3.NewReader(bytes.NewReader(file)); ; {
		f, err := r.Next()
		if errors.Is(err, io.EOF) || err != nil {
			return words
		}
		word, number := read(f.Data)
		if number == 0 {
			frames = 0
		}
		if frames++; frames == perWord && number == perWord-1 {
			words = append(words, word)
		}
	}
}
