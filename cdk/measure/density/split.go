package density

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/pprof/profile"
)

// profileOf has a worker profile itself: "profile?seconds=30" is its CPU time, "heap"
// its memory.
func profileOf(ctx context.Context, url, kind string) (*profile.Profile, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/debug/pprof/"+kind, nil)
	if err != nil {
		return nil, fmt.Errorf("profile of %s: %w", url, err)
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("profile of %s: %w", url, err)
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	p, err := profile.Parse(response.Body)
	if err != nil {
		return nil, fmt.Errorf("profile of %s: %w", url, err)
	}
	return p, nil
}

// group is one thing that CPU time goes to.
type group struct {
	name  string
	marks []string // what the name of a function on the stack begins with, or contains after a *
}

// groups are tried in this order: a stack belongs to the first that marks any function
// of it.
var groups = []group{
	{"garbage collection", []string{"runtime.gcBgMarkWorker", "runtime.gcAssistAlloc", "runtime.bgsweep", "runtime.bgscavenge", "runtime.gcStart", "runtime.(*sweepLocked)"}},
	{"voice out: pacing, SRTP, the socket", []string{"casey.internal/worker/pacing."}},
	{"microphone: casey", []string{"casey.internal/worker/pipeline.(*attendant)", "casey.internal/worker/session.(*leg).Packet", "casey.internal/worker/peer.(*inbound)", "casey.internal/worker/peer.(*Peer).receive"}},
	{"microphone: sockets, ICE, SRTP", []string{"github.com/pion/ice", "github.com/pion/srtp", "github.com/pion/webrtc", "github.com/pion/interceptor", "casey.internal/worker/peer.(*watched)", "github.com/pion/dtls", "github.com/pion/transport"}},
	{"data channel", []string{"github.com/pion/sctp", "github.com/pion/datachannel", "casey.internal/worker/peer."}},
	{"Transcribe: sending", []string{"casey.internal/worker/transcribe.(*stream).Send", "casey.internal/worker/recognition.(*Recognition).send", "*EventStreamWriter", "*http2clientStream).writeRequest", "*clientStream).writeRequest"}},
	{"Transcribe: results", []string{"casey.internal/worker/transcribe.", "casey.internal/worker/recognition.", "*transcribestreaming.", "*transcriptResultStreamReader"}},
	{"Bedrock and Polly", []string{"casey.internal/worker/bedrock.", "casey.internal/worker/polly.", "*bedrockruntime", "*service/polly", "casey.internal/worker/speech.", "casey.internal/worker/interviewer."}},
	{"HTTP/2 and TLS of all services", []string{"net/http.", "net/http/internal", "crypto/tls.", "golang.org/x/net/http2"}},
	{"conversation", []string{"casey.internal/worker/conversation.", "casey.internal/worker/turnend.", "casey.internal/worker/pipeline."}},
	{"session, host, log", []string{"casey.internal/", "log/slog."}},
	{"scheduler: wake-ups, timers, netpoll", []string{"runtime.mcall", "runtime.mstart", "runtime.park_m", "runtime.schedule", "runtime.sysmon"}},
}

const rest = "the rest"

// profiling is what takes time in a profile alone.
var profiling = group{marks: []string{"runtime/pprof.", "net/http/pprof."}}

// shares returns the share of a profile, 0 to 1, by group.
func shares(p *profile.Profile) map[string]float64 {
	sums, whole := map[string]float64{}, 0.0
	for _, s := range p.Sample {
		if slices.ContainsFunc(s.Location, profiling.at) {
			continue
		}
		cpu := float64(s.Value[len(s.Value)-1]) // samples/count, cpu/nanoseconds
		sums[groupOf(s)] += cpu
		whole += cpu
	}
	for name := range sums {
		sums[name] /= max(1, whole)
	}
	return sums
}

func groupOf(s *profile.Sample) string {
	for _, g := range groups {
		if slices.ContainsFunc(s.Location, g.at) {
			return g.name
		}
	}
	return rest
}

// at reports whether a function at a place of a stack belongs to the group.
func (g group) at(l *profile.Location) bool {
	return slices.ContainsFunc(l.Line, func(line profile.Line) bool {
		return line.Function != nil && slices.ContainsFunc(g.marks, func(mark string) bool {
			if inner, ok := strings.CutPrefix(mark, "*"); ok {
				return strings.Contains(line.Function.Name, inner)
			}
			return strings.HasPrefix(line.Function.Name, mark)
		})
	})
}
