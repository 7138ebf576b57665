//go:build cgo

package espeak

/*
#include <espeak-ng/speak_lib.h>
*/
import "C"

import (
	"bytes"
	"unsafe"

	"casey.internal/cdk/local/aws/polly"
)

var kinds = map[C.espeak_EVENT_TYPE]polly.EventKind{
	C.espeakEVENT_SENTENCE: polly.SentenceBegins,
	C.espeakEVENT_WORD:     polly.WordBegins,
	C.espeakEVENT_PHONEME:  polly.SoundBegins,
	C.espeakEVENT_MARK:     polly.MarkReached,
}

// caseySynthesised is called by the library, within Speak, with the next samples and what begins in them.
//
//export caseySynthesised
func caseySynthesised(samples *C.short, n C.int, event *C.espeak_EVENT) C.int {
	speech := &library.speech
	if samples != nil && n > 0 {
		speech.Samples = append(speech.Samples, unsafe.Slice((*int16)(unsafe.Pointer(samples)), int(n))...)
	}
	for ; event._type != C.espeakEVENT_LIST_TERMINATED; event = next(event) {
		kind, ok := kinds[event._type]
		if !ok {
			continue
		}
		speech.Events = append(speech.Events, polly.Event{
			Kind: kind, Sample: int(event.sample), Name: name(event),
			Character: int(event.text_position) - 1, Characters: int(event.length),
		})
	}
	return 0
}

func next(e *C.espeak_EVENT) *C.espeak_EVENT {
	return (*C.espeak_EVENT)(unsafe.Add(unsafe.Pointer(e), unsafe.Sizeof(*e)))
}

// name reads the union of an event: a pointer to the name of a mark, or up to eight bytes of a phoneme, maybe without a terminator.
func name(e *C.espeak_EVENT) string {
	switch e._type {
	case C.espeakEVENT_MARK:
		return C.GoString(*(**C.char)(unsafe.Pointer(&e.id)))
	case C.espeakEVENT_PHONEME:
		b := (*[8]byte)(unsafe.Pointer(&e.id))
		before, _, _ := bytes.Cut(b[:], []byte{0})
		return string(before)
	}
	return ""
}
