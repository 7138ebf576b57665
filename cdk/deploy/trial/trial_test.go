package trial_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/webrtc/v4"

	"casey.internal/cdk/deploy/trial"
	"casey.internal/shared/channel"
	"casey.internal/shared/wire"
)

const origin = "https://app.example.com"

// gateway opens sockets for our page, and does with an offer what it is told to.
func gateway(t *testing.T, reply func(*wire.Offer) wire.Message) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != origin {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
		if err != nil {
			return
		}
		defer func() { _ = socket.CloseNow() }()
		for {
			_, data, err := socket.Read(r.Context())
			if err != nil {
				return
			}
			message, err := wire.Parse(data)
			if err != nil {
				t.Errorf("sent %s: %v", data, err)
			}
			if offer, ok := message.(*wire.Offer); ok {
				if err := socket.Write(r.Context(), websocket.MessageText, wire.Encode(reply(offer))); err != nil {
					return
				}
			}
		}
	}))
	t.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http") + "/ws"
}

// answer is a worker's, of a peer connection that is closed with the test.
func answer(t *testing.T, offer *wire.Offer) wire.Message { return answerTelling(t, offer, nil) }

// answerTelling is answer of a worker that says something on the data channel.
func answerTelling(t *testing.T, offer *wire.Offer, event channel.WorkerEvent) wire.Message {
	t.Helper()
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	peer, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = peer.GracefulClose() })
	peer.OnDataChannel(func(d *webrtc.DataChannel) {
		d.OnOpen(func() {
			if event != nil {
				_ = d.SendText(string(channel.Encode(1, event)))
			}
		})
	})
	gathered := webrtc.GatheringCompletePromise(peer)
	if err := peer.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.SDP.SDP}); err != nil {
		t.Fatal(err)
	}
	sdp, err := peer.CreateAnswer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := peer.SetLocalDescription(sdp); err != nil {
		t.Fatal(err)
	}
	<-gathered
	return wire.Answer{SDP: wire.Description{Type: "answer", SDP: peer.LocalDescription().SDP}, Session: "s", Peer: offer.Peer}
}

func TestAnOfferIsAnsweredAndMediaConnects(t *testing.T) {
	url := gateway(t, func(o *wire.Offer) wire.Message { return answer(t, o) })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	result, err := trial.Try(ctx, trial.Visitor{URL: url, Origin: origin})
	if err != nil || result.Answered <= 0 || result.Connected < result.Answered {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestAWorkerTellsHowTheServicesAnswer(t *testing.T) {
	for say, services := range map[string][]channel.Tried{
		"": {{Service: "Polly", MS: 120}, {Service: "Bedrock", MS: 400}},
		"not answered by Bedrock (AccessDeniedException), Polly (internal error)": {
			{Service: "Transcribe", MS: 9}, {Service: "Bedrock", MS: 5, Error: "AccessDeniedException"}, {Service: "Polly", Error: "internal error"},
		},
	} {
		url := gateway(t, func(o *wire.Offer) wire.Message { return answerTelling(t, o, channel.Checkup{Services: services}) })
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		told, err := trial.Speak(ctx, trial.Visitor{URL: url, Origin: origin})
		cancel()
		if say == "" && (err != nil || told.String() != "Polly 120 ms, Bedrock 400 ms") || say != "" && (err == nil || !strings.Contains(err.Error(), say)) {
			t.Errorf("%v: %v, want %q", told, err, say)
		}
	}
}

func TestWhatFailsIsSaid(t *testing.T) {
	ctx, giveUp := context.WithTimeout(t.Context(), 20*time.Second)
	defer giveUp()
	fails := func(name, url, origin, say string) {
		t.Helper()
		if _, err := trial.Try(ctx, trial.Visitor{URL: url, Origin: origin}); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v", name, err)
		}
	}
	full := gateway(t, func(*wire.Offer) wire.Message { return wire.Error{Code: "full", Message: "all interviewers are busy"} })
	fails("another page", full, "https://evil.example.com", "did not open")
	fails("nobody is free", full, origin, "all interviewers are busy")
	fails("no address at all", "ws://127.0.0.1:1/ws", origin, "did not open")
	offers := 0
	fails("nobody is there", gateway(t, func(*wire.Offer) wire.Message {
		if offers++; offers > 1 { // made again, as nothing answered the first
			giveUp()
		}
		return wire.Pong{}
	}), origin, "not answered")
}
