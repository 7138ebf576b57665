// Package room is a room with a loudspeaker and a microphone, for a browser
// that is to use sound devices as a person's computer has them: what the
// loudspeaker plays comes back to the microphone as an echo, and whoever is in
// the room can be told to say something at any moment. Its air is PulseAudio
// with devices that exist in memory alone.
package room

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"casey.internal/cdk/local/process/child"
)

// ErrNotInstalled says that there is no PulseAudio here.
var ErrNotInstalled = errors.New("no PulseAudio here: apt-get install pulseaudio pulseaudio-utils")

// Limits of opening and closing a room.
const (
	openLimit  = 20 * time.Second
	openEvery  = 50 * time.Millisecond
	closeGrace = 2 * time.Second
)

// The devices: what is in the air is heard by the microphone.
const (
	air         = "air"
	loudspeaker = "loudspeaker"
	microphone  = "microphone"
)

// microphoneModule is the microphone; browsers offer no monitor.
const microphoneModule = "module-remap-source master=" + air + ".monitor source_name=" + microphone

// Config describes a room.
type Config struct {
	// Echo is the share of the loudspeaker's sound that reaches the microphone, in
	// percent as PulseAudio counts volume (the cube root of the amplitude); 0:
	// none.
	Echo int
}

// Room is an open room. Its methods may be called by any goroutine.
type Room struct {
	folder string
	server *child.Process
}

// Open opens a room, which lives until Close. ctx bounds the opening alone.
func Open(ctx context.Context, c Config) (*Room, error) {
	program, err := exec.LookPath("pulseaudio")
	if err != nil {
		return nil, ErrNotInstalled
	}
	folder, err := os.MkdirTemp("", "room-")
	if err != nil {
		return nil, fmt.Errorf("open a room: %w", err)
	}
	r := &Room{folder: folder}
	command := exec.CommandContext(context.WithoutCancel(ctx), program, r.arguments()...)
	command.Env = append(os.Environ(), "HOME="+folder, "XDG_RUNTIME_DIR="+folder)
	if r.server, err = child.Start(command); err != nil {
		_ = os.RemoveAll(folder)
		return nil, fmt.Errorf("open a room: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, openLimit)
	defer cancel()
	if err := r.furnish(ctx, c); err != nil {
		r.Close()
		return nil, fmt.Errorf("open a room: %w", err)
	}
	return r, nil
}

func (r *Room) socket() string { return filepath.Join(r.folder, "native") }

// arguments start a server of its own that knows nothing of the machine's.
func (r *Room) arguments() []string {
	arguments := []string{
		"-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disable-shm=yes",
		"--realtime=no", "--high-priority=yes", "--log-level=error",
	}
	for _, module := range []string{
		"module-native-protocol-unix auth-anonymous=1 socket=" + r.socket(),
		"module-null-sink rate=48000 channels=1 sink_name=" + air,
		"module-remap-sink master=" + air + " sink_name=" + loudspeaker,
		microphoneModule,
	} {
		arguments = append(arguments, "-L", module)
	}
	return arguments
}

// furnish waits until the devices are there, and says how loud the echo is.
func (r *Room) furnish(ctx context.Context, c Config) error {
	again := time.NewTicker(openEvery)
	defer again.Stop()
	for {
		if _, err := r.control(ctx, "set-default-source", microphone); err == nil {
			break
		}
		select {
		case <-again.C:
		case <-r.server.Done():
			return fmt.Errorf("pulseaudio: %w", r.server.Wait())
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if _, err := r.control(ctx, "set-default-sink", loudspeaker); err != nil {
		return err
	}
	_, err := r.control(ctx, "set-sink-volume", loudspeaker, fmt.Sprintf("%d%%", c.Echo))
	return err
}

// Env returns the variables with which a program uses the room's devices.
func (r *Room) Env() []string { return []string{"PULSE_SERVER=unix:" + r.socket()} }

// Say says samples, 16 bit little endian mono at rate Hz, and returns when the
// last one has been heard. The first is heard about 0.3 s after the call: with less in
// hand a busy machine tears words apart.
func (r *Room) Say(ctx context.Context, samples []byte, rate int) error {
	_, err := r.run(ctx, samples, "pacat", "--playback", "--raw", "--format=s16le", "--channels=1",
		fmt.Sprintf("--rate=%d", rate), "--latency-msec=300", "--device="+air)
	return err
}

// Listen records what is in the air, 16 bit little endian mono at rate Hz, until stop is
// called, which returns it and when it began, to some 20 ms. It returns when it hears.
func (r *Room) Listen(ctx context.Context, rate int) (stop func() (samples []byte, began time.Time), err error) {
	command := exec.CommandContext(ctx, "parec", "--raw", "--format=s16le", "--channels=1",
		fmt.Sprintf("--rate=%d", rate), "--latency-msec=20", "--device="+air+".monitor")
	command.Env = append(os.Environ(), r.Env()...)
	e := &ear{rate: rate, opened: make(chan struct{})}
	command.Stdout = e
	process, err := child.Start(command)
	if err != nil {
		return nil, fmt.Errorf("listen in a room: %w", err)
	}
	stop = func() ([]byte, time.Time) {
		process.Stop(closeGrace)
		return e.samples, e.began
	}
	select {
	case <-e.opened:
		return stop, nil
	case <-process.Done():
		return nil, fmt.Errorf("listen in a room: %w", process.Wait())
	case <-ctx.Done():
		stop()
		return nil, context.Cause(ctx)
	}
}

// ear keeps what it is given, and when that began: no piece of it comes too early.
type ear struct {
	rate    int
	opened  chan struct{} // is closed when something comes
	samples []byte
	began   time.Time
}

func (e *ear) Write(samples []byte) (int, error) {
	if len(e.samples) == 0 {
		close(e.opened)
	}
	e.samples = append(e.samples, samples...)
	began := time.Now().Add(-time.Duration(len(e.samples)/2) * time.Second / time.Duration(e.rate))
	if e.began.IsZero() || began.Before(e.began) {
		e.began = began
	}
	return len(samples), nil
}

// Unplug takes the microphone away.
func (r *Room) Unplug(ctx context.Context) error {
	_, err := r.control(ctx, "unload-module", "module-remap-source")
	return err
}

// Plug brings the microphone back.
func (r *Room) Plug(ctx context.Context) error {
	_, err := r.control(ctx, append([]string{"load-module"}, strings.Fields(microphoneModule)...)...)
	if err == nil {
		_, err = r.control(ctx, "set-default-source", microphone)
	}
	return err
}

func (r *Room) control(ctx context.Context, arguments ...string) (string, error) {
	return r.run(ctx, nil, "pactl", arguments...)
}

func (r *Room) run(ctx context.Context, input []byte, program string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, program, arguments...)
	command.Env = append(os.Environ(), r.Env()...)
	var output, complaint bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(input), &output, &complaint
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("%s: %w %s", program, err, complaint.Bytes())
	}
	return output.String(), nil
}

// Close leaves nothing of the room.
func (r *Room) Close() {
	r.server.Stop(closeGrace)
	_ = os.RemoveAll(r.folder)
}
