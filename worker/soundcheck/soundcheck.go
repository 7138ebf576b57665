// Package soundcheck is the session that tests a candidate's loudspeaker and
// microphone: it plays a tone and shows the level that it hears.
package soundcheck

import (
	"bytes"
	"context"
	_ "embed" // the tone
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/ogg"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
)

// Name is the interview by which a sound check is asked for.
const Name = "soundcheck"

const (
	frame     = 20 * time.Millisecond
	samples   = 960 // of a frame at 48 kHz
	settling  = 10  // frames until the encoder has found its level
	loop      = 50  // frames of 440 Hz, a whole number of cycles, that can follow themselves
	showEvery = 100 * time.Millisecond
	catchUp   = 5 // late frames that are still sent
)

//go:generate sh -c "sox -n -r 48000 -c 1 -b 16 -t wav - synth 1.5 sine 440 vol 0.5 | opusenc --quiet --bitrate 24 --framesize 20 - tone.opus"

//go:embed tone.opus
var tone []byte

// Talk is a sound check. It implements session.Talk.
type Talk struct {
	frames [][]byte // Opus packets of one second
}

// New returns a sound check.
func New() (*Talk, error) {
	d := ogg.NewDemuxer(bytes.NewReader(tone))
	var frames [][]byte
	for {
		packet, _, err := d.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("soundcheck: read the tone: %w", err)
		}
		frames = append(frames, slices.Clone(packet))
	}
	if len(frames) < settling+loop {
		return nil, fmt.Errorf("soundcheck: a tone of %d frames is too short", len(frames))
	}
	return &Talk{frames[settling : settling+loop]}, nil
}

// Run plays the tone until the candidate ends it or ctx is done.
func (t *Talk) Run(ctx context.Context, media session.Media) error {
	beat, show := time.NewTicker(frame), time.NewTicker(showEvery)
	defer beat.Stop()
	defer show.Stop()
	player := player{out: media.Out, frames: t.frames, began: time.Now()}
	loudest := uint8(peer.Silent)
	for {
		select {
		case <-beat.C:
			player.play(time.Now())
		case p := <-media.Packets:
			if p.HasLevel {
				loudest = min(loudest, p.Level)
			}
		case <-show.C:
			send(media, channel.Level{DBOv: int(loudest)})
			loudest = peer.Silent
		case event := <-media.Events:
			switch event := event.(type) {
			case session.Opened:
				send(media, channel.State{State: channel.Speaking})
			case session.Page:
				if _, over := event.Event.(*channel.End); over {
					return nil
				}
			case session.HandOver:
				return session.ErrHandedOver
			case session.Farewell:
				return session.ErrDrained
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// player plays frames in a loop by the clock, so that a late tick is made up.
type player struct {
	out    session.Out
	frames [][]byte
	began  time.Time
	played int
}

// play sends the frames that are due. After a long stall only the last are.
func (p *player) play(now time.Time) {
	due := int(now.Sub(p.began) / frame)
	for p.played = max(p.played, due-catchUp); p.played < due; p.played++ {
		payload := p.frames[p.played%len(p.frames)]
		// A packet that cannot be sent is lost like any other.
		_ = p.out.WriteRTP(payload, uint32(p.played*samples), p.played == 0)
	}
}

// send sends an event; a page whose channel is not open misses it.
func send(media session.Media, event channel.WorkerEvent) {
	if err := media.Out.Send(event); err != nil {
		media.Log.Debug("event not sent", "error", err)
	}
}
