package httpbody_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"casey.internal/shared/httpbody"
)

// transport looks at the body that reaches it.
type transport func(io.Reader)

func (f transport) Do(r *http.Request) (*http.Response, error) {
	f(r.Body)
	return &http.Response{Body: http.NoBody}, nil
}

func TestABodyCanOnlyBeRead(t *testing.T) {
	seen := ""
	c := httpbody.Client(transport(func(body io.Reader) {
		if _, ok := body.(io.WriterTo); ok {
			t.Error("the body has WriteTo")
		}
		data, err := io.ReadAll(body)
		if err != nil {
			t.Error(err)
		}
		seen = string(data)
	}))
	body := io.NopCloser(bytes.NewReader([]byte("hello"))) // has WriteTo
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Body = body
	response, err := c.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if seen != "hello" {
		t.Errorf("the body reads %q", seen)
	}
}

func TestNoClientIsTheDefaultOne(t *testing.T) {
	if httpbody.Client(nil) == nil {
		t.Error("no client")
	}
}
