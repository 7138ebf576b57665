// Package queuetest is the contract of package queue: the real adapter and the
// twin in memory both pass it.
package queuetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/wire"
)

// Queue is everything that the queues do.
type Queue interface {
	SendDispatch(context.Context, queue.Dispatch) error
	ReceiveDispatch(context.Context, int, time.Duration) ([]queue.Delivery, error)
	Extend(context.Context, string, time.Duration) error
	Delete(context.Context, string) error
	DeadLetter(context.Context, queue.Delivery, string) error
	InboxURL(name string) string
	CreateInbox(context.Context, string) (string, error)
	SendInbox(context.Context, string, queue.Inbox) error
	ReceiveInbox(context.Context, string, time.Duration) ([]queue.InboxDelivery, error)
	DeleteInboxMessages(context.Context, string, ...string) error
	DeleteInbox(context.Context, string) error
}

// Run checks queues whose dispatch queue is empty and that nobody else uses.
// It takes some 7 s: visibility is part of the contract.
func Run(t *testing.T, q Queue) {
	k := &desk{Queue: q, t: t, now: time.Now().UTC()}
	for _, check := range []func(){k.delivers, k.limits, k.returns, k.extends, k.putsAside, k.inbox} {
		check()
	}
}

// busy is the longest that a busy machine may take for what is done at once.
const busy = 5 * time.Second

type desk struct {
	Queue
	t   *testing.T
	now time.Time
}

func (k *desk) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *desk) send(names ...string) {
	k.t.Helper()
	for _, n := range names {
		k.must(k.SendDispatch(k.t.Context(), queue.Dispatch{Session: interview.SessionID(n), Peer: "p", OfferAt: k.now}))
	}
}

// receive polls until there is a message or the time is up, as a worker does.
func (k *desk) receive(limit int, wait time.Duration) []queue.Delivery {
	k.t.Helper()
	got, err := k.ReceiveDispatch(k.t.Context(), limit, wait)
	k.must(err)
	return got
}

func (k *desk) one(wait time.Duration) queue.Delivery {
	k.t.Helper()
	got := k.receive(1, wait)
	if len(got) != 1 {
		k.t.Fatalf("received %+v, want one message", got)
	}
	return got[0]
}

func (k *desk) nothing(wait time.Duration) {
	k.t.Helper()
	if got := k.receive(queue.MaxReceive, wait); len(got) != 0 {
		k.t.Fatalf("received %+v, want nothing", got)
	}
}

func (k *desk) delete(d queue.Delivery) {
	k.t.Helper()
	k.must(k.Delete(k.t.Context(), d.Receipt))
}

func (k *desk) delivers() {
	began := time.Now()
	k.nothing(time.Second)
	if took := time.Since(began); took < 900*time.Millisecond || took > busy {
		k.t.Errorf("a poll of 1 s took %v", took)
	}
	k.send("s1")
	d := k.one(2 * time.Second)
	if want := (queue.Dispatch{Session: "s1", Peer: "p", OfferAt: k.now}); d.Dispatch != want || d.Received != 1 || d.Receipt == "" {
		k.t.Errorf("delivered %+v", d)
	}
	k.nothing(0)
	k.delete(d)
	k.delete(d)
}

func (k *desk) limits() {
	k.send("s1", "s2", "s3")
	seen := map[interview.SessionID]bool{}
	for len(seen) < 3 {
		got := k.receive(2, time.Second)
		if len(got) == 0 || len(got) > 2 {
			k.t.Fatalf("received %d messages after %d", len(got), len(seen))
		}
		for _, d := range got {
			seen[d.Session] = true
			k.delete(d)
		}
	}
}

func (k *desk) returns() {
	k.send("s1")
	asked := time.Now() // it is hidden from some time after this on
	first := k.one(2 * time.Second)
	again := k.one(interview.Visibility + busy)
	if after := time.Since(asked); after < interview.Visibility-time.Second {
		k.t.Errorf("came again after %v", after)
	}
	if again.Dispatch != first.Dispatch || again.Received != 2 {
		k.t.Errorf("came again as %+v", again)
	}
	k.delete(again)
}

func (k *desk) extends() {
	k.send("s1")
	d := k.one(2 * time.Second)
	k.must(k.Extend(k.t.Context(), d.Receipt, 0))
	again := k.one(2 * time.Second)
	k.must(k.Extend(k.t.Context(), again.Receipt, 15*time.Second))
	k.nothing(time.Second)
	k.delete(again)
	if err := k.Extend(k.t.Context(), again.Receipt, time.Second); !errors.Is(err, queue.ErrReceipt) {
		k.t.Errorf("extended after it was deleted: %v", err)
	}
}

func (k *desk) putsAside() {
	k.send("s1")
	d := k.one(2 * time.Second)
	k.must(k.DeadLetter(k.t.Context(), d, "no sense in it"))
	k.must(k.Delete(k.t.Context(), d.Receipt))
	k.nothing(0)
}

func (k *desk) inbox() {
	name := fmt.Sprintf("casey-inbox-%d", k.now.UnixNano())
	url, err := k.CreateInbox(k.t.Context(), name)
	k.must(err)
	if before := k.InboxURL(name); before != url {
		k.t.Errorf("an inbox at %s was expected at %s", url, before)
	}
	offer := interview.Offer{Peer: "p", SDP: "v=0", Want: interview.WantFresh, Connection: "c=", At: k.now}
	ice := wire.ICECandidate{Candidate: "candidate:1", SDPMid: new("0")}
	sent := queue.Inbox{Kind: queue.KindOffer, Session: "s", Connection: "c=", Peer: "p", Offer: &offer, ICECandidate: &ice, Epoch: 3}
	k.must(k.SendInbox(k.t.Context(), url, sent))
	got, err := k.ReceiveInbox(k.t.Context(), url, 2*time.Second)
	k.must(err)
	if len(got) != 1 || got[0].Kind != sent.Kind || got[0].Connection != "c=" || *got[0].Offer != offer || *got[0].ICECandidate.SDPMid != "0" || got[0].Epoch != 3 {
		k.t.Fatalf("inbox holds %+v", got)
	}
	k.must(k.DeleteInboxMessages(k.t.Context(), url, got[0].Receipt))
	got, err = k.ReceiveInbox(k.t.Context(), url, 0)
	if err != nil || len(got) != 0 {
		k.t.Errorf("after it was deleted: %+v, %v", got, err)
	}
	k.must(k.DeleteInbox(k.t.Context(), url))
	k.must(k.DeleteInbox(k.t.Context(), url))
	if err := k.SendInbox(k.t.Context(), url, sent); !errors.Is(err, queue.ErrNoQueue) {
		k.t.Errorf("sent to an inbox that is gone: %v", err)
	}
}
