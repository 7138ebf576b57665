package transcribe

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"time"
)

// frames writes the events of one stream as AWS has them on the wire: each a message of
// application/vnd.amazon.eventstream, signed within another one, with a signature that
// is chained to the one before (Transcribe developer guide, "Event stream encoding";
// STREAMING-AWS4-HMAC-SHA256-EVENTS). What the SDK does in five hand-overs and a
// hundred allocations takes one buffer here; its own decoder and signer are the test's
// oracle. It is not safe for concurrent use.
type frames struct {
	secret    string
	scope     scope
	day       string    // of key
	key       hash.Hash // keyed for the day
	signature []byte    // of the event before
	text      []byte    // to be signed
}

// scope is what a signature is for.
type scope struct{ region, service string }

// newFrames returns the frames of a request with this signature.
func newFrames(secret string, s scope, signature []byte) frames {
	return frames{secret: secret, scope: s, signature: signature}
}

// The parts of a message, and the types of its headers.
const (
	preludeSize   = 12 // length, length of the headers, checksum of these two
	checksumSize  = 4
	dateSize      = 15 // of the header :date with its value
	bytesType     = 6
	stringType    = 7
	timestampType = 8
)

// audioHeaders are those of an AudioEvent.
var audioHeaders = func() (all []byte) {
	for _, h := range [][2]string{
		{":message-type", "event"}, {":event-type", "AudioEvent"}, {":content-type", "application/octet-stream"},
	} {
		all = append(appendName(all, h[0], stringType), 0, byte(len(h[1])))
		all = append(all, h[1]...)
	}
	return all
}()

func appendName(dst []byte, name string, kind byte) []byte {
	dst = append(dst, byte(len(name)))
	return append(append(dst, name...), kind)
}

// append appends an event of audio as it is signed at a time.
func (f *frames) append(dst, audio []byte, at time.Time) []byte {
	at = at.UTC()
	headers := dateSize + len(":chunk-signature") + 2 + 2 + sha256.Size
	event := preludeSize + len(audioHeaders) + len(audio) + checksumSize
	start := len(dst)
	dst = appendPrelude(dst, headers, event)
	date := len(dst)
	dst = appendName(dst, ":date", timestampType)
	dst = binary.BigEndian.AppendUint64(dst, uint64(at.UnixMilli()))
	signed := dst[date:]
	dst = append(appendName(dst, ":chunk-signature", bytesType), 0, sha256.Size)
	signature := len(dst)
	dst = append(dst, f.signature[:sha256.Size]...) // its own takes the place
	inner := len(dst)
	dst = appendPrelude(dst, len(audioHeaders), len(audio))
	dst = append(append(dst, audioHeaders...), audio...)
	dst = appendChecksum(dst, inner)
	f.sign(signed, dst[inner:], at)
	copy(dst[signature:], f.signature)
	return appendChecksum(dst, start)
}

func appendPrelude(dst []byte, headers, payload int) []byte {
	start := len(dst)
	dst = binary.BigEndian.AppendUint32(dst, uint32(preludeSize+headers+payload+checksumSize))
	dst = binary.BigEndian.AppendUint32(dst, uint32(headers))
	return appendChecksum(dst, start)
}

func appendChecksum(dst []byte, from int) []byte {
	return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(dst[from:]))
}

// sign signs what is sent at a time, and keeps the signature.
func (f *frames) sign(headers, payload []byte, at time.Time) {
	const day = "20060102"
	t := at.AppendFormat(append(f.text[:0], "AWS4-HMAC-SHA256-PAYLOAD\n"...), day+"T150405Z\n")
	today := len(t)
	t = at.AppendFormat(t, day)
	if string(t[today:]) != f.day {
		f.day = string(t[today:])
		f.key = hmac.New(sha256.New, f.scope.key(f.secret, f.day))
	}
	t = append(append(t, '/'), f.scope.region...)
	t = append(append(t, '/'), f.scope.service...)
	t = append(t, "/aws4_request\n"...)
	t = append(hex.AppendEncode(t, f.signature), '\n')
	sum := sha256.Sum256(headers)
	t = append(hex.AppendEncode(t, sum[:]), '\n')
	sum = sha256.Sum256(payload)
	t = hex.AppendEncode(t, sum[:])
	f.key.Reset()
	f.key.Write(t)
	f.signature = f.key.Sum(f.signature[:0])
	f.text = t
}

// key derives a day's key (Signature Version 4, step 3).
func (s scope) key(secret, day string) []byte {
	key := []byte("AWS4" + secret)
	for _, part := range []string{day, s.region, s.service, "aws4_request"} {
		next := hmac.New(sha256.New, key)
		next.Write([]byte(part))
		key = next.Sum(nil)
	}
	return key
}
