package interviewer

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"casey.internal/shared/foundation"
	"casey.internal/shared/interview"
	"casey.internal/shared/price"
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
	briefing  *Briefing
	reads     foundation.Reading
}

// New returns an interviewer.
func New(i *Interview, m Model) *Interviewer {
	return &Interviewer{interview: i, model: m, reads: foundation.ReadingOf("")}
}

// Told returns the interviewer of a candidate who told of the job.
func (iv *Interviewer) Told(b *Briefing) *Interviewer {
	told := *iv
	told.briefing = b
	return &told
}

// Named returns the interviewer whose model has this name on Bedrock: how many tokens a
// request is, until the service has counted them, is estimated by it.
func (iv *Interviewer) Named(model string) *Interviewer {
	named := *iv
	named.reads = foundation.ReadingOf(model)
	return &named
}

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
			request: Request{System: iv.interview.system(iv.briefing), Messages: messages(a.History, silent), Tools: iv.interview.tools(), MaxTokens: maxTokens},
		}
		t.request.Lasting = len(t.request.Messages)
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
	said    string // last, in all rounds
	uses    int    // of tools, in all rounds
	moved   bool   // to another phase
	blank   bool   // a round had nothing to say and nothing to do
	stepped bool   // the interview is not where it was, and that was not told yet
}

// askModel asks the model once; more = it used tools and wants to go on, or it gave
// nothing and is asked once more.
func (t *reply) askModel(ctx context.Context) (more bool) {
	a := &answer{asked: time.Now()}
	t.request.Notes = t.interview.notes(t.ask)
	if !t.yield(conversation.Part{Estimate: conversation.Cost{Tokens: price.Tokens{Input: t.reads.Tokens(t.request.Size())}}}, nil) {
		return false
	}
	texts := a.texts(t.model.Converse(ctx, t.request))
	if t.ask.Marked {
		t.ask.Marked = false // of the first round alone
		texts = a.judging(texts, func(o conversation.Opinion) bool { return t.yield(conversation.Part{Says: o}, nil) })
	}
	for text, err := range sentence.Split(texts) {
		if err != nil {
			t.yield(conversation.Part{}, err)
			return false
		}
		if !t.yieldSentence(a, text) {
			return false
		}
	}
	if a.pauses {
		return false
	}
	uses := t.usable(a.uses)
	results := t.useTools(uses)
	part := conversation.Part{Cost: conversation.Cost{Tokens: a.usage}}
	if t.stepped || len(uses) > 0 {
		part.Progress, t.stepped = &t.ask.Progress, false
	}
	if !t.yield(part, nil) {
		return false
	}
	if t.said != "" {
		t.ask.CutIn = false // the reply has begun as it should
	}
	if len(uses) == 0 {
		again := t.said == "" && !t.blank
		t.blank = true
		return again
	}
	t.request.Messages = append(t.request.Messages,
		Message{Role: Assistant, Text: a.text.String(), Uses: uses}, Message{Role: User, Results: results})
	return !endsWithQuestion(t.said)
}

// yieldSentence says a sentence, unless it is none of the interviewer's.
func (t *reply) yieldSentence(a *answer, text string) bool {
	text, ok := a.own(text)
	if !ok || a.stop == StopMaxTokens && t.said != "" && !whole(text) {
		return true
	}
	t.said = text
	return t.yield(conversation.Part{Text: text, Asked: a.asked, FirstToken: a.first, Completed: a.last}, nil)
}

// usable leaves out the uses of tools that could not be read, and gives those an id of
// their own that have none that ConverseStream takes back.
func (t *reply) usable(uses []ToolUse) (all []ToolUse) {
	known := map[string]bool{}
	for _, m := range t.request.Messages {
		for _, u := range m.Uses {
			known[u.ID] = true
		}
	}
	for _, u := range uses {
		if t.uses++; u.Unread != "" || !identifier.MatchString(u.Name) {
			continue
		}
		if !identifier.MatchString(u.ID) || known[u.ID] {
			u.ID = fmt.Sprintf("use-%d", t.uses)
		}
		known[u.ID] = true
		all = append(all, u)
	}
	return all
}

// useTools does what the model wishes, in order. A reply goes on by one phase at most.
func (t *reply) useTools(uses []ToolUse) (results []ToolResult) {
	for _, u := range uses {
		if u.Name == nextPhase && t.moved {
			results = append(results, ToolResult{ID: u.ID, Text: "You have just gone to the next phase. Ask its first question.", Error: true})
			continue
		}
		var result ToolResult
		t.ask.Progress, result = t.interview.useTool(t.ask.Progress, u)
		t.moved = t.moved || u.Name == nextPhase
		results = append(results, result)
	}
	return results
}

// endsWithQuestion reports whether a reply has come to its question: then it is complete,
// and what the model would add after a tool's result is one question too many.
func endsWithQuestion(said string) bool { return strings.HasSuffix(said, "?") }
