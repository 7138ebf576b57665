//go:build cgo

package espeak

/*
#include <stdlib.h>
#include <espeak-ng/speak_lib.h>

// IPA, with a tie between the letters of one sound.
static const char *casey_phonemes(const void **text) {
	return espeak_TextToPhonemes(text, espeakCHARS_UTF8, 0x02 | espeakPHONEMES_TIE | '^' << 8);
}
*/
import "C"

import (
	"strings"
	"unsafe"

	"casey.internal/cdk/local/aws/polly"
)

// Phonemes returns how a text is spoken, in the International Phonetic Alphabet with ^ between the
// letters of one sound; numbers and abbreviations are said in words.
func (*Synthesiser) Phonemes(text string, v polly.Voice) (string, error) {
	library.Lock()
	defer library.Unlock()
	if err := choose(v); err != nil {
		return "", err
	}
	t := C.CString(text)
	defer C.free(unsafe.Pointer(t))
	var clauses []string
	for rest := unsafe.Pointer(t); rest != nil; {
		clauses = append(clauses, strings.TrimSpace(C.GoString(C.casey_phonemes(&rest))))
	}
	return strings.Join(clauses, " "), nil
}
