package latency

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/transcribe/sphinx"
	"casey.internal/cdk/measure/ears"
	"casey.internal/cdk/measure/report"
	"casey.internal/shared/channel"
	"casey.internal/shared/wire"
)

// The goals of voice to voice, in ms: without a lag of the partial results, and with one.
const (
	goalVoice       = 900  // p50
	goalVoiceTail   = 1200 // p95
	goalLaggedVoice = 1150 // p50
)

// VoiceConfig says what is measured, and how slow the services are meanwhile.
type VoiceConfig struct {
	Root     string
	Speech   string          // a folder of recordings; empty: espeak-ng speaks
	Sessions []int           // interviews at a time: each number is a stack of its own
	Turns    int             // in each interview
	Lags     []time.Duration // of words in partial results; each with all of Sessions

	Final, Every    time.Duration // Transcribe's: quiet before a result is final, audio between two partial ones
	FirstToken      time.Duration // of the model
	TokensPerSecond float64
	Polly           time.Duration // before the first byte of a voice

	Progress func(string, ...any) // is told of long work
}

// The sentence that everybody says, and the recording of it.
const (
	sentence  = "unless to be rather cold hearted and rather selfish is to be ill disposed"
	recording = "austen-0890.wav"
)

// said are the replies, with a number in each first sentence: no two of them are the same,
// so that each has to be synthesised.
var said = []string{
	"I see what you mean in your answer number {n}. What was the hardest part of it?",
	"Thank you, that was example {n} today. What would you do differently now?",
	"That makes sense to me in case {n}. Who else was there, and what did they think of it?",
	"Let us stay with point {n} for a moment. How did you find out?",
	"Good, I have written that down as number {n}. What did you learn from it?",
}

// Run is what came of some interviews at the same time.
type Run struct {
	Sessions int
	Lag      time.Duration
	// Waits are the times from the last frame of an answer that is louder than -45 dBov, when it was sent,
	// to the first packet of the reply that is, when it came, of all turns that were answered.
	Waits []time.Duration
	// Turns are all of them, Unanswered those without a reply within 10 s, Early those that were spoken into.
	Turns, Unanswered, Early int
	// Gaps are pauses of more than 60 ms between two packets within a reply.
	Gaps   int
	CPU    time.Duration // of the worker, a minute of interview
	Memory float64       // of the worker, MB at most
	timed  []timed
}

// Voice measures from voice to voice over the whole stack: clients say a sentence, listen for the reply, and say it again.
func Voice(ctx context.Context, cfg VoiceConfig) (*report.Table, []Run, error) {
	clip, voice, err := answerOf(ctx, cfg.Speech)
	if err != nil {
		return nil, nil, err
	}
	folder, err := os.MkdirTemp("", "casey-voice-*")
	if err != nil {
		return nil, nil, fmt.Errorf("bench voice: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := written(folder, clip); err != nil {
		return nil, nil, err
	}
	t := report.NewTable("voice", cfg.Root)
	var runs []Run
	for _, lag := range cfg.Lags {
		for _, sessions := range cfg.Sessions {
			r, err := cfg.run(ctx, folder, voice, sessions, lag)
			if err != nil {
				return nil, nil, fmt.Errorf("%d interviews: %w", sessions, err)
			}
			r.add(t)
			cfg.Progress("%d interviews, words %v late: p50 %.0f ms, p95 %.0f ms, %d unanswered, %d gaps",
				sessions, lag, report.Percentile(r.Waits, 50), report.Percentile(r.Waits, 95), r.Unanswered, r.Gaps)
			runs = append(runs, r)
		}
	}
	return t, runs, nil
}

// answerOf returns the sentence that is said, and the frames of it.
func answerOf(ctx context.Context, folder string) (ears.Clip, []client.Frame, error) {
	clip, err := spokenClip(ctx, folder)
	if err != nil {
		return clip, nil, err
	}
	voice, err := client.Encode(ctx, clip.WAV())
	return clip, voice, err
}

func spokenClip(ctx context.Context, folder string) (ears.Clip, error) {
	if folder != "" {
		return ears.Recording(ctx, filepath.Join(folder, recording), sentence)
	}
	file, err := os.CreateTemp("", "casey-voice-*.wav")
	if err != nil {
		return ears.Clip{}, fmt.Errorf("bench voice: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }()
	if err := errors.Join(file.Close(), exec.CommandContext(ctx, "espeak-ng", "-v", "en-us", "-w", file.Name(), sentence).Run()); err != nil {
		return ears.Clip{}, fmt.Errorf("have espeak-ng speak: %w", err)
	}
	return ears.Recording(ctx, file.Name(), sentence)
}

// The files of what is heard and said, in a folder.
const (
	hearsFile   = "hears"
	repliesFile = "replies"
)

// written writes what the stand-ins hear, with the time of each word, and what they say.
func written(folder string, clip ears.Clip) error {
	words, err := ears.Align(sphinx.DefaultModel, clip)
	if err != nil {
		return err
	}
	if words == nil {
		return errors.New("the words of the recording cannot be found in it")
	}
	var line strings.Builder
	for i, w := range words {
		if i == len(words)-1 {
			w.Text += "." // Transcribe's partial results have it, too: "This is a te", "This is a test."
		}
		fmt.Fprintf(&line, "%s@%v ", w.Text, w.End)
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, hearsFile), []byte(line.String()+"\n"), 0o600),
		os.WriteFile(filepath.Join(folder, repliesFile), []byte(strings.Join(said, "\n")+"\n"), 0o600),
	)
}

// run holds so many interviews on a stack of their own.
func (cfg VoiceConfig) run(ctx context.Context, folder string, voice []client.Frame, sessions int, lag time.Duration) (Run, error) {
	r := Run{Sessions: sessions, Lag: lag}
	stack, err := local.Start(ctx, local.Config{
		Root: cfg.Root, Slots: sessions, WorkerEnv: []string{"LOG_LEVEL=info", "TRANSCRIBE_STREAMS=0"},
		Standin: []string{
			"-canned", "-limit", fmt.Sprint(2 * sessions), "-hears", filepath.Join(folder, hearsFile), "-replies", filepath.Join(folder, repliesFile),
			"-final-delay", cfg.Final.String(), "-partial-every", cfg.Every.String(), "-partial-lag", lag.String(),
			"-first-token", cfg.FirstToken.String(), "-tokens-per-second", fmt.Sprint(cfg.TokensPerSecond), "-polly-delay", cfg.Polly.String(),
		},
	})
	if err != nil {
		return r, err
	}
	defer stack.Stop()
	began, err := stack.Metrics(ctx, "worker-1")
	if err != nil {
		return r, err
	}
	var all sync.Mutex
	spent, err := interviews(ctx, sessions, func(ctx context.Context) error {
		heard, err := cfg.listen(ctx, stack.WS, voice)
		all.Lock()
		defer all.Unlock()
		return errors.Join(err, r.count(heard))
	})
	if err != nil {
		return r, err
	}
	ended, err := stack.Metrics(ctx, "worker-1")
	if err != nil {
		return r, err
	}
	r.CPU = time.Duration(float64(ended["cpu_us"]-began["cpu_us"])/spent.Minutes()) * time.Microsecond
	r.timed = timedReplies(stack)
	r.Memory, err = peakMemory(stack)
	return r, err
}

// exchange is a turn and what was heard from its beginning to that of the next.
type exchange struct {
	began, ended time.Time
	heard        []client.Event // packets
}

// How somebody talks who measures: they take a breath before they speak, and give up on a reply that does not come.
const (
	breath  = time.Second
	givesUp = 10 * time.Second
)

// listen is one candidate. The packets are looked at when all is over: hearing them costs time, too.
func (cfg VoiceConfig) listen(ctx context.Context, url string, voice []client.Frame) ([]exchange, error) {
	c, err := client.Join(ctx, client.Config{URL: url})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	at, err := spoken(ctx, c, time.Now())
	if err != nil {
		return nil, fmt.Errorf("greeting: %w", err)
	}
	var turns []exchange
	for range cfg.Turns {
		if err := c.Quiet(ctx, breath); err != nil {
			return nil, err
		}
		x := exchange{began: time.Now()}
		if x.ended, err = utter(ctx, c, voice); err != nil {
			return nil, err
		}
		turns = append(turns, x)
		waiting, cancel := context.WithTimeout(ctx, givesUp)
		_, err := c.Wait(waiting, at, doing(channel.Speaking))
		cancel()
		if err != nil && ctx.Err() == nil {
			at = time.Now()
			continue // it is counted
		}
		if at, err = spoken(ctx, c, at); err != nil {
			return nil, err
		}
	}
	assign(turns, c.Events())
	return turns, c.Send(ctx, &wire.End{})
}

// utter says something and returns when the last of it that can be heard was sent.
func utter(ctx context.Context, c *client.Client, voice []client.Frame) (ended time.Time, err error) {
	last := len(voice) - 1
	for last > 0 && voice[last].Level > client.Quietest {
		last--
	}
	if err := c.Speak(ctx, voice[:last+1]); err != nil {
		return ended, err
	}
	ended = time.Now().Add(-client.FrameTime)
	return ended, c.Speak(ctx, voice[last+1:])
}

// assign gives each packet to the turn that had begun last.
func assign(turns []exchange, events []client.Event) {
	for _, e := range events {
		n, _ := slices.BinarySearchFunc(turns, e.At, func(x exchange, at time.Time) int { return x.began.Compare(at) })
		if e.Packet != nil && n > 0 {
			turns[n-1].heard = append(turns[n-1].heard, e)
		}
	}
}
