package recognition

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/thesyncim/gopus"

	"casey.internal/worker/ogg"
)

// Framing puts the pages of one stream into the form that its recogniser takes.
type Framing interface {
	// Frame returns the next chunk of the stream; the first begins with what
	// the form needs at its beginning. The chunk is valid until the next call.
	Frame(page []byte) ([]byte, error)
}

// Ogg makes a stream of its own from any page on: nothing is transcoded.
type Ogg struct {
	splice *ogg.Splice
	chunk  []byte
}

// NewOgg is a Config.Framing: Ogg Opus at 48 kHz.
func NewOgg() (Framing, error) {
	return &Ogg{splice: ogg.NewSplice(rand.Uint32())}, nil
}

// Frame implements Framing.
func (o *Ogg) Frame(page []byte) (chunk []byte, err error) {
	o.chunk, err = o.splice.Append(o.chunk[:0], page)
	return o.chunk, err
}

// PCM decodes to 16-bit little-endian mono at 16 kHz, for a recogniser that does
// not understand Opus as well as it should.
type PCM struct {
	decoder *gopus.Decoder
	samples [pcmRate * 120 / 1000]int16 // of one packet
	chunk   []byte
}

const pcmRate = 16000

// NewPCM is a Config.Framing.
func NewPCM() (Framing, error) {
	decoder, err := gopus.NewDecoder(gopus.DefaultDecoderConfig(pcmRate, 1))
	if err != nil {
		return nil, fmt.Errorf("opus decoder: %w", err)
	}
	return &PCM{decoder: decoder}, nil
}

// Frame implements Framing.
func (p *PCM) Frame(page []byte) ([]byte, error) {
	p.chunk = p.chunk[:0]
	whole, err := ogg.NewSplice(0).Append(nil, page) // a stream of one page
	if err != nil {
		return nil, err
	}
	packets := ogg.NewDemuxer(bytes.NewReader(whole))
	for {
		packet, _, err := packets.Next()
		if errors.Is(err, io.EOF) {
			return p.chunk, nil
		}
		if err != nil {
			return nil, err
		}
		if err := p.decode(packet); err != nil {
			return nil, err
		}
	}
}

// decode appends a packet's audio. Of a packet that is its TOC byte alone the
// decoder makes what was lost, as it should.
func (p *PCM) decode(packet []byte) error {
	n, err := p.decoder.DecodeInt16(packet, p.samples[:])
	if err != nil {
		return fmt.Errorf("decode opus: %w", err)
	}
	for _, s := range p.samples[:n] {
		p.chunk = binary.LittleEndian.AppendUint16(p.chunk, uint16(s))
	}
	return nil
}
