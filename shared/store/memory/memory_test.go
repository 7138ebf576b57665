package memory_test

import (
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store/memory"
	"casey.internal/shared/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, memory.New(memory.Options{}))
}

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New(memory.Options{Seed: 1, Delay: 5 * time.Millisecond})
		began := time.Now()
		if err := s.Beat(t.Context(), interview.Worker{ID: "w", Beat: began}); err != nil {
			t.Fatal(err)
		}
		if time.Since(began) == 0 {
			t.Error("no delay")
		}
	})
}

func TestReadsThatNeedNotBeConsistentAreOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New(memory.Options{Seed: 1, Stale: 50 * time.Millisecond})
		beat := func(active int) {
			if err := s.Beat(t.Context(), interview.Worker{ID: "w", Active: active, Beat: time.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		seen := map[int]int{}
		read := func() {
			w, err := s.Worker(t.Context(), "w")
			if err != nil {
				t.Fatal(err)
			}
			seen[w.Active]++
		}
		beat(1)
		time.Sleep(time.Second)
		beat(2)
		time.Sleep(25 * time.Millisecond)
		for range 20 {
			read()
		}
		if seen[1] == 0 || seen[2] == 0 {
			t.Errorf("25 ms after a change it was read as %v", seen)
		}
		clear(seen)
		time.Sleep(25 * time.Millisecond)
		for range 20 {
			read()
		}
		if seen[1] != 0 {
			t.Errorf("50 ms after a change it was read as %v", seen)
		}
	})
}
