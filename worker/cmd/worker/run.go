package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"casey.internal/shared/interview"
	"casey.internal/shared/logging"
	"casey.internal/shared/post"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/worker/host"
	"casey.internal/worker/pacing"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
)

// run is the worker until ctx is done.
func run(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	if slices.Contains(args, "--help") || slices.Contains(args, "-h") {
		return help(out)
	}
	c, err := readConfig(getenv)
	if err != nil {
		return err
	}
	log := slog.New(logging.NewHandler(out, logging.Options{Level: c.logLevel, KeepPII: c.logPII}))
	network, err := peer.Listen(peer.Config{
		Port: c.port, Addresses: c.addresses, PublicAddress: c.public, UDP: c.udp, TCP: c.tcp,
		AllowPrivate: c.private, FrameMs: c.frameMs, Log: log,
	})
	if err != nil {
		return err
	}
	defer closeLogged(log, "media sockets", network)
	wheel := pacing.New()
	defer turn(ctx, wheel)()
	h, err := newHost(ctx, c, network, wheel, log)
	if err != nil {
		return err
	}
	stopServing, err := serve(ctx, c.http, h.Handler(), log)
	if err != nil {
		return err
	}
	defer stopServing()
	log.Info("worker started", "media_port", network.Port(), "http", c.http)
	if err := h.Run(ctx); ctx.Err() == nil {
		return err
	}
	return nil // told to stop
}

// newHost connects a host to AWS and to the network.
func newHost(ctx context.Context, c *config, network *peer.Network, wheel *pacing.Wheel, log *slog.Logger) (*host.Host, error) {
	aws, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the AWS settings: %w", err)
	}
	talk, err := newTalks(c, aws, wheel, log)
	if err != nil {
		return nil, err
	}
	id := bootID()
	return host.New(host.Config{
		ID: interview.WorkerID(id), Inbox: c.inboxPrefix + id, Slots: c.slots, Warm: c.warm,
		Drain: c.drain, Max: c.maxLength, Log: log,
	}, host.Services{
		Store: store.New(aws, c.table), Queue: queue.New(aws, c.dispatch), Post: post.New(aws), Talk: talk,
		Dial: session.On(network),
	}), nil
}

// turn turns the wheel until the function that it returns is called: sessions
// that drain go on talking when ctx is done.
func turn(ctx context.Context, wheel *pacing.Wheel) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { _ = wheel.Run(ctx) }) // ends with ctx alone
	return func() {
		cancel()
		running.Wait()
	}
}

// serve serves HTTP until the function that it returns is called.
func serve(ctx context.Context, address string, h http.Handler, log *slog.Logger) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on HTTP_ADDRESS: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	over := make(chan struct{})
	go func() {
		defer close(over)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("HTTP server failed", "error", err)
		}
	}()
	return func() {
		closeLogged(log, "HTTP server", server)
		<-over
	}, nil
}

func closeLogged(log *slog.Logger, what string, c io.Closer) {
	if err := c.Close(); err != nil {
		log.Warn("not closed cleanly", "what", what, "error", err)
	}
}
