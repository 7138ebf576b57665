package checkup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"casey.internal/shared/clock"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/ogg"
	"casey.internal/worker/opus"
	"casey.internal/worker/recognition"
	"casey.internal/worker/speech"
)

// word is what is said: one that every recognition knows.
const word = "Hello."

const (
	answerTokens = 16
	// hearWithin is the time in which the word is heard, or is not.
	hearWithin = 8 * time.Second
	// chunkPackets is the number of packets that go to the recognition together.
	chunkPackets = 5
	// silence follows the word, so that the recognition takes it for whole.
	silence = time.Second
)

// Services are what a worker uses in an interview.
type Services struct {
	Voice      speech.Synthesizer
	Open       func(io.Reader) speech.Packets // nil = the voice is Ogg Opus
	Recognizer recognition.Recognizer
	Framing    func() (recognition.Framing, error)
	Model      interviewer.Model
}

// Trials says the word, hears it and has it answered.
func (s Services) Trials() []Trial {
	var spoken [][]byte
	return []Trial{
		{"Polly", func(ctx context.Context) (err error) { spoken, err = s.speak(ctx); return err }},
		{"Transcribe", func(ctx context.Context) error { return s.listen(ctx, spoken) }},
		{"Bedrock", s.think},
	}
}

// speak returns the packets of the word.
func (s Services) speak(ctx context.Context) ([][]byte, error) {
	audio, err := s.Voice.Audio(ctx, word)
	if err != nil {
		return nil, err
	}
	defer func() { _ = audio.Close() }()
	var from speech.Packets = ogg.NewDemuxer(audio)
	if s.Open != nil {
		from = s.Open(audio)
	}
	var packets [][]byte
	for {
		packet, _, err := from.Next()
		if errors.Is(err, io.EOF) && len(packets) > 0 {
			return packets, nil
		}
		if err != nil {
			return nil, err
		}
		packets = append(packets, bytes.Clone(packet))
	}
}

// errSilence says that there is no word to listen to.
var errSilence = errors.New("there was no voice to listen to")

// errNotHeard says that a stream went well, but nobody was heard on it.
var errNotHeard = errors.New("the word was not heard")

// listen sends packets at the speed of speech, and waits for a word.
func (s Services) listen(ctx context.Context, packets [][]byte) error {
	if len(packets) == 0 {
		return errSilence
	}
	stream, err := s.Recognizer.Start(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = stream.Close() }()
	sending, stop := context.WithCancel(ctx)
	sent := make(chan error, 1)
	go func() { sent <- s.send(sending, stream, packets) }()
	late := time.AfterFunc(hearWithin, func() { _ = stream.Close() })
	defer func() { late.Stop(); stop(); _ = stream.Close(); <-sent }()
	for result, err := range stream.Results() {
		if err == nil && result.Text != "" {
			return nil
		}
		if err != nil && late.Stop() { // the stream has ended by itself
			return err
		}
	}
	return errNotHeard
}

// send sends packets and the silence after them, each when its time comes.
func (s Services) send(ctx context.Context, stream recognition.Stream, packets [][]byte) error {
	framing, err := s.Framing()
	if err != nil {
		return err
	}
	sent, began := time.Duration(0), time.Now()
	for chunk := range slices.Chunk(append(packets, nothing(packets[0])...), chunkPackets) {
		length := opus.Duration(int64(len(chunk) * opus.Samples(chunk[0])))
		data, err := framing.Frame(chunk)
		if err != nil {
			return fmt.Errorf("frame packets: %w", err)
		}
		if err := stream.Send(data, length); err != nil {
			return err
		}
		sent += length
		if err := clock.Sleep(ctx, time.Until(began.Add(sent))); err != nil {
			return err
		}
	}
	return nil
}

// nothing is the silence after the word, in packets like one of it: of those
// that are their first byte alone a decoder makes what was not sent (RFC 7845 4.1).
func nothing(like []byte) [][]byte {
	const one = 0xfc // all of a TOC byte but the number of frames, which is then one
	empty := []byte{like[0] & one}
	var packets [][]byte
	for length := opus.Duration(int64(opus.Samples(empty))); length > 0 && time.Duration(len(packets))*length < silence; {
		packets = append(packets, empty)
	}
	return packets
}

// errNoAnswer says that a model ended without a word.
var errNoAnswer = errors.New("the model said nothing")

// think asks for a word.
func (s Services) think(ctx context.Context) error {
	request := interviewer.Request{
		MaxTokens: answerTokens, Messages: []interviewer.Message{{Role: interviewer.User, Text: "Answer with one word: hello."}},
	}
	for delta, err := range s.Model.Converse(ctx, request) {
		if err != nil {
			return err
		}
		if delta.Text != "" {
			return nil
		}
	}
	return errNoAnswer
}
