package signaling_test

import (
	"testing"
	"time"

	"casey.internal/shared/wire"
)

func TestTheReportOfAnInterviewThatIsOver(t *testing.T) {
	for name, c := range map[string]struct{ carry, report string }{
		"a report":             {`{"Spent":7,"Report":{"summary":"Well."}}`, `{"summary":"Well."}`},
		"no report":            {`{"Spent":7}`, ""},
		"null for a report":    {`{"Report":null}`, ""},
		"what nobody can read": {`{"Report":`, ""},
		"nothing":              {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				first, _ := w.owned()
				first.send(`{"type":"hello"}`)
				session := expect[wire.Session](first)
				epoch := first.session().Epoch
				if err := w.store.Carry(t.Context(), session.Session, epoch, c.carry); c.carry != "" && err != nil {
					t.Fatal(err)
				}
				hello := encode(wire.Hello{Session: session.Session, Resume: session.Resume})
				running := w.connect()
				running.send(hello)
				expect[wire.Session](running) // it is not over yet
				if _, err := w.store.End(t.Context(), session.Session, epoch, "ended", time.Now()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
				reloaded := w.connect()
				reloaded.send(hello)
				if c.report == "" {
					if r := expect[wire.Rejected](reloaded); r.Code != "ended" {
						t.Errorf("%+v", r)
					}
				} else if r := expect[wire.Report](reloaded); string(r.Report) != c.report || r.Session != session.Session {
					t.Errorf("%+v", r)
				}
				stranger := w.connect()
				stranger.send(encode(wire.Hello{Session: session.Session, Resume: "guessed"}))
				if r := expect[wire.Rejected](stranger); r.Code != "forbidden" {
					t.Errorf("%+v", r)
				}
				offer := offerOf("p9", sdp+"a=9\r\n")
				offer.Session, offer.Resume = session.Session, session.Resume
				reloaded.send(encode(offer))
				if e := expect[wire.Error](reloaded); e.Code != "ended" {
					t.Errorf("%+v", e)
				}
			})
		})
	}
}
