// Package transcode turns MP3 into Opus packets. casey transcodes nothing
// where it can help it: Polly is asked for Opus and its packets go out as they
// are. This is the other way, for a voice or region whose ogg_opus turns out
// to be of no use (POLLY_OUTPUT=mp3): the MP3 is decoded and encoded anew in
// pure Go, at about a fiftieth of a core for each voice that speaks.
package transcode

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/hajimehoshi/go-mp3"
	"github.com/thesyncim/gopus"

	"casey.internal/worker/opus"
)

const (
	frameMs   = 20
	bitrate   = 32_000 // bits a second, as browsers send speech
	maxPacket = 1275   // bytes of one frame (RFC 6716 3.2.1)
)

// ErrFormat is the error, with a reason, for input that is no MP3 that can be spoken.
var ErrFormat = errors.New("transcode: no usable MP3")

// Packets are the Opus packets of an MP3 stream, mono, 20 ms each. It is not
// safe for concurrent use.
type Packets struct {
	from   io.Reader
	mp3    *mp3.Decoder
	opus   *gopus.Encoder
	stereo []byte  // 20 ms as the decoder gives them: 16 bit little endian, two channels
	mono   []int16 // the same as the encoder takes them
	packet [maxPacket]byte
	err    error
}

// NewPackets reads MP3 from r as it comes.
func NewPackets(r io.Reader) *Packets { return &Packets{from: r} }

// Next returns the next packet, valid until the following call, and its length
// in samples at 48 kHz. The error is io.EOF after the last packet and ErrFormat
// for input that is no MP3; it is the same from then on.
func (p *Packets) Next() (packet []byte, samples int, err error) {
	if p.err == nil && p.mp3 == nil {
		p.err = p.open()
	}
	if p.err != nil {
		return nil, 0, p.err
	}
	n, err := p.read()
	if n == 0 {
		p.err = endOf(err)
		return nil, 0, p.err
	}
	clear(p.stereo[n:]) // the last frame is filled up with silence
	for i := range p.mono {
		p.mono[i] = int16(binary.LittleEndian.Uint16(p.stereo[4*i:])) // of a mono file both channels are the same
	}
	size, err := p.opus.EncodeInt16(p.mono, p.packet[:])
	if err != nil {
		p.err = fmt.Errorf("transcode: encode: %w", err)
		return nil, 0, p.err
	}
	return p.packet[:size], opus.Samples(p.packet[:size]), nil
}

// read decodes the next frame. The decoder panics on some garbage.
func (p *Packets) read() (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			n, err = 0, fmt.Errorf("decoder: %v", v)
		}
	}()
	return io.ReadFull(p.mp3, p.stereo)
}

// decode reads as far as the first frame.
func decode(r io.Reader) (d *mp3.Decoder, err error) {
	defer func() {
		if v := recover(); v != nil {
			d, err = nil, fmt.Errorf("decoder: %v", v)
		}
	}()
	return mp3.NewDecoder(r)
}

// PreSkip is the encoder's lookahead in samples at 48 kHz, known once Next has
// returned a packet.
func (p *Packets) PreSkip() int {
	if p.opus == nil {
		return 0
	}
	return p.opus.Lookahead() * 48000 / p.opus.SampleRate()
}

// open reads the first frame, which decides how the rest is encoded.
func (p *Packets) open() error {
	decoder, err := decode(p.from)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	rate := decoder.SampleRate()
	encoder, err := gopus.NewEncoder(gopus.EncoderConfig{SampleRate: rate, Channels: 1, Application: gopus.ApplicationVoIP})
	if err != nil {
		return fmt.Errorf("%w: %d Hz: %w", ErrFormat, rate, err)
	}
	samples := rate * frameMs / 1000
	if err := errors.Join(encoder.SetFrameSize(samples), encoder.SetBitrate(bitrate)); err != nil {
		return fmt.Errorf("transcode: set up the encoder: %w", err)
	}
	p.mp3, p.opus = decoder, encoder
	p.stereo, p.mono = make([]byte, 4*samples), make([]int16, samples)
	return nil
}

func endOf(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return fmt.Errorf("%w: %w", ErrFormat, err)
}
