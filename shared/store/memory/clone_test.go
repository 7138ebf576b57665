package memory_test

import (
	"testing"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/store/memory"
)

func TestAClone(t *testing.T) {
	s, now := memory.New(memory.Options{}), time.Now()
	seen, err := s.Open(t.Context(), store.Opening{Session: "s", Connection: "c", ConnectedAt: now, At: now})
	if err != nil {
		t.Fatal(err)
	}
	c := s.Clone()
	if _, err := c.PutOffer(t.Context(), seen, interview.Offer{Peer: "p", SDP: "v=0", At: now}); err != nil {
		t.Fatal(err)
	}
	if err := c.PutTurn(t.Context(), interview.Turn{Session: "s", Number: 1}); err != nil {
		t.Fatal(err)
	}
	before, _ := s.Session(t.Context(), "s")
	turns, _ := s.Turns(t.Context(), "s")
	if before.State != interview.Allotted || len(turns) != 0 {
		t.Errorf("the original has become %q with %d turns", before.State, len(turns))
	}
	after, _ := c.Session(t.Context(), "s")
	if after.State != interview.Waiting {
		t.Errorf("the clone is %q", after.State)
	}
}
