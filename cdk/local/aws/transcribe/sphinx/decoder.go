//go:build cgo

// Package sphinx binds the recogniser pocketsphinx (Debian: libpocketsphinx-dev libsphinxbase-dev pocketsphinx-en-us).
package sphinx

/*
#cgo pkg-config: pocketsphinx sphinxbase
#include <stdlib.h>
#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <sphinxbase/feat.h>

static cmd_ln_t *casey_config(int argc, char **argv) {
	err_set_logfp(NULL);
	return cmd_ln_parse_r(NULL, ps_args(), argc, argv, TRUE);
}
static int casey_mean_size(ps_decoder_t *ps) { return ps_get_feat(ps)->cmn_struct->veclen; }
static void casey_get_mean(ps_decoder_t *ps, float *v) { cmn_live_get(ps_get_feat(ps)->cmn_struct, v); }
static void casey_set_mean(ps_decoder_t *ps, float *v) { cmn_live_set(ps_get_feat(ps)->cmn_struct, v); }
*/
import "C"

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unsafe"
)

// Rate is the sample rate that a decoder hears, in Hz.
const Rate = 16000

// frame is the step of the decoder's own clock.
const frame = 10 * time.Millisecond

// DefaultModel is where Debian puts the American English model.
const DefaultModel = "/usr/share/pocketsphinx/model/en-us"

// Config is what a decoder knows and how it listens.
type Config struct {
	// Model is the folder with the acoustic model en-us, the dictionary cmudict-en-us.dict and the language model en-us.lm.bin.
	Model string
	// Grammar is the JSGF text of what can be said; empty: free speech by the language model.
	Grammar string
	// Quiet is how long it has to be quiet before an utterance is over.
	Quiet time.Duration
}

// Dictionary returns the path of the model's pronouncing dictionary.
func (c Config) Dictionary() string { return filepath.Join(c.Model, "cmudict-en-us.dict") }

// Word is one recognised word. Times are from the start of the stream.
type Word struct {
	Text       string
	Start, End time.Duration
	// Confidence is the posterior probability, 0 to 1; grammars always give 1.
	Confidence float64
}

// Decoder recognises one stream at a time. It is used by one goroutine at a time; decoders are independent of each other.
type Decoder struct {
	ps   *C.ps_decoder_t
	mean []C.float
}

// New loads a decoder, which takes a tenth of a second and some 40 MB with a grammar, 100 MB with the language model.
func New(c Config) (*Decoder, error) {
	ps, err := initialise(c)
	if err != nil {
		return nil, err
	}
	d := &Decoder{ps: ps}
	d.mean = make([]C.float, C.casey_mean_size(ps))
	C.casey_get_mean(ps, &d.mean[0])
	if c.Grammar == "" {
		return d, nil
	}
	name, grammar := C.CString("casey"), C.CString(c.Grammar)
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(grammar))
	if C.ps_set_jsgf_string(ps, name, grammar) != 0 || C.ps_set_search(ps, name) != 0 {
		d.Close()
		return nil, errors.New("pocketsphinx refuses the grammar")
	}
	return d, nil
}

func initialise(c Config) (*C.ps_decoder_t, error) {
	args := []string{
		"casey", "-hmm", filepath.Join(c.Model, "en-us"), "-dict", c.Dictionary(), "-logfn", "/dev/null",
		"-vad_postspeech", strconv.Itoa(int(c.Quiet / frame)),
	}
	if c.Grammar == "" {
		args = append(args, "-lm", filepath.Join(c.Model, "en-us.lm.bin"))
	}
	argv := make([]*C.char, len(args))
	for i, a := range args {
		argv[i] = C.CString(a)
		defer C.free(unsafe.Pointer(argv[i]))
	}
	config := C.casey_config(C.int(len(argv)), &argv[0])
	if config == nil {
		return nil, fmt.Errorf("pocketsphinx refuses its settings %q", args[1:])
	}
	defer C.cmd_ln_free_r(config)
	ps := C.ps_init(config)
	if ps == nil {
		return nil, fmt.Errorf("pocketsphinx finds no model in %s (Debian package pocketsphinx-en-us)", c.Model)
	}
	return ps, nil
}

// Close frees the decoder.
func (d *Decoder) Close() { C.ps_free(d.ps) }

// StartStream forgets everything about the stream before, the estimate of the channel included, and starts the clock at 0.
func (d *Decoder) StartStream() {
	C.casey_set_mean(d.ps, &d.mean[0])
	C.ps_start_stream(d.ps)
}

// StartUtterance begins to listen for an utterance.
func (d *Decoder) StartUtterance() { C.ps_start_utt(d.ps) }

// EndUtterance ends it, after which Words are final.
func (d *Decoder) EndUtterance() { C.ps_end_utt(d.ps) }

// Feed takes the next samples.
func (d *Decoder) Feed(samples []int16) {
	if len(samples) > 0 {
		C.ps_process_raw(d.ps, (*C.int16)(unsafe.Pointer(&samples[0])), C.size_t(len(samples)), 0, 0)
	}
}

// InSpeech tells whether somebody speaks, or spoke less than Config.Quiet ago.
func (d *Decoder) InSpeech() bool { return C.ps_get_in_speech(d.ps) != 0 }

// variant is how the dictionary numbers the pronunciations of one word.
var variant = regexp.MustCompile(`\(\d+\)$`)

// Words returns what was recognised of the utterance so far, without silences and noises. The second result tells whether it is
// anything that the grammar allows.
func (d *Decoder) Words() ([]Word, bool) {
	var score C.int32
	if C.ps_get_hyp(d.ps, &score) == nil {
		return nil, false
	}
	var words []Word
	for seg := C.ps_seg_iter(d.ps); seg != nil; seg = C.ps_seg_next(seg) {
		text := variant.ReplaceAllString(C.GoString(C.ps_seg_word(seg)), "")
		if strings.ContainsAny(text[:1], "<[+(") {
			continue
		}
		words = append(words, word(seg, text))
	}
	return words, true
}

// logBase is the base of pocketsphinx's logarithms.
const logBase = 1.0001

func word(seg *C.ps_seg_t, text string) Word {
	var start, end C.int
	C.ps_seg_frames(seg, &start, &end)
	var acoustic, language, backoff C.int32
	posterior := C.ps_seg_prob(seg, &acoustic, &language, &backoff)
	return Word{
		Text: text, Start: time.Duration(start) * frame, End: time.Duration(end+1) * frame,
		Confidence: math.Exp(float64(posterior) * math.Log(logBase)),
	}
}
