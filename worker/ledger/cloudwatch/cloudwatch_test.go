package cloudwatch_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"casey.internal/worker/ledger"
	"casey.internal/worker/ledger/cloudwatch"
)

func TestLinesComeInOrderInAStreamThatExists(t *testing.T) {
	var asked []string
	var events []struct {
		Timestamp int64
		Message   string
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		asked = append(asked, operation)
		body, _ := io.ReadAll(r.Body)
		var in struct {
			LogGroupName, LogStreamName string
			LogEvents                   any
		}
		in.LogEvents = &events
		if err := json.Unmarshal(body, &in); err != nil || in.LogGroupName != "usage" || in.LogStreamName != "w1" {
			t.Errorf("%s: %s", operation, body)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if operation == "CreateLogStream" { // made before the worker's process was replaced, say
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"__type":"ResourceAlreadyExistsException","message":"it exists"}`)
			return
		}
		_, _ = io.WriteString(w, `{"nextSequenceToken":"1"}`)
	}))
	defer server.Close()
	log := cloudwatch.New(aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}, "usage", "w1")
	at := time.Unix(1000, 0)
	for range 2 {
		if err := log.Put(t.Context(), []ledger.Line{{At: at.Add(time.Second), Text: "late"}, {At: at, Text: "early"}}); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Join(asked, " ") != "CreateLogStream PutLogEvents PutLogEvents" {
		t.Errorf("asked %q", asked)
	}
	if len(events) != 2 || events[0].Message != "early" || events[1].Timestamp != 1001000 {
		t.Errorf("events are %v", events)
	}
}
