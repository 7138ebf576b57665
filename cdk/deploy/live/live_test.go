package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// answers plays CloudFormation, ECS and Bedrock.
func answers(t *testing.T, h http.HandlerFunc) *Account {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return New(aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")})
}

func TestTheStacksOutputs(t *testing.T) {
	a := answers(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		if r.FormValue("StackName") != "casey" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id other does not exist</Message></Error></ErrorResponse>`)
			return
		}
		_, _ = fmt.Fprint(w, `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>casey</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-21T00:00:00Z</CreationTime>
			<Outputs><member><OutputKey>WsUrl</OutputKey><OutputValue>wss://x/ws</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`)
	})
	s, err := a.Stack(t.Context(), "casey")
	if err != nil || s.Status != "CREATE_COMPLETE" || s.Outputs["WsUrl"] != "wss://x/ws" {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := a.Stack(t.Context(), "other"); !errors.Is(err, ErrNoStack) {
		t.Error(err)
	}
}

func TestWorkersAreAwaited(t *testing.T) {
	looks := 0
	a := answers(t, func(w http.ResponseWriter, _ *http.Request) {
		looks++
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_, _ = fmt.Fprintf(w, `{"services":[{"deployments":[{"status":"PRIMARY","desiredCount":1,"runningCount":%d,"pendingCount":0},{"status":"ACTIVE","desiredCount":1,"runningCount":1}]}]}`, looks-1)
	})
	a.every = time.Millisecond
	var said []string
	if err := a.AwaitWorkers(t.Context(), "c", "s", func(s string) { said = append(said, s) }); err != nil || strings.Join(said, "; ") != "0 of 1 workers run" {
		t.Errorf("%q, %v", said, err)
	}
}

func TestLogsAreFollowed(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	asked := 0
	a := answers(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		switch asked {
		case 1:
			_, _ = fmt.Fprint(w, `{"events":[{"eventId":"1","timestamp":1,"message":"first"}],"nextToken":"more"}`)
		case 2:
			_, _ = fmt.Fprint(w, `{"events":[{"eventId":"2","timestamp":2,"message":"second"}]}`)
		case 3: // the last millisecond again, and a line more
			_, _ = fmt.Fprint(w, `{"events":[{"eventId":"2","timestamp":2,"message":"second"},{"eventId":"3","timestamp":2,"message":"third"}]}`)
		default:
			cancel()
			_, _ = fmt.Fprint(w, `{"events":[]}`)
		}
	})
	a.every = time.Millisecond
	var out strings.Builder
	if err := a.Logs(ctx, "group", time.Unix(0, 0), &out); err != nil || out.String() != "first\nsecond\nthird\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}
