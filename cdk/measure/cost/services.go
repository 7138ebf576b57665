package cost

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"casey.internal/shared/clock"
	"casey.internal/shared/foundation"
	"casey.internal/shared/price"
	"casey.internal/worker/bedrock"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/ogg"
	"casey.internal/worker/opus"
	"casey.internal/worker/recognition"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/speech"
	"casey.internal/worker/turnend/answers"
	"casey.internal/worker/usage"
)

// The services are twins that take as long as the real ones and tell of their calls in
// the same words.
const (
	sessionID = "standard"

	wordLag   = 300 * time.Millisecond // from the end of a word until it is recognised
	pauseEnds = 700 * time.Millisecond // of silent audio end a segment; with wordLag final results come after 1 s
	firstWord = 400 * time.Millisecond // of the model
	sentence  = 200 * time.Millisecond // and until its first sentence is there
	voiceLag  = 120 * time.Millisecond // of the voice
	spoken    = time.Second / 15       // a character of Polly's neural voices, 900 a minute
	frame     = 20 * time.Millisecond
)

// ear recognises the words that are in the packets.
type ear struct{ report usage.Report }

// spokenWord is how a packet carries the word that ends with it.
func spokenWord(text string, length time.Duration) []byte {
	return append(binary.BigEndian.AppendUint32([]byte("word"), uint32(length.Milliseconds())), text...)
}

// script is the framing for the ear: of each packet its length and its word.
func script() (recognition.Framing, error) { return framing{}, nil }

type framing struct{}

// Frame implements recognition.Framing.
func (framing) Frame(packets [][]byte) ([]byte, error) {
	var chunk []byte
	for _, p := range packets {
		_, word, _ := bytes.Cut(p, []byte("word"))
		chunk = binary.BigEndian.AppendUint16(chunk, uint16(opus.Samples(p)))
		chunk = append(binary.BigEndian.AppendUint16(chunk, uint16(len(word))), word...)
	}
	return chunk, nil
}

// Start implements recognition.Recognizer.
func (e ear) Start(ctx context.Context) (recognition.Stream, error) {
	s := &stream{report: e.report, began: time.Now(), results: newResults()}
	context.AfterFunc(ctx, func() { _ = s.Close() })
	return s, nil
}

type stream struct {
	results
	report usage.Report
	began  time.Time

	mu      sync.Mutex
	heard   time.Duration
	sent    time.Duration
	words   []recognition.Word
	segment int
}

// Send implements recognition.Stream.
func (s *stream) Send(chunk []byte, length time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent += length
	before := len(s.words)
	for len(chunk) > 0 {
		s.heard += opus.Duration(int64(binary.BigEndian.Uint16(chunk)))
		n := int(binary.BigEndian.Uint16(chunk[2:]))
		if n > 0 {
			took := time.Duration(binary.BigEndian.Uint32(chunk[4:])) * time.Millisecond
			for i := range s.words {
				s.words[i].Stable = true
			}
			s.words = append(s.words, recognition.Word{Text: string(chunk[8 : 4+n]), Start: s.heard - took, End: s.heard})
		}
		chunk = chunk[4+n:]
	}
	if len(s.words) == 0 {
		return nil
	}
	if over := s.heard-s.words[len(s.words)-1].End >= pauseEnds; over || len(s.words) > before {
		s.recognise(over)
	}
	return nil
}

// recognise gives a result some time later. The caller holds the lock.
func (s *stream) recognise(final bool) {
	r := recognition.Result{ID: fmt.Sprint(s.segment), Partial: !final, Start: s.words[0].Start, End: s.words[len(s.words)-1].End}
	var text []string
	for _, w := range s.words {
		w.Stable = w.Stable || final
		r.Words, text = append(r.Words, w), append(text, w.Text)
	}
	r.Text = strings.Join(text, " ")
	if final {
		s.words = nil
		s.segment++
	}
	time.AfterFunc(wordLag, func() { s.give(r) })
}

// Close implements recognition.Stream.
func (s *stream) Close() error {
	s.end(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.report.Send(usage.Call{Session: sessionID, Service: "transcribe", Operation: "StartStreamTranscription opus", Started: s.began, Audio: s.sent})
	})
	return nil
}

// audio and marks are what a voice is asked for, as usage lines have it.
const (
	audio = "SynthesizeSpeech ogg_opus"
	marks = "SynthesizeSpeech json"
)

// mouth is a voice without a sound.
type mouth struct{ report usage.Report }

func (m mouth) call(ctx context.Context, operation, text string) error {
	c := usage.Call{
		Session: sessionID, Turn: usage.TurnOf(ctx), Service: "polly", Operation: operation,
		Started: time.Now(), Characters: len(text),
	}
	_ = clock.Sleep(ctx, voiceLag)
	c.Code = servicefailure.CodeOf(ctx.Err())
	m.report.Send(c)
	return ctx.Err()
}

// Audio implements speech.Synthesizer.
func (m mouth) Audio(ctx context.Context, text string) (io.ReadCloser, error) {
	if err := m.call(ctx, audio, text); err != nil {
		return nil, err
	}
	var file []byte
	muxer := ogg.NewMuxer(1)
	for range time.Duration(len(text)) * spoken / frame {
		var err error
		if file, err = muxer.Append(file, opus.Silence()); err != nil {
			return nil, fmt.Errorf("voice: %w", err)
		}
	}
	return io.NopCloser(bytes.NewReader(file)), nil
}

// Marks implements speech.Synthesizer.
func (m mouth) Marks(ctx context.Context, text string) ([]speech.Mark, error) {
	if err := m.call(ctx, marks, text); err != nil {
		return nil, err
	}
	var all []speech.Mark
	at := 0
	for word := range strings.FieldsSeq(text) {
		at += strings.Index(text[at:], word)
		all = append(all, speech.Mark{Time: time.Duration(at) * spoken, Kind: speech.WordMark, Value: word, Start: at, End: at + len(word)})
		at += len(word)
	}
	return all, nil
}

// mind is a model that says what an interviewer might: a short word on the answer, and a
// question.
type mind struct {
	report usage.Report
	model  string
	reads  foundation.Reading

	mu     sync.Mutex
	random *rand.Rand
	all    []string             // questions
	kept   map[string]time.Time // beginnings of requests that a cache has, and until when
}

// keeps is how long a cache has what was read, from the last time on.
const keeps = 5 * time.Minute

func newMind(report usage.Report, k Kind) *mind {
	m := &mind{report: report, model: k.Model, reads: foundation.ReadingOf(k.Model), random: rand.New(rand.NewPCG(3, 14)), kept: map[string]time.Time{}}
	if !k.Points {
		m.reads.Points = 0
	}
	known := map[string]bool{}
	for _, a := range answers.All() {
		if a.Profile == "reflective" && !known[a.Question] {
			known[a.Question] = true
			m.all = append(m.all, a.Question)
		}
	}
	return m
}

// remarks are on what the candidate said last; nobody says the same sentence twice.
var remarks = []string{
	"I see, so it was about %s.",
	"That makes sense, and I had not expected to hear of %s.",
	"All right, %s gives me a good picture of what you did there.",
	"Thank you, that you told me of %s helps me to understand how large it was.",
}

// reply is two or three short sentences, as the interviewer is asked for: of about 28
// words.
func (m *mind) reply(r interviewer.Request) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	said := strings.Fields(r.Messages[len(r.Messages)-1].Text)
	about := strings.Join(said[max(0, len(said)-5):], " ")
	text := fmt.Sprintf(remarks[m.random.IntN(len(remarks))], about)
	if m.random.IntN(2) == 0 {
		text += fmt.Sprintf(" Let us stay with %s for a moment.", strings.Join(said[max(0, len(said)-3):], " "))
	}
	question := m.all[m.random.IntN(len(m.all))]
	first := strings.Join(said[:min(3, len(said))], " ")
	return fmt.Sprintf("%s After %s, %s%s", text, first, strings.ToLower(question[:1]), question[1:])
}

// read returns the tokens that it takes to read a request: what stands before the last
// cache point behind which the cache has the same costs little, up to the last point it is
// kept. It is there for others as soon as the answer begins, which it says by calling keep.
func (m *mind) read(r interviewer.Request) (u price.Tokens, keep func()) {
	points := bedrock.Points(r, m.reads)
	beginning := func(p bedrock.Point) string { return fmt.Sprint(r.Tools, r.System, r.Messages[:p.Before]) }
	all := m.reads.Tokens(r.Size())
	m.mu.Lock()
	defer m.mu.Unlock()
	last := 0
	for _, p := range points {
		if last = p.Tokens; time.Now().Before(m.kept[beginning(p)]) {
			u.CacheRead = p.Tokens
		}
	}
	u.CacheWrite, u.Input = last-u.CacheRead, all-last
	return u, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, p := range points {
			m.kept[beginning(p)] = time.Now().Add(keeps)
		}
	}
}

// Converse implements interviewer.Model.
func (m *mind) Converse(ctx context.Context, r interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	return func(yield func(interviewer.Delta, error) bool) {
		u, keep := m.read(r)
		call := usage.Call{
			Session: sessionID, Turn: usage.TurnOf(ctx), Service: "bedrock", Operation: "ConverseStream", Model: m.model, Started: time.Now(), Tokens: u,
		}
		defer func() {
			call.Code = servicefailure.CodeOf(ctx.Err())
			m.report.Send(call)
		}()
		for n, text := range strings.SplitAfter(m.answer(r), ". ") {
			wait := firstWord + sentence
			if n > 0 {
				wait = sentence
			}
			if err := clock.Sleep(ctx, wait); err != nil {
				yield(interviewer.Delta{}, err)
				return
			}
			keep()
			call.Output += m.reads.Tokens(len(text))
			if !yield(interviewer.Delta{Text: text}, nil) {
				return
			}
		}
		u.Output = call.Output
		last := interviewer.Delta{Stop: interviewer.StopEnd, Usage: &u}
		if m.moves(r) {
			call.Output += 20
			if !yield(interviewer.Delta{Tool: &interviewer.ToolUse{ID: "move", Name: "next_phase", Input: []byte("{}")}}, nil) {
				return
			}
			last.Stop = interviewer.StopToolUse
		}
		yield(last, nil)
	}
}

// answer is what is said, or written at the end.
func (m *mind) answer(r interviewer.Request) string {
	switch r.Tools[0].Name {
	case "report":
		return strings.Repeat("You told what you did and why, with numbers where you had them. ", 30)
	case "review":
		return `{"answers":[{"number":1,"said":"` + strings.Repeat("You gave an example of your own. ", 12) + `"}]}`
	}
	return m.reply(r)
}

// moves reports whether the prompt says that it is time for the next phase.
func (m *mind) moves(r interviewer.Request) bool {
	last := r.Messages[len(r.Messages)-1]
	return len(last.Results) == 0 && strings.Contains(r.Notes, "use next_phase now")
}
