// Package stores runs stand-ins for DynamoDB (dynalite) and SQS (fauxqs) in one
// Node process on loopback.
package stores

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"path/filepath"
	"time"

	"casey.internal/cdk/local/process/child"
)

const (
	startLimit = 20 * time.Second
	stopGrace  = 3 * time.Second
)

// Config says where the stores live.
type Config struct {
	// Dir is the folder of the launcher and its node_modules. They are
	// installed there by npm when they are absent or not the pinned ones; any
	// number of processes may share it.
	Dir string
	// State is the folder that keeps tables and queues; empty keeps them in memory.
	State string
	// DynamoDBPort and SQSPort are the TCP ports; 0 takes free ones.
	DynamoDBPort, SQSPort int
	// Progress is told what an installation does; nil is silent.
	Progress io.Writer
	// Log gets what the process says of itself; nil discards it.
	Log *slog.Logger
}

// Stores is the running process.
type Stores struct {
	// DynamoDB and SQS are the endpoint URLs, for AWS_ENDPOINT_URL_DYNAMODB and
	// AWS_ENDPOINT_URL_SQS.
	DynamoDB, SQS string

	process *child.Process
}

// Start installs what is missing and starts the process; it returns when both
// stores accept requests. ctx bounds the start alone: end the process by Stop.
// It also ends when this process does, however that happens.
func Start(ctx context.Context, cfg Config) (*Stores, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	command, err := Prepare(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return launch(ctx, command(context.WithoutCancel(ctx)), cfg.Log)
}

// Prepare installs what is missing and returns what makes the command, for
// those who supervise the process themselves. It prints a line of JSON when it
// serves, and ends when its stdin, a pipe that this process holds, does.
func Prepare(ctx context.Context, cfg Config) (func(context.Context) *exec.Cmd, error) {
	if cfg.Progress == nil {
		cfg.Progress = io.Discard
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("folder of the stores: %w", err)
	}
	arguments, err := launcherArguments(cfg)
	if err != nil {
		return nil, err
	}
	node, err := install(ctx, dir, cfg.Progress)
	if err != nil {
		return nil, fmt.Errorf("install the stores: %w", err)
	}
	return func(ctx context.Context) *exec.Cmd {
		cmd := exec.CommandContext(ctx, node, "--no-warnings", "--experimental-sqlite", "stores.mjs", arguments)
		cmd.Dir = dir
		_, _ = cmd.StdinPipe() // held by cmd until the process has ended; cannot fail on a new command
		return cmd
	}, nil
}

// Kill ends the process at once, as a crash would.
func (s *Stores) Kill() { s.process.Kill() }

// Stop ends the process and returns when it is gone.
func (s *Stores) Stop() { s.process.Stop(stopGrace) }

// launch starts Node and waits for the line with the addresses.
func launch(ctx context.Context, cmd *exec.Cmd, log *slog.Logger) (*Stores, error) {
	ready := make(chan addresses, 1)
	cmd.Stdout = child.NewLines(func(line string) { announce(line, ready, log) })
	cmd.Stderr = child.NewLines(func(line string) { log.Warn("stores", "said", line) })
	process, err := child.Start(cmd)
	if err != nil {
		return nil, err
	}
	s := &Stores{process: process}
	if err := s.await(ctx, ready); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// addresses is the line that stores.mjs prints when it serves.
type addresses struct {
	DynamoDB string `json:"dynamodb"`
	SQS      string `json:"sqs"`
}

func announce(line string, ready chan<- addresses, log *slog.Logger) {
	var a addresses
	if json.Unmarshal([]byte(line), &a) != nil || a.DynamoDB == "" {
		log.Info("stores", "said", line)
		return
	}
	select {
	case ready <- a:
	default:
	}
}

func (s *Stores) await(ctx context.Context, ready <-chan addresses) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	select {
	case a := <-ready:
		s.DynamoDB, s.SQS = a.DynamoDB, a.SQS
		return nil
	case <-s.process.Done():
		return errors.Join(errors.New("the stores ended while starting; their log says why"), s.process.Wait())
	case <-ctx.Done():
		return fmt.Errorf("wait for the stores: %w", ctx.Err())
	}
}

func launcherArguments(cfg Config) (string, error) {
	state := cfg.State
	if state != "" {
		var err error
		if state, err = filepath.Abs(state); err != nil {
			return "", fmt.Errorf("state folder: %w", err)
		}
	}
	b, err := json.Marshal(map[string]any{"state": state, "dynamodb": cfg.DynamoDBPort, "sqs": cfg.SQSPort})
	return string(b), err
}
