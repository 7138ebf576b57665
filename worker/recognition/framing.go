package recognition

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"

	"github.com/thesyncim/gopus"

	"casey.internal/worker/ogg"
	"casey.internal/worker/opus"
)

// Framing puts the Opus packets of one stream into the form that its recogniser takes.
type Framing interface {
	// Frame returns the next chunk of the stream, which holds the packets; the
	// first chunk begins with what the form needs at its beginning. The chunk is
	// valid until the next call; packets are not kept.
	Frame(packets [][]byte) ([]byte, error)
}

// Ogg is the framing as Ogg Opus at 48 kHz: nothing is transcoded.
type Ogg struct {
	muxer *ogg.Muxer
	chunk []byte
}

// NewOgg is a Config.Framing: Ogg Opus at 48 kHz.
func NewOgg() (Framing, error) {
	return &Ogg{muxer: ogg.NewMuxer(rand.Uint32())}, nil
}

// Frame implements Framing: a chunk is a page.
func (o *Ogg) Frame(packets [][]byte) (chunk []byte, err error) {
	o.chunk, err = o.muxer.Append(o.chunk[:0], packets...)
	return o.chunk, err
}

// PCM is the framing as 16-bit little-endian mono at 16 kHz, for a recogniser
// that does not understand Opus as well as it should.
type PCM struct {
	decoder *gopus.Decoder
	samples [pcmRate * 120 / 1000]int16 // of one packet
	chunk   []byte
	refused int // packets
}

const pcmRate = 16000

// NewPCM is a Config.Framing: 16-bit little-endian mono at 16 kHz.
func NewPCM() (Framing, error) {
	decoder, err := gopus.NewDecoder(gopus.DefaultDecoderConfig(pcmRate, 1))
	if err != nil {
		return nil, fmt.Errorf("opus decoder: %w", err)
	}
	return &PCM{decoder: decoder}, nil
}

// Frame implements Framing. For a packet that is its TOC byte alone the decoder
// conceals the loss, as it should; one that it refuses is silence of its length:
// an error would end the stream, and the next one would be given the packet again.
func (p *PCM) Frame(packets [][]byte) ([]byte, error) {
	p.chunk = p.chunk[:0]
	for _, packet := range packets {
		n, err := p.decoder.DecodeInt16(packet, p.samples[:])
		if length := opus.Samples(packet) * pcmRate / opus.Rate; err != nil && length > 0 {
			p.refused++
			n, err = length, nil
			clear(p.samples[:n])
		}
		if err != nil {
			return nil, fmt.Errorf("decode opus: %w", err)
		}
		for _, s := range p.samples[:n] {
			p.chunk = binary.LittleEndian.AppendUint16(p.chunk, uint16(s))
		}
	}
	return p.chunk, nil
}

// Refused counts the packets that the decoder refused.
func (p *PCM) Refused() int { return p.refused }
