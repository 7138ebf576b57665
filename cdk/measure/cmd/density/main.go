// Command density measures how many interviews a worker carries on one core, and
// prints one table; build/bench has it as JSON and as a picture.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"casey.internal/cdk/command"
	"casey.internal/cdk/local"
	"casey.internal/cdk/measure/density"
)

func main() { command.Main("density", run) }

// run measures what the arguments ask for.
func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("density", flag.ContinueOnError)
	list := flags.String("sessions", "1,30,60,120,180,240,300", "how many interviews at the same time: one number after the other, until packets are late")
	window := flags.Duration("window", 30*time.Second, "how long each is measured")
	frame := flags.Int("frame", 20, "ms of audio in a packet, 20 or 40 (FRAME_MS)")
	if err := command.Parse(flags, args); err != nil {
		return err
	}
	sessions, err := numbers(*list)
	if err != nil {
		return command.WrongError{Err: err}
	}
	if *frame != 20 && *frame != 40 {
		return command.WrongError{Err: fmt.Errorf("-frame %d: packets are of 20 or 40 ms", *frame)}
	}
	if *window < time.Second {
		return command.WrongError{Err: fmt.Errorf("-window %v is less than a second", *window)}
	}
	root, err := local.Root()
	if err != nil {
		return err
	}
	folder := filepath.Join(root, "build", "bench")
	points, err := density.Measure(ctx, density.Config{
		Root: root, Profiles: folder, Sessions: sessions, Window: *window, Frame: time.Duration(*frame) * time.Millisecond,
		Progress: command.Progress,
	})
	if err != nil {
		return err
	}
	table := density.Table(root, points)
	return errors.Join(table.Publish(folder), table.Illustrate(folder, density.Picture(points)))
}

// numbers reads numbers of sessions, separated by commas.
func numbers(list string) (all []int, err error) {
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 1 || n > 2000 {
			return nil, fmt.Errorf("-sessions %q: each is a number of 1 to 2000", text)
		}
		all = append(all, n)
	}
	return all, nil
}
