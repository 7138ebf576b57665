package polly

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"casey.internal/cdk/local/aws/awswire"
)

// The limits of one request (Polly developer guide, "Quotas").
const (
	maxBilled = 3000
	maxText   = 6000
)

// Request is SynthesizeSpeech's input.
type Request struct {
	OutputFormat    string
	SampleRate      string
	Text            string
	TextType        string
	VoiceID         string `json:"VoiceId"`
	Engine          string
	SpeechMarkTypes []string
}

// rates are the sample rates that each format admits, the usual one first (API reference, SynthesizeSpeech).
var rates = map[string][]string{
	"ogg_opus": {"48000"},
	"mp3":      {"24000", "8000", "16000", "22050", "44100", "48000"},
	"pcm":      {"16000", "8000"},
	"json":     {"22050", "8000", "16000", "24000", "44100", "48000"},
}

// parse reads and checks a request's body. Errors are *awswire.Error.
func parse(body []byte) (Request, error) {
	var r Request
	if err := json.Unmarshal(body, &r); err != nil {
		return r, awswire.BadRequest("SerializationException", "The body is not the JSON of a request.")
	}
	for _, check := range []func(*Request) error{format, speaker, length, markTypes} {
		if err := check(&r); err != nil {
			return r, err
		}
	}
	return r, nil
}

func invalid(message string) *awswire.Error {
	return awswire.BadRequest("ValidationException", message)
}

// format checks the format and the rate, and fills in the usual rate.
func format(r *Request) error {
	admitted, ok := rates[r.OutputFormat]
	if !ok {
		return invalid("The output format is none of those that are stood in for: ogg_opus, mp3, pcm, json.")
	}
	if r.SampleRate == "" {
		r.SampleRate = admitted[0]
	}
	if !slices.Contains(admitted, r.SampleRate) {
		return awswire.BadRequest("InvalidSampleRateException", "The specified sample rate is not valid.")
	}
	return nil
}

func speaker(r *Request) error {
	if _, ok := voices[r.VoiceID]; !ok {
		return invalid("1 validation error detected: Value '" + r.VoiceID + "' at 'voiceId' failed to satisfy constraint: Member must satisfy enum value set")
	}
	if !slices.Contains([]string{"", "standard", "neural", "long-form", "generative"}, r.Engine) {
		return invalid("1 validation error detected: Value '" + r.Engine + "' at 'engine' failed to satisfy constraint: Member must satisfy enum value set")
	}
	return nil
}

func length(r *Request) error {
	if r.Text == "" {
		return invalid("1 validation error detected: Value at 'text' failed to satisfy constraint: Member must not be empty")
	}
	billed, err := r.billed()
	if err != nil {
		return err
	}
	if billed > maxBilled || utf8.RuneCountInString(r.Text) > maxText {
		return awswire.BadRequest("TextLengthExceededException", "Maximum text length has been exceeded")
	}
	return nil
}

// billed counts the characters that are paid for: those outside of tags.
func (r *Request) billed() (int, error) {
	if r.TextType != "ssml" {
		return utf8.RuneCountInString(r.Text), nil
	}
	decoder := xml.NewDecoder(strings.NewReader(r.Text))
	n, root := 0, ""
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) && root == "speak" {
			return n, nil
		}
		if err != nil {
			return 0, awswire.BadRequest("InvalidSsmlException", "Invalid SSML request")
		}
		switch t := token.(type) {
		case xml.StartElement:
			if root == "" {
				root = t.Name.Local
			}
		case xml.CharData:
			n += utf8.RuneCount(t)
		}
	}
}

func markTypes(r *Request) error {
	if (r.OutputFormat == "json") != (len(r.SpeechMarkTypes) > 0) {
		return awswire.BadRequest("MarksNotSupportedForFormatException",
			"Speech marks are not supported for the OutputFormat selected. Speech marks are only available for content in json format.")
	}
	for _, t := range r.SpeechMarkTypes {
		if !slices.Contains(order, t) {
			return invalid("1 validation error detected: Value '" + t + "' at 'speechMarkTypes' failed to satisfy constraint: Member must satisfy enum value set")
		}
	}
	if slices.Contains(r.SpeechMarkTypes, "ssml") && r.TextType != "ssml" {
		return awswire.BadRequest("SsmlMarksNotSupportedForTextTypeException", "SSML speech marks are not supported for the text type selected.")
	}
	if r.OutputFormat == "json" && r.Engine == "generative" {
		return invalid("This engine does not support speech marks.")
	}
	return nil
}
