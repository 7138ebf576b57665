package peer

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/webrtc/v4"

	"casey.internal/shared/apperr"
	"casey.internal/shared/wire"
)

// maxICECandidates is how many candidates of a browser are tried for one
// description, and how many wait for a description that is yet to come.
const maxICECandidates = 32

// Errors of a candidate that is not taken.
var (
	ErrICECandidate  = apperr.New(apperr.BadCandidate, "this is no ICE candidate")
	ErrICECandidates = apperr.New(apperr.TooMany, "more than %d ICE candidates", maxICECandidates)
)

// AddICECandidate takes a candidate of the browser. One that belongs to a
// description not yet seen waits for Restart. Names (mDNS) and, unless
// Config.AllowPrivate, private addresses are ignored without an error: the
// browser's own checks reach the worker anyway.
func (p *Peer) AddICECandidate(c wire.ICECandidate) error {
	if c.Candidate == "" {
		return nil // pion has no use for the end
	}
	if _, ok := candidateAddress(c.Candidate); !ok {
		return ErrICECandidate
	}
	p.signaling.Lock()
	defer p.signaling.Unlock()
	switch {
	case !p.network.reachable(c.Candidate):
		return nil
	case generation(c) == "" || slices.Contains(p.remote.ufrags, generation(c)):
		return p.add(c)
	case len(p.held) == maxICECandidates:
		return ErrICECandidates
	}
	p.held = append(p.held, c)
	return nil
}

// add hands a candidate to pion. The caller holds p.signaling.
func (p *Peer) add(c wire.ICECandidate) error {
	if p.taken == maxICECandidates {
		return ErrICECandidates
	}
	p.taken++
	if err := p.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: c.Candidate}); err != nil {
		p.log.Debug("ICE candidate refused", "error", err)
		return ErrICECandidate
	}
	return nil
}

// release adds the candidates that waited for the description that is now set
// and forgets the others. The caller holds p.signaling.
func (p *Peer) release() {
	held := p.held
	p.held = nil
	for _, c := range held {
		if slices.Contains(p.remote.ufrags, generation(c)) {
			if err := p.add(c); err != nil {
				return // logged, or one too many
			}
		}
	}
}

// generation returns the ICE user fragment that a candidate was gathered for,
// "" when it does not say.
func generation(c wire.ICECandidate) string {
	if c.UsernameFragment != nil {
		return *c.UsernameFragment
	}
	fields := strings.Fields(c.Candidate)
	if i := slices.Index(fields, "ufrag"); i >= 0 && i+1 < len(fields) {
		return fields[i+1]
	}
	return ""
}

// candidateAddress returns the address in a candidate line (RFC 8839 5.1):
// candidate:foundation component transport priority address port "typ" type …
func candidateAddress(candidate string) (address string, ok bool) {
	f := strings.Fields(strings.TrimPrefix(candidate, "candidate:"))
	if len(candidate) > 1024 || len(f) < 8 || f[6] != "typ" {
		return "", false
	}
	if _, err := strconv.ParseUint(f[5], 10, 16); err != nil {
		return "", false
	}
	return f[4], true
}

// reachable reports whether the worker may send checks to a candidate's address.
func (n *Network) reachable(candidate string) bool {
	s, ok := candidateAddress(candidate)
	if !ok {
		return false
	}
	a, err := netip.ParseAddr(s)
	a = a.Unmap()
	if err != nil || a.IsUnspecified() || a.IsMulticast() || a.Zone() != "" {
		return false
	}
	private := a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || carriers.Contains(a)
	return n.cfg.AllowPrivate || !private
}

// carriers is the address space between carriers and their customers (RFC 6598).
var carriers = netip.MustParsePrefix("100.64.0.0/10")
