package soundcheck_test

import (
	"context"
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	postmemory "casey.internal/shared/post/memory"
	"casey.internal/shared/queue"
	queuememory "casey.internal/shared/queue/memory"
	"casey.internal/shared/store"
	storememory "casey.internal/shared/store/memory"
	"casey.internal/shared/wire"
	"casey.internal/worker/host"
	"casey.internal/worker/peer"
	"casey.internal/worker/peer/peertest"
	"casey.internal/worker/session"
	"casey.internal/worker/soundcheck"
)

// TestABrowserHearsTheTone is the whole worker with real peers on loopback;
// only DynamoDB, SQS and API Gateway are in memory.
func TestABrowserHearsTheTone(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	records, queues, gateway := storememory.New(storememory.Options{}), queuememory.New(queuememory.Options{}), postmemory.New()
	start(ctx, t, records, queues, gateway)
	socket := gateway.Open("c")
	browser := peertest.New(t, peertest.Options{})
	offer := interview.Offer{Peer: "p", SDP: browser.Offer(t, false), Connection: "c", At: time.Now()}
	seen, err := records.Open(ctx, store.Opening{Session: "s", Connection: "c", SecretHash: []byte("x"), At: time.Now()})
	must(t, err)
	_, err = records.PutOffer(ctx, seen, offer)
	must(t, err)
	began := time.Now()
	must(t, queues.SendDispatch(ctx, queue.Dispatch{Session: "s", Peer: "p", OfferAt: offer.At}))
	data, err := socket.Next(ctx)
	must(t, err)
	message, err := wire.ParseServer(data)
	must(t, err)
	answer, ok := message.(*wire.Answer)
	if !ok {
		t.Fatalf("got %s", data)
	}
	browser.Accept(t, answer.SDP.SDP)
	var ear listener
	for range 60 {
		select {
		case p := <-browser.Packets:
			if ear.decoder == nil {
				t.Logf("first packet after %v", time.Since(began))
			}
			must(t, ear.hear(p.Payload, p.Timestamp))
		case <-ctx.Done():
			t.Fatalf("%d samples heard", len(ear.samples))
		}
	}
	if share := ear.share(440); share < 0.9 {
		t.Errorf("%.2f of the sound is at 440 Hz", share)
	}
	shown(ctx, t, browser)
}

// shown speaks until the page is shown a level.
func shown(ctx context.Context, t *testing.T, browser *peertest.Browser) {
	t.Helper()
	<-browser.Opened
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for timestamp := uint32(0); ; timestamp += 960 {
		select {
		case <-tick.C:
			browser.Speak(t, []byte{0xf8, 0xff, 0xfe}, timestamp, 33)
		case m := <-browser.Messages:
			_, event, err := channel.ParseServer(m.Data)
			must(t, err)
			if level, ok := event.(*channel.Level); ok && level.DBOv == 33 {
				return
			}
		case <-ctx.Done():
			t.Fatal("no level is shown")
		}
	}
}

// start starts a worker that the test ends.
func start(ctx context.Context, t *testing.T, records host.Store, queues host.Queue, gateway session.Poster) {
	t.Helper()
	network, err := peer.Listen(peer.Config{
		Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, UDP: true, TCP: true, AllowPrivate: true, FrameMs: 20,
	})
	must(t, err)
	talk, err := soundcheck.New()
	must(t, err)
	h := host.New(host.Config{ID: "w", Inbox: "w", Slots: 1, Warm: 1, Log: slog.New(slog.DiscardHandler)}, host.Services{
		Store: records, Queue: queues, Post: gateway,
		Talk: func(*interview.Session) session.Talk { return talk },
		Dial: session.On(network),
	})
	ctx, stop := context.WithCancel(ctx)
	over := make(chan error)
	go func() { over <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		must(t, <-over)
		must(t, network.Close())
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
