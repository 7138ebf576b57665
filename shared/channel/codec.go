package channel

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"casey.internal/shared/apperr"
	"casey.internal/shared/fields"
)

// Limits on what a browser may send.
const (
	MaxEvent = 4 << 10             // bytes
	maxMS    = 24 * 60 * 60 * 1000 // a day
)

var (
	serverTypes = map[string]reflect.Type{
		"state":   reflect.TypeFor[State](),
		"caption": reflect.TypeFor[Caption](),
		"visemes": reflect.TypeFor[Visemes](),
		"cut":     reflect.TypeFor[Cut](),
		"level":   reflect.TypeFor[Level](),
		"phase":   reflect.TypeFor[Phase](),
		"exhibit": reflect.TypeFor[Exhibit](),
		"report":  reflect.TypeFor[Report](),
		"metrics": reflect.TypeFor[Metrics](),
		"notice":  reflect.TypeFor[Notice](),
	}
	clientTypes = map[string]reflect.Type{
		"nudge":  reflect.TypeFor[Nudge](),
		"muted":  reflect.TypeFor[Muted](),
		"heard":  reflect.TypeFor[Heard](),
		"played": reflect.TypeFor[Played](),
		"take":   reflect.TypeFor[Take](),
		"end":    reflect.TypeFor[End](),
	}
	names = fields.TypeNames(serverTypes, clientTypes)
)

// Encode returns an event of either side, or a pointer to one, as it stands on
// the wire. The worker numbers its events from 1 per peer; seq 0, as the
// browser's events have it, is left out. It panics on a value that is no event
// or that JSON cannot hold, which is a mistake in the program.
func Encode(seq uint64, event any) []byte {
	value := reflect.Indirect(reflect.ValueOf(event))
	name, ok := names[value.Type()]
	if !ok {
		panic(fmt.Sprintf("channel: %T is no event", event))
	}
	body, err := json.Marshal(event)
	if err != nil {
		panic(fmt.Sprintf("channel: %T: %s", event, err))
	}
	data := append([]byte(`{"type":"`), name...)
	data = append(data, '"')
	if seq > 0 {
		data = strconv.AppendUint(append(data, `,"seq":`...), seq, 10)
	}
	if len(body) > len("{}") {
		data = append(data, ',')
	}
	return append(data, body[1:]...)
}

// Parse reads one event of the browser: *Nudge, *Muted, *Heard, *Played, *Take
// or *End. Members that the protocol does not know are ignored. The error is a
// *fault.Error that says what to send instead.
func Parse(data []byte) (any, error) {
	o, err := fields.Parse(data, MaxEvent)
	if err != nil {
		return nil, err
	}
	event := read(o)
	if err := o.Err(); err != nil {
		return nil, err
	}
	return event, nil
}

func read(o *fields.Object) any {
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
	}
	o.Fail(apperr.Unknown, "send one of the types nudge, muted, heard, played, take and end")
	return nil
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
func ParseServer(data []byte) (seq uint64, event any, err error) {
	var head struct {
		Type string `json:"type"`
		Seq  uint64 `json:"seq"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return 0, nil, fmt.Errorf("channel: worker's event: %w", err)
	}
	kind, ok := serverTypes[head.Type]
	if !ok {
		return 0, nil, fmt.Errorf("channel: worker's event of unknown type %q", head.Type)
	}
	event = reflect.New(kind).Interface()
	if err := json.Unmarshal(data, event); err != nil {
		return 0, nil, fmt.Errorf("channel: worker's event %q: %w", head.Type, err)
	}
	return head.Seq, event, nil
}
