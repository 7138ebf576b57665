//go:build cgo

// Package moonshine hears with Moonshine's tiny English model (MIT), which the Python wheel
// moonshine-voice 0.0.73 brings with its library. Nothing of it is linked: the library is loaded
// when the stand-ins start, so they also build and run without it.
package moonshine

/*
#cgo linux LDFLAGS: -ldl
#include <stdlib.h>
#include "library.h"
*/
import "C"

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unsafe"
)

// Rate is the sample rate that a transcriber hears, in Hz.
const Rate = 16000

// Library is the loaded library. Its methods may be used at the same time.
type Library struct {
	functions C.struct_casey_moonshine
	model     string
}

// Open loads the library of an unpacked wheel, for good: a process does not unload it.
func Open(wheel string) (*Library, error) {
	l := &Library{model: filepath.Join(wheel, "moonshine_voice", "assets", "tiny-en")}
	path := C.CString(filepath.Join(wheel, "moonshine_voice", "libmoonshine.so"))
	defer C.free(unsafe.Pointer(path))
	if problem := C.casey_open(path, &l.functions); problem != nil {
		return nil, fmt.Errorf("load moonshine's library: %s", C.GoString(problem))
	}
	return l, nil
}

// options of every transcriber (moonshine's README, "Options"): the caller says when to look,
// nobody tells speakers apart, and audio is not given back.
var options = [][2]string{
	{"transcription_interval", "0.1"}, {"identify_speakers", "false"}, {"return_audio_data", "false"}, {"log_output_text", "false"},
}

// transcriber is a loaded model. It hears one stream at a time, and one goroutine uses it at a
// time.
type transcriber struct {
	library *Library
	handle  C.int32_t
}

// load loads the model, which takes a third of a second and some 100 MB.
func (l *Library) load() (*transcriber, error) {
	path := C.CString(l.model)
	defer C.free(unsafe.Pointer(path))
	given := make([]C.struct_moonshine_option, len(options))
	for i, o := range options {
		given[i] = C.struct_moonshine_option{name: C.CString(o[0]), value: C.CString(o[1])}
		defer C.free(unsafe.Pointer(given[i].name))
		defer C.free(unsafe.Pointer(given[i].value))
	}
	handle := C.casey_load(&l.functions, path, &given[0], C.uint64_t(len(given)))
	if handle < 0 {
		return nil, fmt.Errorf("load moonshine's model of %s: %w", l.model, l.problem(handle))
	}
	return &transcriber{library: l, handle: handle}, nil
}

// problem is what the library calls an error.
func (l *Library) problem(code C.int32_t) error {
	return fmt.Errorf("moonshine: %s (%d)", C.GoString(C.casey_error(&l.functions, code)), int(code))
}

// close frees the model.
func (t *transcriber) close() { C.casey_free(&t.library.functions, t.handle) }

// stream is one stretch of audio that a transcriber hears.
type stream struct {
	of     *transcriber
	handle C.int32_t
}

// begin begins a stream, whose times count from 0.
func (t *transcriber) begin() (listener, error) {
	handle := C.casey_begin(&t.library.functions, t.handle)
	if handle < 0 {
		return nil, t.library.problem(handle)
	}
	return &stream{of: t, handle: handle}, nil
}

// close frees the stream.
func (s *stream) close() { C.casey_end(&s.of.library.functions, s.of.handle, s.handle) }

// add takes the next samples, which costs a hundredth of their time.
func (s *stream) add(samples []float32) error {
	if len(samples) == 0 {
		return nil
	}
	return s.check(C.casey_add(&s.of.library.functions, s.of.handle, s.handle,
		(*C.float)(unsafe.Pointer(&samples[0])), C.uint64_t(len(samples)), Rate))
}

// stop ends the audio: whoever spoke has ended.
func (s *stream) stop() error {
	return s.check(C.casey_stop(&s.of.library.functions, s.of.handle, s.handle))
}

func (s *stream) check(code C.int32_t) error {
	if code < 0 {
		return s.of.library.problem(code)
	}
	return nil
}

// line is what was understood between two silences. Times are from the start of the stream.
type line struct {
	text       string
	start, end time.Duration
	// complete tells that it has been quiet since.
	complete bool
}

// look understands what is new and returns all lines of the stream. It takes as long as the line
// that is being said is long: a tenth of its time.
func (s *stream) look() ([]line, error) {
	var t *C.struct_moonshine_transcript
	if err := s.check(C.casey_look(&s.of.library.functions, s.of.handle, s.handle, &t)); err != nil {
		return nil, err
	}
	if t == nil || t.count == 0 {
		return nil, nil
	}
	lines := make([]line, 0, t.count)
	for _, l := range unsafe.Slice(t.lines, t.count) {
		lines = append(lines, line{
			text: strings.ToValidUTF8(strings.TrimSpace(C.GoString(l.text)), ""), complete: l.complete != 0,
			start: seconds(l.start), end: seconds(l.start + l.duration),
		})
	}
	return lines, nil
}

func seconds(s C.float) time.Duration { return time.Duration(float64(s) * float64(time.Second)) }
