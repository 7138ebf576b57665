package recognitiontest_test

import (
	"testing"
	"testing/synctest"

	"casey.internal/worker/recognition/recognitiontest"
)

func TestTwin(t *testing.T) {
	said := []string{" ", "what", "time", "is", "it", " ", " ", " ", " ", " ", " ", "go", "forward", " ", " ", " ", " ", " "}
	recognitiontest.Run(t, func(t *testing.T) recognitiontest.Subject {
		s := recognitiontest.Subject{Recognizer: new(recognitiontest.Recognizer), Text: "what time is it go forward"}
		for _, word := range said {
			s.Chunks = append(s.Chunks, []byte(word))
		}
		return s
	})
}

func TestStalledSendEndsWithTheStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := new(recognitiontest.Recognizer)
		stream, err := r.Start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r.Streams()[0].Stall()
		sent := make(chan error)
		go func() { sent <- stream.Send([]byte("hello"), recognitiontest.Chunk) }()
		synctest.Wait()
		select {
		case err := <-sent:
			t.Fatalf("sent: %v", err)
		default:
		}
		_ = stream.Close()
		if err := <-sent; err == nil {
			t.Error("sent to a closed stream")
		}
	})
}
