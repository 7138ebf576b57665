package lambda

import (
	"io"
	"net/http"
	"strconv"
)

// maxAnswer is Lambda's limit for a synchronous answer, in bytes.
const maxAnswer = 6 << 20

// routes is the Runtime API, version 2018-06-01.
func (e *environment) routes() http.Handler {
	const runtime = "/2018-06-01/runtime"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+runtime+"/invocation/next", e.next)
	mux.HandleFunc("POST "+runtime+"/invocation/{id}/response", e.response)
	mux.HandleFunc("POST "+runtime+"/invocation/{id}/error", e.failure)
	mux.HandleFunc("POST "+runtime+"/init/error", e.initError)
	return mux
}

// next hands out an invocation when there is one. A retired environment is left
// hanging: it is killed when idle.
func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	e.markAsked()
	select {
	case <-e.retired:
		<-r.Context().Done()
		return
	default:
	}
	select {
	case inv := <-e.f.queue:
		e.hand(w, inv)
	case <-e.retired:
		<-r.Context().Done()
	case <-r.Context().Done():
	}
}

func (e *environment) markAsked() {
	e.mu.Lock()
	first := !e.asked
	e.asked = true
	e.mu.Unlock()
	if first {
		e.f.polled(e)
	}
}

// hand writes inv to the process; if the process is gone, the watcher of the process fails it.
func (e *environment) hand(w http.ResponseWriter, inv *invocation) {
	if !e.assign(inv) {
		inv.finish(result{err: ErrCrashed})
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:"+e.f.cfg.Name)
	_, _ = w.Write(inv.payload)
}

func (e *environment) response(w http.ResponseWriter, r *http.Request) {
	e.answer(w, r, func(body []byte) result { return result{body: body} })
}

func (e *environment) failure(w http.ResponseWriter, r *http.Request) {
	e.answer(w, r, func(body []byte) result { return result{err: functionError(body)} })
}

// answer finishes an invocation. One whose caller gave up is accepted too: the
// runtime would exit otherwise.
func (e *environment) answer(w http.ResponseWriter, r *http.Request, read func([]byte) result) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAnswer))
	if err != nil {
		reply(w, http.StatusRequestEntityTooLarge, `{"errorMessage":"too large","errorType":"RequestEntityTooLarge"}`)
		return
	}
	inv := e.release(r.PathValue("id"))
	if inv == nil {
		reply(w, http.StatusBadRequest, `{"errorMessage":"unknown request id","errorType":"InvalidRequestID"}`)
		return
	}
	inv.finish(read(body))
	reply(w, http.StatusAccepted, `{"status":"OK"}`)
}

// initError only notes it: the runtime exits by itself then.
func (e *environment) initError(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAnswer))
	e.f.cfg.Log.Error("function failed to initialise", "function", e.f.cfg.Name, "error", functionError(body))
	reply(w, http.StatusAccepted, `{"status":"OK"}`)
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
