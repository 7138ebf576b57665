package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/logging"
	"casey.internal/shared/metrics"
	"casey.internal/shared/post"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/worker/host"
	"casey.internal/worker/ledger"
	"casey.internal/worker/pacing"
	"casey.internal/worker/peer"
	"casey.internal/worker/pipeline"
	"casey.internal/worker/session"
)

// run is the worker until ctx is done.
func run(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	if slices.Contains(args, "--help") || slices.Contains(args, "-h") {
		return variables.Print(out)
	}
	c, err := variables.Read(getenv)
	if err != nil {
		return err
	}
	if slices.Contains(args, "--healthy") {
		return healthy(ctx, c.http)
	}
	log := slog.New(logging.NewHandler(out, logging.Options{Level: c.logLevel, KeepPII: c.logPII}))
	aws, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("read the AWS settings: %w", err)
	}
	if err := errors.Join(c.chooseModel(aws.Region), c.chooseJudge(aws.Region)); err != nil {
		return err
	}
	at, err := findPlatform(ctx, c, aws, log)
	if err != nil {
		return err
	}
	network, err := peer.Listen(peer.Config{
		Channels: []string{channel.Label, channel.Downstream},
		Port:     c.port, Addresses: c.addresses, PublicAddress: at.public, UDP: c.udp, TCP: c.tcp,
		AllowPrivate: c.private, FrameMs: c.frameMs, Log: log,
	})
	if err != nil {
		return err
	}
	defer closeLogged(log, "media sockets", network)
	wheel, sound := pacing.New(), new(pipeline.Sound)
	wheel.Limit(at.cpus)
	defer turnWheel(ctx, wheel)()
	emit := metrics.New(out, c.service)
	book, err := newLedger(c, aws, emit, log)
	if err != nil {
		return err
	}
	h, err := newHost(c, aws, network, wheel, sound, at, book, log)
	if err != nil {
		return err
	}
	load := func(ctx context.Context) error { return host.EmitLoad(ctx, h.Metrics, emit) }
	late := func(ctx context.Context) error { return wheel.Watch(ctx, log) }
	defer runAside(ctx, append(at.loops, book.Run, load, late)...)()
	stopServing, err := serve(ctx, c.http, profiled(h.Handler(), c.profile), log)
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
func newHost(c *config, aws aws.Config, network *peer.Network, wheel *pacing.Wheel, sound *pipeline.Sound, at platform, book *ledger.Ledger, log *slog.Logger) (*host.Host, error) {
	talk, err := newTalks(c, aws, wheel, sound, book, log)
	if err != nil {
		return nil, err
	}
	id := bootID()
	return host.New(host.Config{
		ID: interview.WorkerID(id), Inbox: c.inboxPrefix + id, Slots: c.slots, Warm: c.warm, Streams: c.streams,
		Drain: c.drain, Max: c.maxLength, Log: log,
	}, host.Services{
		Store: store.New(aws, c.table), Queue: queue.New(aws, c.dispatch), Post: post.New(aws), Talk: talk,
		Dial: session.On(network), Guard: at.guard, Outdated: at.outdated, Counts: counts(wheel, sound), Strained: wheel.Strain().TooMuch,
	}), nil
}

// counts returns what a host does not count itself: what became of the sound.
func counts(wheel *pacing.Wheel, sound *pipeline.Sound) func() map[string]int64 {
	return func() map[string]int64 {
		all, sent := sound.Counts(), wheel.Lateness()
		all["packets_sent"], all["packets_late"] = int64(sent.Count()), int64(sent.Late(pacing.Late))
		for within, n := range sent.All() {
			all["packets_sent_below_us_"+strconv.FormatInt(within.Microseconds(), 10)] = int64(n)
		}
		return all
	}
}

// turnWheel turns the wheel until the function that it returns is called: sessions
// that drain go on talking when ctx is done.
func turnWheel(ctx context.Context, wheel *pacing.Wheel) (stop func()) {
	return runAside(ctx, wheel.Run)
}

// runAside runs loops beside the host, past the end of ctx: the function that it
// returns ends them, and waits.
func runAside(ctx context.Context, loops ...func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	for _, loop := range loops {
		running.Go(func() { _ = loop(ctx) }) // ends with ctx, or has nothing more to do
	}
	return func() {
		cancel()
		running.Wait()
	}
}

// profiled adds to what is served the profiles of this process, where they are wanted.
func profiled(h http.Handler, wanted bool) http.Handler {
	if !wanted {
		return h
	}
	mux := http.NewServeMux()
	mux.Handle("/", h)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// serve serves HTTP until the function that it returns is called.
func serve(ctx context.Context, address string, h http.Handler, log *slog.Logger) (stop func(), err error) {
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
