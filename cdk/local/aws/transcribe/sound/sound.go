// Package sound turns the audio events of a transcription into samples for a recogniser.
package sound

import (
	"encoding/binary"
	"fmt"

	"github.com/pion/opus"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/oggopus"
)

// Rate is the sample rate that recognisers hear, in Hz.
const Rate = 16000

// Source turns what came in audio events into samples at Rate.
type Source interface {
	// Samples takes one audio event. An error is an *awswire.Error.
	Samples(chunk []byte) ([]int16, error)
	// Foreign counts pieces that belong to another stream.
	Foreign() int
}

// New returns the source of a stream of that encoding (pcm or ogg-opus) and rate.
func New(encoding string, rate int) (Source, error) {
	if encoding == "pcm" {
		return &pcm{rate: rate}, nil
	}
	decoder, err := opus.NewDecoderWithOutput(Rate, 1)
	if err != nil {
		return nil, fmt.Errorf("make Opus decoder: %w", err)
	}
	return &ogg{decoder: decoder}, nil
}

func tooLong() error {
	return awswire.BadRequest("BadRequestException", "An audio event holds at most one second of audio.")
}

func undecodable() error {
	return awswire.BadRequest("BadRequestException", "Could not decode the audio stream that you provided. Check that the audio stream is valid and try your request again.")
}

// pcm is signed 16 bit little endian audio of one channel.
type pcm struct {
	rate  int
	odd   []byte
	phase int // of the next output sample, in units of 1/Rate of an input sample
	sum   int
	count int
}

// Foreign is none: PCM has no marks.
func (p *pcm) Foreign() int { return 0 }

// Samples takes up to a second of PCM, cut anywhere.
func (p *pcm) Samples(chunk []byte) ([]int16, error) {
	if len(chunk) > 2*p.rate {
		return nil, tooLong()
	}
	b := append(p.odd, chunk...)
	var out []int16
	for ; len(b) >= 2; b = b[2:] {
		out = p.resample(out, int16(binary.LittleEndian.Uint16(b)))
	}
	p.odd = append([]byte(nil), b...)
	return out, nil
}

// resample appends the output samples that end within one input sample: means of the input between two of them, which is
// good enough for a recogniser that hears no more than 6.8 kHz.
func (p *pcm) resample(out []int16, sample int16) []int16 {
	p.sum += int(sample)
	p.count++
	for p.phase += Rate; p.phase >= p.rate; p.phase -= p.rate {
		if p.count > 0 {
			sample = int16(p.sum / p.count)
		}
		out = append(out, sample)
		p.sum, p.count = 0, 0
	}
	return out
}

// ogg is an Ogg Opus stream.
type ogg struct {
	reader  oggopus.Reader
	decoder opus.Decoder
	skipped int // samples of the pre-skip that were thrown away, at the recogniser's rate
}

// opusRate is the clock of Opus packets (RFC 7845, section 4).
const opusRate = 48000

// Foreign counts the pages of other streams.
func (o *ogg) Foreign() int { return o.reader.Foreign() }

// Samples takes a piece of an Ogg stream, cut anywhere.
func (o *ogg) Samples(chunk []byte) ([]int16, error) {
	packets, err := o.reader.Push(chunk)
	if err != nil {
		return nil, undecodable()
	}
	var out []int16
	total := 0
	for _, packet := range packets {
		n := oggopus.Samples(packet)
		if total += n; n == 0 {
			return nil, undecodable()
		}
		out = append(out, o.decode(packet, n*Rate/opusRate)...)
	}
	if total > opusRate {
		return nil, tooLong()
	}
	skip := min(len(out), o.reader.PreSkip()*Rate/opusRate-o.skipped)
	o.skipped += skip
	return out[skip:], nil
}

// decode returns the n samples of a packet; silence for one that asks to conceal a loss or cannot be decoded.
func (o *ogg) decode(packet []byte, n int) []int16 {
	out := make([]int16, n)
	if len(packet) < 2 {
		return out
	}
	if _, err := o.decoder.DecodeToInt16(packet, out); err != nil {
		clear(out)
	}
	return out
}
