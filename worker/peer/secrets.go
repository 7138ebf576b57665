package peer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"sync"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/prf"
	"github.com/pion/dtls/v3/pkg/protocol/extension"
	"github.com/pion/dtls/v3/pkg/protocol/handshake"
	"github.com/pion/srtp/v3"
)

// secrets is what a DTLS handshake agrees on, from which the keys of SRTP come (RFC 5764
// 4.2). Pion's connection has them and shows them to nobody, but tells them to a hook
// and to a log of keys; here that log is this peer's memory, and what is not needed any
// more is forgotten.
type secrets struct {
	mu             sync.Mutex
	hello          handshake.MessageServerHello // the worker's
	client, master []byte                       // random of the browser's hello; master secret
}

// answering is a hook: it sees the worker's hello.
func (s *secrets) answering(hello handshake.MessageServerHello) handshake.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hello = hello
	return &hello
}

// keyLogged begins the line of a key log for DTLS 1.2, which goes on with the random of
// the client's hello and the master secret
// (https://www.ietf.org/archive/id/draft-ietf-tls-keylogfile-05.html).
var keyLogged = []byte("CLIENT_RANDOM ")

// Write implements io.Writer: it takes a line of the key log.
func (s *secrets) Write(line []byte) (int, error) {
	rest, ok := bytes.CutPrefix(bytes.TrimSpace(line), keyLogged)
	random, master, both := bytes.Cut(rest, []byte(" "))
	if !ok || !both {
		return len(line), nil // another version's: pion's way is open
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.client, _ = hex.AppendDecode(nil, random)
	s.master, _ = hex.AppendDecode(nil, master)
	return len(line), nil
}

// errUnknownSecrets says that a handshake was not one of those that are understood.
var errUnknownSecrets = errors.New("peer: the secrets of the DTLS handshake are not known")

// ExportKeyingMaterial implements srtp.KeyingMaterialExporter by RFC 5705 4, for the
// cipher suites that browsers and the worker agree on. The caller holds mu.
func (s *secrets) ExportKeyingMaterial(label string, _ []byte, length int) ([]byte, error) {
	known := []uint16{uint16(dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256), uint16(dtls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)}
	if s.hello.CipherSuiteID == nil || !slices.Contains(known, *s.hello.CipherSuiteID) || len(s.master) == 0 {
		return nil, errUnknownSecrets
	}
	server := s.hello.Random.MarshalFixed()
	return prf.PHash(s.master, slices.Concat([]byte(label), s.client, server[:]), length, sha256.New)
}

// opener returns what opens the browser's packets; nil when the keys are not known. It
// forgets the secrets.
func (s *secrets) opener() *srtp.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.hello, s.client, s.master = handshake.MessageServerHello{}, nil, nil }()
	c := srtp.Config{}
	for _, e := range s.hello.Extensions {
		if use, ok := e.(*extension.UseSRTP); ok && len(use.ProtectionProfiles) > 0 {
			c.Profile = srtp.ProtectionProfile(use.ProtectionProfiles[0])
		}
	}
	if c.ExtractSessionKeysFromDTLS(s, false) != nil {
		return nil
	}
	opener, err := srtp.CreateContext(c.Keys.RemoteMasterKey, c.Keys.RemoteMasterSalt, c.Profile, srtp.SRTPReplayProtection(replayWindow))
	if err != nil {
		return nil
	}
	return opener
}

// replayWindow is pion's own: so many packets may come after a later one.
const replayWindow = 64
