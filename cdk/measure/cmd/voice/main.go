// Command voice measures from voice to voice over the whole stack, with services as slow as AWS's. It
// prints a table and writes build/bench/voice.json and voice.svg.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"casey.internal/cdk/command"
	"casey.internal/cdk/local"
	"casey.internal/cdk/measure/latency"
)

func main() { command.Main("voice", run) }

func run(ctx context.Context, args []string) error {
	cfg := latency.VoiceConfig{Speech: os.Getenv("CASEY_SPEECH"), Progress: command.Progress}
	flags := flag.NewFlagSet("voice", flag.ContinueOnError)
	sessions := flags.String("sessions", "1,5,20,60", "how many interviews at a time, each `number` on a stack of its own")
	lags := flags.String("lags", "0s,400ms", "how late words are in partial results, each `time` with all numbers of interviews")
	flags.IntVar(&cfg.Turns, "turns", 10, "turns in each interview")
	flags.DurationVar(&cfg.Final, "final", 1136*time.Millisecond, "quiet before Transcribe's result is final")
	flags.DurationVar(&cfg.Every, "every", 250*time.Millisecond, "audio between two of its partial results")
	flags.DurationVar(&cfg.FirstToken, "first-token", 400*time.Millisecond, "before the model's first token")
	flags.Float64Var(&cfg.TokensPerSecond, "tokens-per-second", 60, "the model's rate")
	flags.DurationVar(&cfg.Polly, "polly", 120*time.Millisecond, "before Polly's first byte")
	if err := command.Parse(flags, args); err != nil {
		return err
	}
	var err error
	if cfg.Sessions, err = list(*sessions, strconv.Atoi); err != nil {
		return command.WrongError{Err: fmt.Errorf("-sessions: %w", err)}
	}
	if cfg.Lags, err = list(*lags, time.ParseDuration); err != nil {
		return command.WrongError{Err: fmt.Errorf("-lags: %w", err)}
	}
	if cfg.Turns < 1 || cfg.Turns > 20 {
		return command.WrongError{Err: errors.New("-turns is 1 to 20")}
	}
	if cfg.Root, err = local.Root(); err != nil {
		return err
	}
	table, runs, err := latency.Voice(ctx, cfg)
	if err != nil {
		return err
	}
	folder := filepath.Join(cfg.Root, "build", "bench")
	return errors.Join(table.Publish(folder), table.Illustrate(folder, latency.Picture(runs)))
}

// list reads values that are separated by commas; none is below 0.
func list[T cmp.Ordered](text string, parse func(string) (T, error)) (all []T, err error) {
	var least T
	for field := range strings.SplitSeq(text, ",") {
		v, err := parse(field)
		if err != nil || v < least {
			return nil, fmt.Errorf("%q is no list of such values", text)
		}
		all = append(all, v)
	}
	return all, nil
}
