package channel

import (
	"encoding/json"
	"fmt"
	"reflect"
	"unicode/utf8"

	"casey.internal/shared/apperr"
	"casey.internal/shared/fields"
)

// Limits on what a page may send.
const (
	MaxEvent   = 4 << 10             // bytes of any event but a Job
	MaxJob     = 64 << 10            // bytes of a Job as it is sent
	MaxTold    = 48 << 10            // bytes of all its texts together
	maxLine    = 1 << 10             // bytes of a role, or of a question
	maxMinutes = 4 * 60              // that an interview may be asked to take
	maxMS      = 24 * 60 * 60 * 1000 // a day
)

// workerTypes are the types of the worker's events, by their names.
var workerTypes = typesByName(
	State{}, Caption{}, Visemes{}, Cut{}, Level{}, Phase{}, Exhibit{}, Report{}, Metrics{}, Notice{}, Checkup{}, Kept{},
)

func typesByName(events ...WorkerEvent) map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for _, e := range events {
		types[e.workerEvent()] = reflect.TypeOf(e)
	}
	return types
}

// Encode returns a worker's event as it stands on the wire. The worker numbers
// its events from 1 per peer.
func Encode(seq uint64, event WorkerEvent) []byte {
	return encode(fmt.Sprintf(`{"type":%q,"seq":%d`, event.workerEvent(), seq), event)
}

// EncodePage returns a page's event as it stands on the wire.
func EncodePage(event PageEvent) []byte {
	return encode(fmt.Sprintf(`{"type":%q`, event.pageEvent()), event)
}

// encode joins the beginning of an object with the members of an event. It panics
// on an event that JSON cannot hold, which is a mistake in the program.
func encode(head string, event any) []byte {
	body, err := json.Marshal(event)
	if err != nil {
		panic(fmt.Sprintf("channel: %T: %s", event, err))
	}
	if len(body) > len("{}") {
		head += ","
	}
	return append([]byte(head), body[1:]...)
}

// Parse reads one event of the page: *Nudge, *Muted, *Heard, *Played, *Take, *End or
// *Job. Members that the protocol does not know are ignored. The error is a
// *apperr.Error that says what to send instead.
func Parse(data []byte) (PageEvent, error) {
	if !utf8.Valid(data) {
		return nil, apperr.New(apperr.Malformed, "send text in UTF-8")
	}
	o, err := fields.Parse(data, MaxJob)
	if err != nil {
		return nil, err
	}
	event := read(o)
	if _, job := event.(*Job); !job && len(data) > MaxEvent {
		o.Fail(apperr.TooLarge, "the event has %d bytes; send at most %d", len(data), MaxEvent)
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	return event, nil
}

func read(o *fields.Object) PageEvent {
	switch o.Text("type", MaxEvent) {
	case "nudge":
		return &Nudge{}
	case "muted":
		return &Muted{On: o.Bool("on")}
	case "heard":
		return &Heard{Turn: count(o, "turn"), MS: ms(o)}
	case "played":
		return &Played{Utterance: count(o, "utterance"), MS: ms(o)}
	case "take":
		return &Take{}
	case "end":
		return &End{}
	case "job":
		return readJob(o)
	}
	o.Fail(apperr.Unknown, "send one of the types nudge, muted, heard, played, take, end and job")
	return nil
}

func readJob(o *fields.Object) *Job {
	minutes, _ := o.Integer("minutes", 0, maxMinutes)
	j := &Job{
		Role: o.Text("role", maxLine), Advertisement: o.Text("advertisement", MaxTold), CV: o.Text("cv", MaxTold),
		Focus: o.Text("focus", maxLine), Minutes: int(minutes),
	}
	switch n := len(j.Role) + len(j.Advertisement) + len(j.CV) + len(j.Focus); {
	case n > MaxTold:
		o.Fail(apperr.TooLarge, "what was told of the job has %d bytes; send at most %d", n, MaxTold)
	case *j == Job{}:
		o.Fail(apperr.Malformed, "say something of the job: a role, an advertisement, a CV, a question to practise or minutes")
	}
	return j
}

func count(o *fields.Object, name string) int {
	n, _ := o.Integer(name, 0, 1<<31-1)
	return int(n)
}

func ms(o *fields.Object) int {
	n, _ := o.Integer("ms", 0, maxMS)
	return int(n)
}

// ParseServer reads one event of the worker as a pointer, and its number, for
// clients written in Go.
func ParseServer(data []byte) (seq uint64, event WorkerEvent, err error) {
	var head struct {
		Type string `json:"type"`
		Seq  uint64 `json:"seq"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return 0, nil, fmt.Errorf("channel: worker's event: %w", err)
	}
	kind, ok := workerTypes[head.Type]
	if !ok {
		return 0, nil, fmt.Errorf("channel: worker's event of unknown type %q", head.Type)
	}
	event = reflect.New(kind).Interface().(WorkerEvent)
	if err := json.Unmarshal(data, event); err != nil {
		return 0, nil, fmt.Errorf("channel: worker's event %q: %w", head.Type, err)
	}
	return head.Seq, event, nil
}
