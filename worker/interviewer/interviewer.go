package interviewer

import (
	"context"
	"iter"
	"strings"
	"time"
	"unicode"

	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/sentence"
)

// maxTokens of one spoken reply: three sentences and a tool.
const maxTokens = 300

// rounds limits how often in one reply the model may use tools and go on.
const rounds = 3

// Interviewer holds one kind of interview with one model; it implements
// conversation.Interviewer.
type Interviewer struct {
	interview *Interview
	model     Model
}

// New returns an interviewer.
func New(i *Interview, m Model) *Interviewer { return &Interviewer{interview: i, model: m} }

// Greeting implements conversation.Interviewer.
func (iv *Interviewer) Greeting(history []interview.Turn) ([]string, conversation.Progress) {
	if len(history) > 0 {
		return iv.interview.Welcome, iv.interview.firstProgress()
	}
	return iv.interview.Greeting, iv.interview.firstProgress()
}

// Closing implements conversation.Interviewer.
func (iv *Interviewer) Closing() []string { return iv.interview.Closing }

// Reply implements conversation.Interviewer. Errors are the model's. In the interview's
// last minute it is the last one, and asks nothing.
func (iv *Interviewer) Reply(ctx context.Context, a conversation.Ask) iter.Seq2[conversation.Part, error] {
	return func(yield func(conversation.Part, error) bool) {
		late := !a.Progress.Over && a.Left > 0 && a.Left <= iv.interview.lastWords()
		a.Progress.Over = a.Progress.Over || late
		t := &reply{
			Interviewer: iv, yield: yield, ask: a, stepped: late,
			request: Request{Messages: messages(a.History, silent), Tools: iv.interview.tools(), MaxTokens: maxTokens},
		}
		for range rounds {
			if !t.askModel(ctx) {
				return
			}
		}
	}
}

// reply builds one reply: in one or more rounds of the model.
type reply struct {
	*Interviewer
	yield   func(conversation.Part, error) bool
	ask     conversation.Ask // as it stands after the tools that were used
	request Request
	said    string // in all rounds
	stepped bool   // the interview is not where it was, and that was not told yet
}

// answer is the model's output in one round.
type answer struct {
	asked, first, last time.Time // the request, the first text and the newest piece
	text               strings.Builder
	uses               []ToolUse
	usage              Usage
}

// askModel asks the model once; more = it used tools and wants to go on.
func (t *reply) askModel(ctx context.Context) (more bool) {
	a := &answer{asked: time.Now()}
	t.request.System = t.interview.system(t.ask)
	if !t.yield(conversation.Part{Estimate: conversation.Cost{InputTokens: t.request.tokens()}}, nil) {
		return false
	}
	for text, err := range sentence.Split(a.texts(t.model.Converse(ctx, t.request))) {
		if err != nil {
			t.yield(conversation.Part{}, err)
			return false
		}
		if !t.yieldSentence(a, text) {
			return false
		}
	}
	results := t.useTools(a.uses)
	part := conversation.Part{Cost: conversation.Cost{InputTokens: a.usage.InputTokens, OutputTokens: a.usage.OutputTokens}}
	if t.stepped || len(a.uses) > 0 {
		part.Progress, t.stepped = &t.ask.Progress, false
	}
	if !t.yield(part, nil) {
		return false
	}
	if t.said != "" {
		t.ask.CutIn = false // the reply has begun as it should
	}
	t.request.Messages = append(t.request.Messages,
		Message{Role: Assistant, Text: a.text.String(), Uses: a.uses}, Message{Role: User, Results: results})
	return len(a.uses) > 0 && !endsWithQuestion(t.said)
}

func (t *reply) yieldSentence(a *answer, text string) bool {
	text = strings.TrimSpace(strings.ReplaceAll(text, interrupted, ""))
	if !strings.ContainsFunc(text, unicode.IsLetter) && !strings.ContainsFunc(text, unicode.IsDigit) {
		return true
	}
	t.said = text
	return t.yield(conversation.Part{Text: text, Asked: a.asked, FirstToken: a.first, Completed: a.last}, nil)
}

// useTools does what the model wishes, in order.
func (t *reply) useTools(uses []ToolUse) (results []ToolResult) {
	for _, u := range uses {
		var result ToolResult
		t.ask.Progress, result = t.interview.useTool(t.ask.Progress, u)
		results = append(results, result)
	}
	return results
}

// texts are the pieces of text in an answer; the rest is kept.
func (a *answer) texts(deltas iter.Seq2[Delta, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for d, err := range deltas {
			if err != nil {
				yield("", err)
				return
			}
			a.addDelta(d)
			if d.Text != "" && !yield(d.Text, nil) {
				return
			}
		}
	}
}

func (a *answer) addDelta(d Delta) {
	if d.Tool != nil {
		a.uses = append(a.uses, *d.Tool)
	}
	if d.Usage != nil {
		a.usage = *d.Usage
	}
	a.last = time.Now() // a full stop may take the end of the answer to be one
	if d.Text != "" && a.first.IsZero() {
		a.first = a.last
	}
	a.text.WriteString(d.Text)
}

// endsWithQuestion reports whether a reply has come to its question: then it is complete,
// and what the model would add after a tool's result is one question too many.
func endsWithQuestion(said string) bool { return strings.HasSuffix(said, "?") }
