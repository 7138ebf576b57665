//go:build cgo

// Package espeak binds the synthesiser espeak-ng (Debian: libespeak-ng-dev espeak-ng-data).
package espeak

/*
#cgo pkg-config: espeak-ng
#include <stdlib.h>
#include <string.h>
#include <espeak-ng/speak_lib.h>

extern int caseySynthesised(short *, int, espeak_EVENT *);

static int casey_start(void) {
	int rate = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 60, NULL,
		espeakINITIALIZE_PHONEME_EVENTS | espeakINITIALIZE_PHONEME_IPA | espeakINITIALIZE_DONT_EXIT);
	if (rate > 0) espeak_SetSynthCallback((t_espeak_callback *)caseySynthesised);
	return rate;
}
static int casey_speak(const char *text, unsigned flags) {
	return espeak_Synth(text, strlen(text) + 1, 0, POS_CHARACTER, 0, flags, NULL, NULL);
}
*/
import "C"

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"casey.internal/cdk/local/aws/polly"
)

// library serialises the use of libespeak-ng, whose state belongs to the process: that is why the package has variables.
var library struct {
	sync.Mutex
	rate   int
	speech polly.Speech // what the callback collects
}

// Synthesiser speaks. Its methods may be used at the same time; they take turns.
type Synthesiser struct{}

// New starts the library, once in a process.
func New() (*Synthesiser, error) {
	library.Lock()
	defer library.Unlock()
	if library.rate > 0 {
		return &Synthesiser{}, nil
	}
	rate := int(C.casey_start())
	if rate <= 0 {
		return nil, errors.New("espeak-ng does not start (Debian package espeak-ng-data)")
	}
	library.rate = rate
	return &Synthesiser{}, nil
}

// Speak returns text as speech, with where in the text and in the audio its sentences, words and sounds are.
func (*Synthesiser) Speak(text string, v polly.Voice, ssml bool) (polly.Speech, error) {
	library.Lock()
	defer library.Unlock()
	if err := choose(v); err != nil {
		return polly.Speech{}, err
	}
	library.speech = polly.Speech{Rate: library.rate}
	flags := C.uint(C.espeakCHARS_UTF8 | C.espeakENDPAUSE)
	if ssml {
		flags |= C.espeakSSML
	}
	t := C.CString(text)
	defer C.free(unsafe.Pointer(t))
	if C.casey_speak(t, flags) != 0 || C.espeak_Synchronize() != 0 {
		return polly.Speech{}, errors.New("espeak-ng does not speak")
	}
	speech := library.speech
	library.speech = polly.Speech{}
	return speech, nil
}

func choose(v polly.Voice) error {
	name := C.CString(v.Engine)
	defer C.free(unsafe.Pointer(name))
	if C.espeak_SetVoiceByName(name) != 0 {
		return fmt.Errorf("espeak-ng has no voice %q", v.Engine)
	}
	C.espeak_SetParameter(C.espeakRATE, C.int(v.WordsPerMinute), 0)
	C.espeak_SetParameter(C.espeakPITCH, C.int(v.Pitch), 0)
	return nil
}
