package transcribe

import (
	"bytes"
	"encoding/hex"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

var (
	someone = aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret/with+signs"}
	seed    = bytes.Repeat([]byte{0xa5}, 32)
)

// TestFramesAreThoseOfTheSDK reads what frames wrote with the SDK's decoder and signs
// it with the SDK's signer, over midnight, when the key changes.
func TestFramesAreThoseOfTheSDK(t *testing.T) {
	ours, sdks := newFrames(someone.SecretAccessKey, scope{"eu-central-1", "transcribe"}, bytes.Clone(seed)), v4.NewStreamSigner(someone, "transcribe", "eu-central-1", bytes.Clone(seed))
	at := time.Date(2026, 12, 31, 23, 59, 59, 123e6, time.FixedZone("", 3600)) // 22:59 UTC
	for i := range 40 {
		audio := bytes.Repeat([]byte{byte(i)}, i*37)
		outer := decode(t, ours.append(nil, audio, at))
		date := outer.Headers.Get(":date").(eventstream.TimestampValue)
		if !time.Time(date).Equal(at.Truncate(time.Millisecond)) || len(outer.Headers) != 2 {
			t.Fatalf("frame %d: headers %v at %v", i, outer.Headers, at)
		}
		var headers bytes.Buffer
		if err := eventstream.EncodeHeaders(&headers, outer.Headers[:1]); err != nil {
			t.Fatal(err)
		}
		want, err := sdks.GetSignature(t.Context(), headers.Bytes(), outer.Payload, time.Time(date))
		if err != nil {
			t.Fatal(err)
		}
		if got := []byte(outer.Headers.Get(":chunk-signature").(eventstream.BytesValue)); !bytes.Equal(got, want) {
			t.Fatalf("frame %d is signed %s, want %s", i, hex.EncodeToString(got), hex.EncodeToString(want))
		}
		event := decode(t, outer.Payload)
		if text(event, ":message-type") != "event" || text(event, ":event-type") != "AudioEvent" || text(event, ":content-type") != "application/octet-stream" ||
			!bytes.Equal(event.Payload, audio) {
			t.Fatalf("event %d: headers %v, %d bytes of %d", i, event.Headers, len(event.Payload), len(audio))
		}
		at = at.Add(3 * time.Minute)
	}
}

func decode(t *testing.T, frame []byte) eventstream.Message {
	t.Helper()
	r := bytes.NewReader(frame)
	m, err := eventstream.NewDecoder().Decode(r, nil)
	if err != nil || r.Len() != 0 {
		t.Fatalf("%v, %d bytes too many", err, r.Len())
	}
	return m
}

// TestAChunkCostsNoAllocation: there are ten a second in every session.
func TestAChunkCostsNoAllocation(t *testing.T) {
	u := newUplink(newFrames(someone.SecretAccessKey, scope{"us-east-1", "transcribe"}, bytes.Clone(seed)))
	chunk, taken := make([]byte, 500), make([]byte, 4096)
	if n := testing.AllocsPerRun(100, func() {
		if err := u.send(chunk); err != nil {
			t.Fatal(err)
		}
		if _, err := u.Read(taken); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations a chunk", n)
	}
}
