// Package sigv4 verifies AWS Signature Version 4 by signing again what came,
// with the SDK's own signer: requests, and the chained signatures of the frames
// of a signed event stream.
package sigv4

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"casey.internal/cdk/local/aws/awswire"
)

// maxSkew is the most by which a client's clock may be off (AWS General
// Reference, "Signature Version 4").
const maxSkew = 5 * time.Minute

// Keys are the one pair of credentials that is accepted.
type Keys struct{ ID, Secret string }

// Grant is a request whose signature was right.
type Grant struct {
	credentials     aws.Credentials
	region, service string
	signature       []byte
}

var authorization = regexp.MustCompile(
	`^AWS4-HMAC-SHA256 Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$`)

type claim struct {
	keyID, region, service string
	headers                []string
	signature              string
}

// Verify checks r against the keys and the name of the service. It reads and
// replaces a body that is not signed frame by frame, of at most limit bytes. A
// refusal is an *awswire.Error, with the names and statuses that AWS gives.
func (k Keys) Verify(r *http.Request, service string, limit int64) (Grant, error) {
	c, err := parse(r.Header.Get("Authorization"))
	if err != nil {
		return Grant{}, err
	}
	if c.keyID != k.ID {
		return Grant{}, refuse("UnrecognizedClientException", "The security token included in the request is invalid.")
	}
	if c.service != service {
		return Grant{}, refuse("InvalidSignatureException", "Credential should be scoped to correct service: '"+service+"'.")
	}
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil || time.Since(at).Abs() > maxSkew {
		return Grant{}, refuse("InvalidSignatureException", "Signature expired or without a date.")
	}
	hash, err := payloadHash(r, limit)
	if err != nil {
		return Grant{}, err
	}
	credentials := aws.Credentials{AccessKeyID: k.ID, SecretAccessKey: k.Secret, SessionToken: r.Header.Get("X-Amz-Security-Token")}
	want, err := sign(r, c, credentials, hash, at)
	if err != nil {
		return Grant{}, err
	}
	if !hmac.Equal([]byte(want), []byte(c.signature)) {
		return Grant{}, refuse("InvalidSignatureException",
			"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.")
	}
	signature, _ := hex.DecodeString(c.signature) // the expression above admits hex alone
	return Grant{credentials: credentials, region: c.region, service: service, signature: signature}, nil
}

func parse(header string) (claim, error) {
	if header == "" {
		return claim{}, refuse("MissingAuthenticationTokenException", "Missing Authentication Token")
	}
	m := authorization.FindStringSubmatch(header)
	if m == nil {
		return claim{}, refuse("IncompleteSignatureException", "Authorization header is not AWS Signature Version 4.")
	}
	return claim{keyID: m[1], region: m[2], service: m[3], headers: strings.Split(m[4], ";"), signature: m[5]}, nil
}

func refuse(name, message string) *awswire.Error {
	return &awswire.Error{Status: http.StatusForbidden, Name: name, Message: message}
}

// payloadHash returns what was signed as the payload: the header's word where
// there is one, else the digest of the body.
func payloadHash(r *http.Request, limit int64) (string, error) {
	if hash := r.Header.Get("X-Amz-Content-Sha256"); strings.HasPrefix(hash, "STREAMING-") {
		return hash, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return "", awswire.BadRequest("SerializationException", "The body could not be read.")
	}
	if int64(len(body)) > limit {
		return "", &awswire.Error{Status: http.StatusRequestEntityTooLarge, Name: "RequestEntityTooLargeException", Message: "The request is too large."}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}

// sign returns the signature that the holder of the credentials gives to the
// signed headers of r.
func sign(r *http.Request, c claim, credentials aws.Credentials, hash string, at time.Time) (string, error) {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	u, err := url.Parse(scheme + "://" + r.Host + r.URL.RequestURI())
	if err != nil {
		return "", awswire.BadRequest("SerializationException", "The request's path is not one.")
	}
	again := &http.Request{Method: r.Method, URL: u, Host: r.Host, Header: http.Header{}, ContentLength: -1}
	for _, name := range c.headers {
		switch name {
		case "host":
		case "content-length":
			again.ContentLength = r.ContentLength
		default:
			again.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
		}
	}
	if err := v4.NewSigner().SignHTTP(context.Background(), credentials, again, hash, c.service, c.region, at); err != nil {
		return "", fmt.Errorf("sign again: %w", err)
	}
	own, err := parse(again.Header.Get("Authorization"))
	return own.signature, err
}
