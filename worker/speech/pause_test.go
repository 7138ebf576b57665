package speech_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"casey.internal/worker/opus"
	"casey.internal/worker/speech"
	"casey.internal/worker/speech/speechtest"
)

func TestAPauseGoesOnWithTheVeryPacket(t *testing.T) {
	const pause, resume = 390 * time.Millisecond, 1500 * time.Millisecond // since the first packet was prepared
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		var events sync.WaitGroup
		events.Go(func() {
			time.Sleep(pause)
			k.Pause()
			k.Pause() // twice is once
			time.Sleep(resume - pause)
			k.Resume()
			k.Resume()
		})
		heard, began, err := play(t.Context(), k.Prepare(t.Context(), sentence))
		events.Wait()
		if err != nil || heard.Text != sentence || heard.Cut || heard.Length != 1200*time.Millisecond {
			t.Errorf("heard %+v, %v", heard, err)
		}
		checkPause(t, k.packets(), pause, resume)
		if len(began) != 3 || !began[1].Paused || began[2].Paused {
			t.Fatalf("told %+v", began)
		}
		rest := began[2]
		if rest.From != began[1].From || rest.From < 280*time.Millisecond || rest.From > 300*time.Millisecond {
			t.Errorf("paused after %v, went on after %v", began[1].From, rest.From)
		}
		if rest.Text != "two three four." || len(rest.Words) != 3 || rest.Words[0].At > 40*time.Millisecond || rest.RTP == began[0].RTP {
			t.Errorf("the rest is %+v", rest)
		}
	})
}

// checkPause checks that no packet of a voice is lost, doubled or late.
func checkPause(t *testing.T, packets []sent, pause, resume time.Duration) {
	t.Helper()
	voice, silence := 0, 0
	for i, p := range packets {
		switch {
		case p.payload == string(opus.Silence()):
			silence++
			continue
		case p.payload != string(speechtest.Packet(voice)):
			t.Fatalf("packet %d is not the voice's packet %d", i, voice)
		case p.at > pause+time.Millisecond && p.at < resume:
			t.Fatalf("a packet of the voice at %v, in the pause", p.at)
		}
		voice++
		if p.marker != (voice == 1 || packets[i-1].payload == string(opus.Silence())) {
			t.Errorf("packet %d of the voice: marker %v", voice, p.marker)
		}
		elapsed := (p.at - packets[0].at).Seconds() * 48000
		if drift := float64(p.timestamp-packets[0].timestamp) - elapsed; drift > 960 || drift < -960 {
			t.Errorf("packet %d: timestamp is %.0f samples off the clock", i, drift)
		}
	}
	if voice != 60 || silence != 5 {
		t.Errorf("%d packets of the voice, %d of silence", voice, silence)
	}
}

func TestWhatHasNotBegunWaitsForTheEndOfAPause(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		k.Pause()
		time.AfterFunc(time.Second, k.Resume)
		_, began, err := play(t.Context(), k.Prepare(t.Context(), sentence))
		if packets := k.packets(); err != nil || len(packets) != 60 || packets[0].at < time.Second || len(began) != 1 || began[0].Text != sentence {
			t.Errorf("%d packets, told %+v, %v", len(packets), began, err)
		}
	})
}

func TestAPauseThatEndsInACut(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, k.Pause)
		time.AfterFunc(900*time.Millisecond, cancel)
		heard, began, err := play(ctx, k.Prepare(t.Context(), sentence))
		k.Resume()
		if err == nil || !heard.Cut || heard.Text != "One" || len(began) != 2 || began[1].From != heard.Length {
			t.Errorf("heard %+v, told %+v, %v", heard, began, err)
		}
		if n := len(k.packets()); n < 25 || n > 26 { // 400 ms and the silence after it
			t.Errorf("%d packets", n)
		}
	})
}

// TestMarksThatComeInAPause are told once, when the voice goes on; nobody is told again
// and again meanwhile.
func TestMarksThatComeInAPause(t *testing.T) {
	speak(t, speech.Config{}, func(t *testing.T, k *talk) {
		k.synthesizer.MarksLatency = 600 * time.Millisecond
		time.AfterFunc(390*time.Millisecond, k.Pause)
		time.AfterFunc(1500*time.Millisecond, k.Resume)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		n := 0
		_, err := k.Prepare(t.Context(), sentence).Play(ctx, func(s speech.Started) {
			if n++; n > 10 {
				cancel()
			}
			if s.Paused != (n == 2) || s.Marked != (n == 3) {
				t.Errorf("told %+v as number %d", s, n)
			}
		})
		if err != nil || n != 3 {
			t.Errorf("told %d times, %v", n, err)
		}
	})
}
