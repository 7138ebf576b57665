package client

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os/exec"
	"slices"
	"sync"
	"time"

	pionopus "github.com/pion/opus"

	"casey.internal/worker/ogg"
	"casey.internal/worker/opus"
)

// Frame is one Opus packet of a voice, 20 ms where it does not say otherwise, and its
// level as RFC 6464 has it (-dBov, 0 loudest, 127 silence).
type Frame struct {
	Opus  []byte
	Level uint8
}

// FrameTime is the length of a frame.
const FrameTime = 20 * time.Millisecond

// silence is 20 ms of Opus silence (RFC 6716, CELT fullband mono).
var silence = Frame{Opus: []byte{0xf8, 0xff, 0xfe}, Level: 127}

// Silence is a voice that says nothing for d.
func Silence(d time.Duration) []Frame {
	return slices.Repeat([]Frame{silence}, int(d/FrameTime))
}

// Pairs joins each two frames of 20 ms to one of 40, as a browser does that is asked for
// them (a=ptime). What does not fit together stays as it is.
func Pairs(frames []Frame) (joined []Frame) {
	for pair := range slices.Chunk(frames, 2) {
		if len(pair) == 2 {
			if both, ok := opus.Repack(nil, pair[0].Opus, pair[1].Opus); ok {
				pair = []Frame{{both, min(pair[0].Level, pair[1].Level)}}
			}
		}
		joined = append(joined, pair...)
	}
	return joined
}

// sender paces frames onto the microphone track.
type sender struct {
	mu        sync.Mutex // one speaker at a time
	sequence  uint16
	timestamp uint32
	level     uint8 // id of the audio level extension; 0 = not known yet
}

// Speak says the frames in real time, then returns.
func (c *Client) Speak(ctx context.Context, frames []Frame) error {
	c.rtp.mu.Lock()
	defer c.rtp.mu.Unlock()
	due := time.Now()
	for _, f := range frames {
		p, err := c.packet(f, c.rtp.sequence, c.rtp.timestamp)
		if err != nil {
			return err
		}
		if err := c.voice.WriteRTP(p); err != nil {
			return fmt.Errorf("speak: %w", err)
		}
		c.rtp.sequence++
		samples := opus.Samples(f.Opus)
		c.rtp.timestamp += uint32(samples)
		due = due.Add(opus.Duration(int64(samples))) // what was late is made up for
		select {
		case <-time.After(time.Until(due)):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// Quiet says nothing for d, as a microphone does: packets of silence.
func (c *Client) Quiet(ctx context.Context, d time.Duration) error {
	return c.Speak(ctx, Silence(d))
}

// Wait keeps the microphone open and says nothing until an event after at that
// want accepts.
func (c *Client) Wait(ctx context.Context, at time.Time, want func(Event) bool) (Event, error) {
	ctx, cancel := context.WithCancel(ctx)
	var silence sync.WaitGroup
	silence.Go(func() {
		for c.Quiet(ctx, time.Second) == nil {
		}
	})
	e, err := c.AwaitAfter(ctx, at, want)
	cancel()
	silence.Wait()
	return e, err
}

// Quietest is the level, in -dBov, from which on a voice is taken to be heard.
const Quietest = 45

// Audible returns the first of some packets of a voice, in order, in which it is heard, or -1.
func Audible(packets []Packet) (int, error) {
	const rate, longest = 48000, 120 * time.Millisecond
	decoder, err := pionopus.NewDecoderWithOutput(rate, 1)
	if err != nil {
		return 0, fmt.Errorf("make Opus decoder: %w", err)
	}
	samples := make([]int16, longest*rate/time.Second)
	for i, p := range packets {
		n, err := decoder.DecodeToInt16(p.Payload, samples)
		if err != nil {
			return 0, fmt.Errorf("decode packet %d: %w", p.Sequence, err)
		}
		if level(samples[:n]) <= Quietest {
			return i, nil
		}
	}
	return -1, nil
}

// Render has espeak-ng say text with a voice such as "en-us" and returns its
// frames. It needs espeak-ng and opusenc on the machine.
func Render(ctx context.Context, text, voice string) ([]Frame, error) {
	wav, err := run(ctx, nil, "espeak-ng", "--stdout", "-v", voice, "-s", "150", text)
	if err != nil {
		return nil, err
	}
	return Encode(ctx, wav)
}

// Encode makes frames of a 16 bit mono WAV.
func Encode(ctx context.Context, wav []byte) ([]Frame, error) {
	encoded, err := run(ctx, wav, "opusenc", "--quiet", "--ignorelength", "--framesize", "20", "--bitrate", "32", "--max-delay", "20", "-", "-")
	if err != nil {
		return nil, err
	}
	levels := loudness(wav)
	var frames []Frame
	for packets := ogg.NewDemuxer(bytes.NewReader(encoded)); ; {
		packet, _, err := packets.Next()
		if errors.Is(err, io.EOF) {
			return frames, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read opusenc's output: %w", err)
		}
		f := Frame{Opus: bytes.Clone(packet), Level: 127}
		if len(frames) < len(levels) {
			f.Level = levels[len(frames)]
		}
		frames = append(frames, f)
	}
}

// loudness returns the level of every 20 ms of a 16 bit mono WAV.
func loudness(wav []byte) []uint8 {
	if len(wav) < 44 {
		return nil
	}
	rate := int(binary.LittleEndian.Uint32(wav[24:]))
	frame, pcm := make([]int16, rate/50), wav[44:]
	var levels []uint8
	for ; len(pcm) >= 2*len(frame) && len(frame) > 0; pcm = pcm[2*len(frame):] {
		for i := range frame {
			frame[i] = int16(binary.LittleEndian.Uint16(pcm[2*i:]))
		}
		levels = append(levels, level(frame))
	}
	return levels
}

// level is the level of samples, in -dBov.
func level(samples []int16) uint8 {
	sum := 0.0
	for _, s := range samples {
		x := float64(s) / 32768
		sum += x * x
	}
	db := -10 * math.Log10(sum/float64(max(1, len(samples)))+1e-13)
	return uint8(min(max(db, 0), 127))
}

func run(ctx context.Context, stdin []byte, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", name, err, complaint.Bytes())
	}
	return out, nil
}
