// Package transcript is the JSON of Amazon Transcribe's TranscriptEvent (API reference, "Results in a streaming response").
package transcript

import "strings"

// Event is the payload of one TranscriptEvent.
type Event struct {
	Transcript struct {
		Results []Result
	}
}

// NewEvent returns the event of some results, of which there may be none.
func NewEvent(results ...Result) Event {
	var e Event
	e.Transcript.Results = results
	if results == nil {
		e.Transcript.Results = []Result{}
	}
	return e
}

// Result is one stretch of speech, as it is understood now or for good. Times are seconds from the start of the stream.
type Result struct {
	Alternatives []Alternative
	StartTime    float64
	EndTime      float64
	IsPartial    bool
	// ResultID stays the same from the first partial to the final result.
	ResultID string `json:"ResultId"`
	// ChannelID is ch_0 for one channel.
	ChannelID string `json:"ChannelId"`
}

// Alternative is one way to understand it.
type Alternative struct {
	Items      []Item
	Transcript string
}

// The two kinds of items.
const (
	Pronunciation = "pronunciation"
	Punctuation   = "punctuation"
)

// Item is a word or a punctuation mark.
type Item struct {
	Content    string
	Type       string
	StartTime  float64
	EndTime    float64
	Confidence *float64 `json:",omitempty"`
	// Stable tells that the item will not change; nil where stabilisation was not asked for.
	Stable                *bool `json:",omitempty"`
	VocabularyFilterMatch bool
}

// Word is one word as it is to be shown.
type Word struct {
	Written, Mark string
	Start, End    float64
	Confidence    float64
	Stable        bool
}

// Compose returns the result of words, of which there is at least one. stabilised tells whether Stable is shown.
func Compose(id string, words []Word, partial, stabilised bool) Result {
	var items []Item
	var text strings.Builder
	for i, w := range words {
		if i > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(w.Written + w.Mark)
		items = append(items, w.items(partial, stabilised)...)
	}
	return Result{
		Alternatives: []Alternative{{Items: items, Transcript: text.String()}},
		StartTime:    words[0].Start, EndTime: words[len(words)-1].End,
		IsPartial: partial, ResultID: id, ChannelID: "ch_0",
	}
}

func (w Word) items(partial, stabilised bool) []Item {
	item := Item{Content: w.Written, Type: Pronunciation, StartTime: w.Start, EndTime: w.End}
	if stabilised {
		item.Stable = new(w.Stable || !partial)
	}
	if !partial {
		item.Confidence = new(w.Confidence)
	}
	if w.Mark == "" {
		return []Item{item}
	}
	mark := Item{Content: w.Mark, Type: Punctuation, StartTime: w.End, EndTime: w.End, Stable: item.Stable}
	return []Item{item, mark}
}
