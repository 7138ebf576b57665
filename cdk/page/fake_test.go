package page_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
)

// The tone is 440 Hz; the bursts are 300 ms of nothing and 300 ms of it, ten times.
var (
	//go:embed testdata/tone.opus
	tone []byte
	//go:embed testdata/bursts.opus
	bursts []byte
)

// frame is the length of a packet of the tone.
const frame = 20 * time.Millisecond

// fake is a gateway and a worker in one: what it receives waits in channels,
// and it says what a test tells it to. answers decides what an offer gets; nil
// is an answer.
type fake struct {
	*httptest.Server
	mux     *http.ServeMux
	t       *testing.T
	api     *webrtc.API
	answers func(conn *connection, offer *wire.Offer) []any
	report  json.RawMessage // of an interview that is over, when it is asked for

	offers chan *wire.Offer // but those that are made again as their answer was late
	others chan any         // other messages of the socket, pings aside
	events chan any         // of the data channel
	lines  chan *line       // peers whose data channel opened
	gone   chan *webrtc.PeerConnection
	work   sync.WaitGroup

	mu       sync.Mutex
	peers    map[interview.PeerName]*webrtc.PeerConnection
	answered map[string]bool // offers, by their descriptions
}

type connection struct {
	socket *websocket.Conn
	deaf   atomic.Bool // what it receives goes nowhere
}

func (c *connection) send(ctx context.Context, message wire.Message) {
	_ = c.socket.Write(ctx, websocket.MessageText, wire.Encode(message)) // a page that left is the test's to notice
}

func start(t *testing.T, config page.Config) *fake {
	t.Helper()
	f := &fake{
		mux: http.NewServeMux(), t: t, api: media(t), offers: make(chan *wire.Offer, 100), others: make(chan any, 1000),
		events: make(chan any, 1000), lines: make(chan *line, 10), gone: make(chan *webrtc.PeerConnection, 10), peers: map[interview.PeerName]*webrtc.PeerConnection{},
		answered: map[string]bool{},
	}
	f.work.Add(1) // done at the end, so that no socket's is the first, which Wait would race with
	site := bundle(t, config)
	f.mux.Handle("/", site)
	f.mux.HandleFunc("/ws", f.socket)
	f.Server = httptest.NewUnstartedServer(f.mux)
	ctx, hangUp := context.WithCancel(context.Background())
	f.Config.BaseContext = func(net.Listener) context.Context { return ctx }
	f.Start()
	t.Cleanup(func() {
		hangUp() // sockets too, should the browser hold one
		f.CloseClientConnections()
		f.Close()
		f.work.Done()
		f.work.Wait()
		for _, peer := range f.peers {
			_ = peer.GracefulClose()
		}
	})
	return f
}

func media(t *testing.T) *webrtc.API {
	t.Helper()
	engine := &webrtc.MediaEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	mux := webrtc.NewICETCPMux(nil, listener, 8)
	t.Cleanup(func() { _ = mux.Close() })
	settings.SetICETCPMux(mux)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeTCP4})
	return webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(settings))
}

func (f *fake) socket(w http.ResponseWriter, r *http.Request) {
	socket, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	f.work.Add(1)
	defer f.work.Done()
	socket.SetReadLimit(wire.MaxMessage)
	ctx, conn := r.Context(), &connection{socket: socket}
	defer func() { _ = socket.CloseNow() }()
	for {
		_, data, err := socket.Read(ctx)
		if err != nil {
			return
		}
		if !conn.deaf.Load() {
			f.message(ctx, conn, data)
		}
	}
}

func (f *fake) message(ctx context.Context, conn *connection, data []byte) {
	message, err := wire.Parse(data)
	if err != nil {
		f.t.Errorf("the page sent %s: %v", data, err)
		return
	}
	switch m := message.(type) {
	case *wire.Offer:
		if !f.wasAnswered(m) {
			f.offers <- m
		}
		if f.answers != nil {
			if instead := f.answers(conn, m); instead != nil {
				for _, message := range instead {
					conn.send(ctx, message.(wire.Message))
				}
				return
			}
		}
		f.answer(ctx, conn, m)
	case *wire.Ping:
		conn.send(ctx, wire.Pong{})
	case *wire.Hello:
		if f.report != nil && m.Session == "s-1" && m.Resume == "secret" {
			conn.send(ctx, wire.Report{Session: m.Session, Report: f.report})
			return
		}
		f.others <- m
	case *wire.ICE:
		if peer := f.peer(m.Peer); peer != nil && m.Candidate != nil {
			_ = peer.AddICECandidate(webrtc.ICECandidateInit{Candidate: m.Candidate.Candidate, SDPMid: m.Candidate.SDPMid, SDPMLineIndex: m.Candidate.SDPMLineIndex})
		}
	default:
		f.others <- m
	}
}

func (f *fake) peer(name interview.PeerName) *webrtc.PeerConnection {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.peers[name]
}

// wasAnswered tells of an offer that the page makes again: on a busy machine an answer
// may take longer than the 2 s that it waits.
func (f *fake) wasAnswered(m *wire.Offer) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.answered[m.SDP.SDP]
}

func (f *fake) answer(ctx context.Context, conn *connection, m *wire.Offer) {
	peer := f.peer(m.Peer)
	if peer == nil {
		made, err := f.api.NewPeerConnection(webrtc.Configuration{})
		if err != nil {
			f.t.Error(err)
			return
		}
		f.mu.Lock()
		peer, f.peers[m.Peer] = made, made
		f.mu.Unlock()
		f.prepare(conn, peer)
	}
	sdp, err := negotiate(peer, m.SDP.SDP)
	if err != nil && peer.ConnectionState() == webrtc.PeerConnectionStateClosed {
		return // the page did not wait for it
	}
	if err != nil {
		f.t.Error(err)
		return
	}
	conn.send(ctx, wire.Session{Session: "s-1", Resume: "secret"})
	f.mu.Lock()
	f.answered[m.SDP.SDP] = true
	f.mu.Unlock()
	conn.send(ctx, wire.Answer{SDP: wire.Description{Type: "answer", SDP: sdp}, Session: "s-1", Peer: m.Peer})
}

func negotiate(peer *webrtc.PeerConnection, offer string) (string, error) {
	if err := peer.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	answer, err := peer.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(peer)
	if err := peer.SetLocalDescription(answer); err != nil {
		return "", err
	}
	<-gathered
	return peer.LocalDescription().SDP, nil
}

// prepare gives a new peer a voice and listens to its data channel.
func (f *fake) prepare(conn *connection, peer *webrtc.PeerConnection) {
	voice, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, "voice", "casey")
	if err != nil {
		f.t.Error(err)
		return
	}
	if _, err := peer.AddTrack(voice); err != nil {
		f.t.Error(err)
	}
	peer.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateClosed {
			f.gone <- peer
		}
	})
	peer.OnDataChannel(func(c *webrtc.DataChannel) {
		l := &line{connection: conn, peer: peer, channel: c, voice: voice}
		c.OnMessage(func(m webrtc.DataChannelMessage) {
			event, err := channel.Parse(m.Data)
			if err != nil {
				f.t.Errorf("the page sent %s: %v", m.Data, err)
				return
			}
			f.events <- event
		})
		c.OnOpen(func() { f.lines <- l })
	})
}

// line is one peer of the page.
type line struct {
	*connection
	peer    *webrtc.PeerConnection
	channel *webrtc.DataChannel
	voice   *webrtc.TrackLocalStaticRTP
	seq     uint64
	packet  rtp.Header
}

// sendEvent sends an event.
func (l *line) sendEvent(t *testing.T, event channel.WorkerEvent) {
	t.Helper()
	l.seq++
	if err := l.channel.SendText(string(channel.Encode(l.seq, event))); err != nil {
		t.Error(err)
	}
}

// packets returns the packets of a file, 20 ms each, out of its Ogg pages (RFC
// 3533 6); none of them spans two pages.
func packets(file []byte) [][]byte {
	var all [][]byte
	for rest := file; len(rest) > 27; {
		segments := rest[27 : 27+int(rest[26])]
		rest = rest[27+len(segments):]
		size := 0
		for _, segment := range segments {
			if size += int(segment); segment < 255 {
				all = append(all, rest[:size])
				rest, size = rest[size:], 0
			}
		}
	}
	return all[2:] // the headers
}

// next is the RTP timestamp of the packet that speak sends first.
func (l *line) next() uint32 { return l.packet.Timestamp }

// speak sends the tone in real time for as long as d says, or until ctx ends.
func (l *line) speak(ctx context.Context, t *testing.T, d time.Duration) {
	t.Helper()
	l.play(ctx, t, packets(tone), int(d/frame))
}

// until speaks until a condition is true in the page.
func (l *line) until(t *testing.T, p *browser.Page, condition string) {
	t.Helper()
	ctx, quiet := context.WithCancel(t.Context())
	var speaking sync.WaitGroup
	defer speaking.Wait()
	defer quiet()
	speaking.Go(func() { l.speak(ctx, t, soon) })
	p.Wait(condition, soon)
}

// heard is a condition: the page plays the tone.
const heard = "caseyProbe.level() > 0.05"

// play sends n packets, 50 a second, beginning anew after the last.
func (l *line) play(ctx context.Context, t *testing.T, packets [][]byte, n int) {
	t.Helper()
	began := time.Now()
	for i := range n {
		l.packet.Version, l.packet.PayloadType, l.packet.Marker = 2, 111, i == 0
		if err := l.voice.WriteRTP(&rtp.Packet{Header: l.packet, Payload: packets[i%len(packets)]}); err != nil {
			t.Error(err)
		}
		l.packet.SequenceNumber++
		l.packet.Timestamp += 960
		select {
		case <-time.After(time.Until(began.Add(time.Duration(i+1) * frame))):
		case <-ctx.Done():
			return
		}
	}
}

// next waits for what a channel of the fake brings.
func next[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(soon):
		t.Fatalf("the page sent no %s", what)
		panic("unreachable")
	}
}

// wait skips what a channel of the fake brings until a T comes.
func wait[T any](t *testing.T, from <-chan any) T {
	t.Helper()
	for {
		if got, ok := next(t, from, "such message").(T); ok {
			return got
		}
	}
}
