package control_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"casey.internal/cdk/local/aws/control"
)

func TestClient(t *testing.T) {
	server := httptest.NewServer(control.NewPanel(1))
	defer server.Close()
	client := control.Client{URL: server.URL}
	if err := client.Set(t.Context(), map[control.Service]control.Fault{control.Polly: {Down: true}}); err != nil {
		t.Fatal(err)
	}
	s, err := client.State(t.Context())
	if err != nil || !s.Faults[control.Polly].Down || s.Faults[control.Bedrock].Down {
		t.Errorf("after Polly was set: %+v, %v", s.Faults, err)
	}
	if err := client.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s, err := client.State(t.Context()); err != nil || s.Faults[control.Polly].Down {
		t.Errorf("after a reset: %+v, %v", s.Faults, err)
	}
	err = client.Set(t.Context(), map[control.Service]control.Fault{"lex": {}})
	if err == nil || !strings.Contains(err.Error(), `no service "lex"`) {
		t.Errorf("a service that is none: %v", err)
	}
}
