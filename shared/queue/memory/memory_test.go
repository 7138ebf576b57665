package memory_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/queue"
	"casey.internal/shared/queue/memory"
	"casey.internal/shared/queue/queuetest"
)

func TestContract(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		queuetest.Run(t, memory.New(memory.Options{}))
	})
}

func TestUnkindness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const sent = 300
		q := memory.New(memory.AsAWS(7))
		began := time.Now()
		for i := range sent {
			if err := q.SendDispatch(t.Context(), queue.Dispatch{Session: "s", OfferAt: began.Add(time.Duration(i))}); err != nil {
				t.Fatal(err)
			}
		}
		received, disorder, last := 0, 0, began
		for time.Since(began) < time.Second {
			deliveries, err := q.ReceiveDispatch(t.Context(), queue.MaxReceive, 200*time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			if received == 0 && time.Since(began) < 10*time.Millisecond {
				t.Errorf("the first came after %v", time.Since(began))
			}
			for _, d := range deliveries {
				received++
				if d.OfferAt.Before(last) {
					disorder++
				}
				last = d.OfferAt
				if err := q.Delete(t.Context(), d.Receipt); err != nil {
					t.Fatal(err)
				}
			}
		}
		if doubled := received - sent; doubled < sent/20 || doubled > sent/5 {
			t.Errorf("%d of %d came twice", doubled, sent)
		}
		if disorder < sent/4 {
			t.Errorf("%d of %d came out of order", disorder, sent)
		}
	})
}

func TestAPollEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := memory.New(memory.Options{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := q.ReceiveDispatch(ctx, 1, queue.MaxWait); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ended with %v", err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("ended after %v", took)
		}
	})
}
