package transcribe

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/transcribe/transcript"
)

// Engine opens an ear for every stream.
type Engine interface {
	// Open returns an ear, which the caller closes. A setting that it does not accept is an *awswire.Error.
	Open(Settings) (Ear, error)
}

// Ear hears the audio of one stream.
type Ear interface {
	// Hear takes one audio event and returns what it gave rise to. Audio that is none is an *awswire.Error.
	Hear(chunk []byte) ([]transcript.Result, error)
	// End returns what is left when no more audio comes.
	End() []transcript.Result
	// Foreign counts pieces of audio that belong to another stream.
	Foreign() int
	// Close frees what the ear holds.
	Close()
}

// Settings are what a request asks for.
type Settings struct {
	// Encoding is pcm or ogg-opus; Rate its sample rate in Hz.
	Encoding string
	Rate     int
	// Stability is high, medium or low, empty where stabilisation was not asked for.
	Stability string
	// Model is the custom language model's name, empty for the usual one.
	Model string
	// Language is the code of the one that is spoken; empty: it is to be found out.
	Language string
	// Session is the id that the client chose or was given.
	Session string
}

const prefix = "X-Amzn-Transcribe-"

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// parse reads the settings from a request's headers (API reference, StartStreamTranscription).
func parse(h http.Header) (Settings, error) {
	s := Settings{
		Encoding: h.Get(prefix + "Media-Encoding"),
		Model:    h.Get(prefix + "Language-Model-Name"),
		Language: h.Get(prefix + "Language-Code"),
		Session:  h.Get(prefix + "Session-Id"),
	}
	if s.Encoding != "pcm" && s.Encoding != "ogg-opus" {
		return s, bad("the media encoding %q is not pcm or ogg-opus, which alone are stood in for", s.Encoding)
	}
	var err error
	if s.Rate, err = strconv.Atoi(h.Get(prefix + "Sample-Rate")); err != nil || s.Rate < 8000 || s.Rate > 48000 {
		return s, bad("The sample rate is not between 8000 and 48000.")
	}
	if h.Get(prefix+"Language-Code") == "" && h.Get(prefix+"Identify-Language") == "" {
		return s, bad("A language code is required.")
	}
	if s.Session == "" {
		s.Session = awswire.NewID()
	}
	if !uuid.MatchString(s.Session) {
		return s, bad("The session id is not a UUID.")
	}
	s.Stability, err = stability(h)
	return s, err
}

// stability is high where a request asks for stabilisation and names no level.
func stability(h http.Header) (string, error) {
	if !strings.EqualFold(h.Get(prefix+"Enable-Partial-Results-Stabilization"), "true") {
		return "", nil
	}
	switch level := h.Get(prefix + "Partial-Results-Stability"); level {
	case "":
		return "high", nil
	case "high", "medium", "low":
		return level, nil
	}
	return "", bad("The partial results stability is not high, medium or low.")
}

func bad(format string, values ...any) *awswire.Error {
	return awswire.BadRequest("BadRequestException", fmt.Sprintf(format, values...))
}
