package e2e

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"casey.internal/cdk/verify/browser"
)

// wholly is that a turn was said to its end, and heard so.
func (p *play) wholly(turn int) {
	p.t.Helper()
	stored, text := p.record(turn), p.captioned(turn)
	if stored.Cut || stored.Text != text || !strings.HasSuffix(text, "?") {
		p.fail("on record is %q, cut %v, captioned %q", stored.Text, stored.Cut, text)
	}
	recogniser := newRecogniser(p.t, sentences(text))
	got := common(wordsOf(text), strings.Fields(recogniser.hear(p.t, p.heard().sound.squeezed())))
	p.addFigure("words said and heard", "%d of %d", got, len(wordsOf(text)))
	p.addFigure("times it paused", "%d", len(p.cuts(turn)))
	if got < most(len(wordsOf(text)), 6) {
		p.fail("only %d of %d words were heard", got, len(wordsOf(text)))
	}
}

// cuts returns the times at which the utterances of a turn were broken off, in ms
// of the page's clock.
func (p *play) cuts(turn int) []float64 {
	return browser.Value[[]float64](p.Page, fmt.Sprintf(`(() => {
		const own = new Set(caseyLog.filter(e => e.name === "caption" && e.event.turn === %d).map(e => e.event.utterance));
		return caseyLog.filter(e => e.name === "cut" && own.has(e.event.utterance)).map(e => e.at) })()`, turn))
}

// silence is how many ms there were from the first sound of the voice to the last of
// the interviewer's.
func (p *play) silence(mark int) float64 {
	asked := browser.Value[float64](p.Page, fmt.Sprintf(`caseyLog[%d - 1].at`, mark))
	onset := p.own().onset(asked)
	return p.heard().ends(onset, 300*time.Millisecond) - onset
}

// words compares what is said to have been heard of a turn that was cut with
// what was: by the page's clock of the words, and by an ear at the loudspeaker.
func (p *play) words(turn int) {
	p.t.Helper()
	stored, captioned := p.record(turn), p.captioned(turn)
	if !stored.Cut || stored.Text != captioned || !slices.Contains(p.marked(), stored.Text) {
		p.fail("on record is %q, cut %v, captioned %q, marked as cut %q", stored.Text, stored.Cut, captioned, p.marked())
	}
	if !p.history.cut(stored.Text) {
		p.fail("the model was not told that %q was heard, but %q", stored.Text, p.history.interviewer())
	}
	said, played := p.announced(turn)
	recogniser := newRecogniser(p.t, prefixes(said))
	began := browser.Value[float64](p.Page, fmt.Sprintf(`caseyLog.find(e => e.name === "state" && e.event.state === "speaking" && e.event.turn === %d).at`, turn))
	cuts := p.cuts(turn)
	if len(cuts) == 0 {
		p.t.Fatalf("turn %d was not cut in the page", turn)
	}
	sound := p.heard().between(began-200, cuts[len(cuts)-1]+1000).trimmed()
	sounded := recogniser.hear(p.t, sound)
	p.addFigure("words said to be heard", "%d: %q", len(wordsOf(stored.Text)), stored.Text)
	p.addFigure("words played by the clock", "%d", played)
	p.addFigure("words recognised in the sound", "%d: %q", len(wordsOf(sounded)), sounded)
	counts := []int{played}
	if sounded != "" || sound.voiced() == 0 { // else it is the ear that failed
		counts = append(counts, len(wordsOf(sounded)))
	}
	for _, n := range counts {
		if off := n - len(wordsOf(stored.Text)); off < -2 || off > 2 {
			p.fail("%d words are said to be heard, %d were", len(wordsOf(stored.Text)), n)
		}
	}
}

// announced returns the text that a turn was going to say as far as that was told,
// and how many of its words the page had played by its clock when it was cut.
func (p *play) announced(turn int) (said string, played int) {
	p.t.Helper()
	x := browser.Value[struct {
		Said   string
		Played int
	}](p.Page, fmt.Sprintf(`(() => {
		const lines = [...new Map(caseyLog.filter(e => e.name === "caption" && e.event.turn === %d && e.event.utterance).map(e => [e.event.utterance, e.event])).values()];
		const until = new Map(caseyLog.filter(e => e.name === "sent" && e.event.type === "played").map(e => [e.event.utterance, e.event.ms]));
		const heard = ({ utterance, words = [] }) => words.filter(([at], i) => (at + (words[i + 1]?.[0] ?? at + 200)) / 2 < (until.get(utterance) ?? Infinity));
		return { Said: lines.map(l => l.text).join(" "), Played: lines.reduce((n, l) => n + heard(l).length, 0) } })()`, turn))
	return x.Said, x.Played
}

// prefixes returns the parts of a text that somebody may have said who was
// interrupted.
func prefixes(text string) (all []string) {
	words := wordsOf(text)
	for n := range words {
		all = append(all, strings.Join(words[:n+1], " "))
	}
	return all
}

// understands reports whether captions are what was said.
func understands(captions []string, said string) bool {
	words := wordsOf(said)
	return common(words, wordsOf(strings.Join(captions, " "))) >= most(len(words), 6)
}
