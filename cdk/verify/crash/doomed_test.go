package crash

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"casey.internal/shared/interview"
	"casey.internal/shared/post"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/worker/host"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
	"casey.internal/worker/soundcheck"
)

// doomFile is the variable by which this very binary is told to be a worker:
// the file names the step after which the next worker dies.
const doomFile = "CASEY_TEST_DOOM"

// crashed is the exit status of a worker that died of its doom.
const crashed = 3

func TestMain(m *testing.M) {
	if file := os.Getenv(doomFile); file != "" {
		if err := doomed(file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	m.Run()
}

// doomed is a worker with real adapters that exits where the file says, as one
// does that is killed: nothing is cleaned up. The first to read its doom takes
// it away from the others.
func doomed(file string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	aws, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(os.Getenv("MEDIA_PORT"))
	if err != nil {
		return err
	}
	loopback := netip.MustParseAddr("127.0.0.1")
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	network, err := peer.Listen(peer.Config{
		Port: port, Addresses: []netip.Addr{loopback}, PublicAddress: loopback, UDP: true, TCP: true,
		AllowPrivate: true, FrameMs: 20, Log: log,
	})
	if err != nil {
		return err
	}
	talk, err := soundcheck.New()
	if err != nil {
		return err
	}
	id := fmt.Sprintf("doomed-%d", os.Getpid())
	h := host.New(host.Config{
		ID: interview.WorkerID(id), Inbox: os.Getenv("CASEY_INBOX_PREFIX") + id, Slots: 5, Warm: 1, Log: log,
		Step: func(name string) {
			if doom, err := os.ReadFile(file); err == nil && string(doom) == name && os.Remove(file) == nil {
				os.Exit(crashed)
			}
		},
	}, host.Services{
		Store: store.New(aws, os.Getenv("CASEY_TABLE")), Queue: queue.New(aws, os.Getenv("CASEY_DISPATCH_QUEUE_URL")),
		Post: post.New(aws), Dial: session.On(network), Talk: func(*interview.Session) session.Talk { return talk },
	})
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", os.Getenv("HTTP_ADDRESS"))
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h.Handler(), ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }() // ends with the process
	return h.Run(ctx)
}
