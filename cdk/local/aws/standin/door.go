package standin

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/bedrock"
	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/local/aws/polly"
	"casey.internal/cdk/local/aws/sigv4"
	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/keep"
)

// Keys are the credentials that clients sign with.
var Keys = sigv4.Keys{ID: "local", Secret: "local-secret"}

// The most bytes of a request: Bedrock admits 20 MB, Polly's texts are short.
const (
	maxConversation = 20 << 20
	maxText         = 64 << 10
)

// handler serves a request that was let in. It returns why the call failed, an *awswire.Error if it is to be shown.
type handler func(http.ResponseWriter, *http.Request, *control.Call, sigv4.Grant) error

func routes(c Config, e *engines, panel *control.Panel, log *slog.Logger) http.Handler {
	heard := transcribe.New(hearing(c, e.ears, log), transcribe.Limits{Idle: c.Idle, Life: c.Life},
		func(foreign int) { panel.Count(control.Transcribe, control.Counters{ForeignChunks: int64(foreign)}) })
	thought := bedrock.New(e.model)
	spoken := polly.New(e.voice, polly.Pace{Delay: c.PollyDelay, Page: c.PollyPage})

	mux := http.NewServeMux()
	d := door{panel: panel, log: log}
	mux.Handle("POST /stream-transcription", d.to(control.Transcribe, "transcribe", 0, heard.Serve))
	mux.Handle("POST /model/{model}/converse-stream", d.to(control.Bedrock, "bedrock", maxConversation, thought.Serve))
	mux.Handle("POST /v1/speech", d.to(control.Polly, "polly", maxText, spoken.Serve))
	mux.Handle(control.Path, panel)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		awswire.WriteError(w, &awswire.Error{Status: http.StatusNotFound, Name: "UnknownOperationException", Message: "There is no such operation here."})
	})
	return mux
}

// hearing is an engine whose ears are kept, where c asks for it.
func hearing(c Config, e transcribe.Engine, log *slog.Logger) transcribe.Engine {
	if c.Record == "" {
		return e
	}
	return keep.Engine{Engine: e, Folder: c.Record, Failed: func(err error) { log.Warn("this stream is heard, but not kept", "reason", err) }}
}

// door lets requests in: counted, as slow or broken as was asked for, and with a right signature.
type door struct {
	panel *control.Panel
	log   *slog.Logger
}

func (d door) to(s control.Service, signer string, limit int64, serve handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := d.panel.Begin(s, text(r, limit))
		tracked := &response{ResponseWriter: w}
		err := admit(tracked, r, call, signer, limit, serve)
		call.End(err)
		if err != nil {
			d.log.Debug("call failed", "service", string(s), "error", err)
			tracked.fail(err)
		}
	})
}

// text returns a request's body and leaves it to be read again; "" of one that is streamed, or too long, or broken off.
func text(r *http.Request, limit int64) string {
	if limit == 0 {
		return ""
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
	if err != nil {
		return ""
	}
	return string(body)
}

// admit checks the signature after the faults: a service that is down checks nothing.
func admit(w http.ResponseWriter, r *http.Request, call *control.Call, signer string, limit int64, serve handler) error {
	if err := call.Admit(r.Context()); err != nil {
		return err
	}
	grant, err := Keys.Verify(r, signer, limit)
	if err != nil {
		return err
	}
	return serve(w, r, call, grant)
}

// response knows whether an answer has begun.
type response struct {
	http.ResponseWriter
	begun bool
}

// WriteHeader begins the answer.
func (w *response) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

// Write writes of the answer.
func (w *response) Write(b []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController flush.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// junk is no frame, no JSON and no Ogg page.
var junk = []byte("\x00\x00\x00\x10garbage on the line \xff\xfe\xfd")

// fail ends the answer with an error: as AWS shows it where nothing was written, as an event stream's exception was written by its handler,
// and else by cutting the connection.
func (w *response) fail(err error) {
	if errors.Is(err, control.ErrGarbage) {
		_, _ = w.Write(junk) // it is meant to be of no use
		return
	}
	shown, ok := errors.AsType[*awswire.Error](err)
	switch {
	case errors.Is(err, control.ErrCut):
		panic(http.ErrAbortHandler) // how net/http is told to cut a connection
	case ok && !w.begun:
		awswire.WriteError(w, shown)
	case ok && w.Header().Get("Content-Type") == "application/vnd.amazon.eventstream":
	case !w.begun:
		awswire.WriteError(w, &awswire.Error{Status: http.StatusInternalServerError, Name: "InternalFailureException", Message: "The stand-in failed."})
	default:
		panic(http.ErrAbortHandler)
	}
}
