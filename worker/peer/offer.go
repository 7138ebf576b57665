package peer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"casey.internal/shared/apperr"
)

// Limits of an offer, applied before pion reads it.
const (
	maxOffer    = 64 << 10 // bytes
	maxSections = 8        // m-lines
)

// defaultMessageSize holds where an offer has no a=max-message-size: 64 KB (RFC
// 8841 6.1), of which pion sends one byte less.
const defaultMessageSize = 65535

// Errors of an offer that is not answered.
var (
	ErrOffer         = apperr.New(apperr.BadOffer, "the offer is no session description that can be answered")
	ErrOfferTooLarge = apperr.New(apperr.TooLarge, "the offer is larger than %d KB", maxOffer>>10)
	ErrSections      = apperr.New(apperr.BadOffer, "the offer has more than %d media sections", maxSections)
	ErrNoAudio       = apperr.New(apperr.BadOffer, "the offer has no audio section with Opus")
	ErrNoFingerprint = apperr.New(apperr.BadOffer, "the offer has no DTLS fingerprint")
	ErrNoUfrag       = apperr.New(apperr.BadOffer, "the offer has no ICE user fragment and password")
	ErrFingerprint   = apperr.New(apperr.BadOffer, "the offer is of another peer connection")
)

// description has the parts of a session description (RFC 8866) that casey reads.
type description struct {
	lines          []string
	fingerprint    string   // all DTLS fingerprints, normalised
	ufrags         []string // all ICE user fragments
	maxMessageSize int
	sections       int
	audio, opus    bool
	password       string // the first ICE password
}

// Fingerprint returns the DTLS fingerprint in a session description,
// normalised so that two of the same peer connection are equal strings.
func Fingerprint(sdp string) (string, error) {
	d, err := parse(sdp)
	return d.fingerprint, err
}

// parse reads an offer and refuses what pion should never see.
func parse(sdp string) (description, error) {
	if len(sdp) > maxOffer {
		return description{}, ErrOfferTooLarge
	}
	d := description{maxMessageSize: defaultMessageSize}
	var fingerprints []string
	for line := range strings.Lines(sdp) {
		line = strings.TrimRight(line, "\r\n")
		d.lines = append(d.lines, line)
		if f, ok := strings.CutPrefix(line, "a=fingerprint:"); ok {
			fingerprints = append(fingerprints, strings.ToUpper(strings.TrimSpace(f)))
			continue
		}
		d.readLine(line)
	}
	slices.Sort(fingerprints)
	d.fingerprint = strings.Join(slices.Compact(fingerprints), ",")
	return d, d.check()
}

func (d *description) readLine(line string) {
	name, value, _ := strings.Cut(line, ":")
	switch {
	case strings.HasPrefix(line, "m="):
		d.sections++
		d.audio = d.audio || strings.HasPrefix(line, "m=audio ")
	case name == "a=rtpmap":
		_, codec, _ := strings.Cut(value, " ")
		d.opus = d.opus || strings.EqualFold(codec, "opus/48000/2")
	case name == "a=ice-ufrag":
		d.ufrags = append(d.ufrags, value)
	case name == "a=ice-pwd":
		d.password = cmp.Or(d.password, value)
	case name == "a=max-message-size":
		// 0 says "any size" (RFC 8841 6.1); pion still stops at the default.
		if n, err := strconv.ParseUint(value, 10, 32); err == nil && n > 0 {
			d.maxMessageSize = int(n)
		}
	}
}

func (d *description) check() error {
	switch {
	case len(d.lines) == 0 || d.lines[0] != "v=0":
		return ErrOffer
	case d.sections > maxSections:
		return ErrSections
	case !d.audio || !d.opus:
		return ErrNoAudio
	case d.fingerprint == "":
		return ErrNoFingerprint
	case len(d.ufrags) == 0 || d.ufrags[0] == "" || d.password == "":
		return ErrNoUfrag
	}
	return nil
}

// withCandidates returns the description with only those candidates that keep
// accepts, and no more of them than a peer may have.
func (d *description) withCandidates(keep func(candidate string) bool) string {
	var b strings.Builder
	kept := 0
	for _, line := range d.lines {
		if c, ok := strings.CutPrefix(line, "a=candidate:"); ok {
			if kept == maxICECandidates || !keep("candidate:"+c) {
				continue
			}
			kept++
		}
		b.WriteString(line)
		b.WriteString("\r\n")
	}
	return b.String()
}

// withPtime asks for packets of ms milliseconds in the audio sections of an
// answer. Pion copies the codec lines of the offer, so it is done in the text.
func withPtime(sdp string, ms int) string {
	var b strings.Builder
	audio := false
	ask := func() {
		if audio {
			b.WriteString("a=ptime:" + strconv.Itoa(ms) + "\r\n")
		}
	}
	for line := range strings.Lines(sdp) {
		if strings.HasPrefix(line, "a=ptime:") {
			continue
		}
		if strings.HasPrefix(line, "m=") {
			ask()
			audio = strings.HasPrefix(line, "m=audio ")
		}
		b.WriteString(line)
	}
	ask()
	return b.String()
}
