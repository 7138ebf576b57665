package judges_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/cdk/measure/judges"
	"casey.internal/shared/price"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/judge"
	"casey.internal/worker/turnend/answers"
)

// drafts answers with a text.
type drafts string

func (d drafts) Converse(context.Context, interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	return func(yield func(interviewer.Delta, error) bool) {
		if d == "" {
			yield(interviewer.Delta{}, errThrottled)
			return
		}
		_ = yield(interviewer.Delta{Text: string(d)}, nil) && yield(interviewer.Delta{Stop: interviewer.StopEnd}, nil)
	}
}

var errThrottled = errors.New("throttled")

func TestMarksAreRead(t *testing.T) {
	coach, err := interviewer.BuiltIn().Find("coach")
	if err != nil {
		t.Fatal(err)
	}
	for draft, want := range map[drafts]struct {
		says conversation.Opinion
		err  error
	}{
		"✓ I see. And then?": {conversation.Finished, nil},
		" ○":                 {conversation.Unfinished, nil},
		"I see. And then?":   {"", judge.ErrNonsense},
		"":                   {"", errThrottled},
	} {
		j, err := judges.Marks{Interview: coach, Model: draft}.Judge(t.Context(), "Are you ready?", "yes")
		if j.Says != want.says || !errors.Is(err, want.err) {
			t.Errorf("%q says %q, %v", draft, j.Says, err)
		}
	}
}

// reader judges by a function.
type reader func(ctx context.Context, text string) (conversation.Judgement, error)

func (r reader) Judge(ctx context.Context, _, text string) (conversation.Judgement, error) {
	return r(ctx, text)
}

func TestThereAreTextsEnough(t *testing.T) {
	tune, held := judges.Halves()
	whole, seen := 0, map[answers.Text]bool{}
	for _, text := range append(tune, held...) {
		if text.Whole {
			whole++
		}
		if text.Said == "" || text.Question == "" || strings.Contains(text.Said, "|") {
			t.Errorf("%+v", text)
		}
		seen[text] = true
	}
	if n := len(tune) + len(held); n < 400 || len(held) < 200 || whole < 150 || len(seen) < n*9/10 {
		t.Errorf("%d and %d texts, %d whole, %d different", len(tune), len(held), whole, len(seen))
	}
}

func TestEveryWordIsCounted(t *testing.T) {
	texts := []answers.Text{
		{Question: "Why?", Said: "finished", Whole: true}, {Question: "Why?", Said: "asks", Whole: true}, {Question: "Why?", Said: "finished it for them"},
		{Question: "Why?", Said: "unfinished and"}, {Question: "Why?", Said: "never"}, {Question: "Why?", Said: "nonsense"},
	}
	synctest.Test(t, func(t *testing.T) {
		got, err := judges.Measure(t.Context(), reader(func(ctx context.Context, text string) (conversation.Judgement, error) {
			first, _, _ := strings.Cut(text, " ")
			switch first {
			case "never":
				<-ctx.Done()
				return conversation.Judgement{}, errors.New("the connection is closed")
			case "nonsense":
				return conversation.Judgement{Cost: conversation.Cost{Tokens: price.Tokens{Input: 1}}}, judge.ErrNonsense
			}
			time.Sleep(time.Second)
			return conversation.Judgement{Says: conversation.Opinion(first), Cost: conversation.Cost{Tokens: price.Tokens{Input: 10}}}, nil
		}), texts, 2)
		if err != nil || got.Late != 1 || got.Nonsense != 1 || len(got.Delays) != 4 || got.Delays[3] != time.Second || got.Cost.Input != 41 {
			t.Errorf("%+v, %v", got, err)
		}
		whole, cut := got.Rates.Whole, got.Rates.Cut
		if whole[conversation.Finished] != 1 || whole[conversation.Asks] != 1 || cut[conversation.Finished] != 1 || cut[conversation.Unfinished] != 1 {
			t.Errorf("%+v", got.Rates)
		}
		if got.Complete[conversation.Finished] != 1 || got.Complete[conversation.Unfinished] != 0 {
			t.Errorf("where the words look complete: %+v", got.Complete)
		}
		if share := judges.Share(whole, conversation.Finished); share != 50 {
			t.Errorf("%v %%", share)
		}
	})
}

func TestAFailureEndsIt(t *testing.T) {
	broken := errors.New("no permission")
	tune, _ := judges.Halves()
	calls := 0
	_, err := judges.Measure(t.Context(), reader(func(context.Context, string) (conversation.Judgement, error) {
		calls++
		return conversation.Judgement{}, broken
	}), tune, 1)
	if !errors.Is(err, broken) || calls > 3 {
		t.Errorf("%v after %d calls", err, calls)
	}
}
