package bedrock_test

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/eventstream"

	"casey.internal/worker/bedrock"
)

// serve answers every ConverseStream with handle.
func serve(t *testing.T, c bedrock.Config, handle func(*call)) *bedrock.Client {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handle(&call{ResponseWriter: w, request: r, encoder: eventstream.NewEncoder()})
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return client(s.URL, c)
}

func client(url string, c bedrock.Config) *bedrock.Client {
	if c.Model == "" {
		c.Model = "anthropic.test-v1:0"
	}
	return bedrock.New(aws.Config{
		Region: "us-east-1", BaseEndpoint: &url,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	}, c)
}

// call is one ConverseStream as its server sees it.
type call struct {
	http.ResponseWriter
	request *http.Request
	encoder *eventstream.Encoder
}

type object = map[string]any

// event sends an event of a kind.
func (c *call) event(kind string, payload object) { c.send("event", kind, payload) }

// exception ends the stream.
func (c *call) exception(kind string) {
	c.send("exception", kind, object{"message": "no"})
}

func (c *call) send(messageType, kind string, payload object) {
	data, _ := json.Marshal(payload)
	_ = c.encoder.Encode(c, eventstream.Message{
		Headers: eventstream.Headers{
			{Name: ":message-type", Value: eventstream.StringValue(messageType)},
			{Name: ":" + messageType + "-type", Value: eventstream.StringValue(kind)},
			{Name: ":content-type", Value: eventstream.StringValue("application/json")},
		},
		Payload: data,
	})
	c.ResponseWriter.(http.Flusher).Flush()
}

func (c *call) text(text string) {
	c.event("contentBlockDelta", object{"contentBlockIndex": 0, "delta": object{"text": text}})
}

// tool sends a tool's use in pieces.
func (c *call) tool(block int, name string, pieces ...string) {
	c.event("contentBlockStart", object{"contentBlockIndex": block, "start": object{"toolUse": object{"toolUseId": "t1", "name": name}}})
	for _, p := range pieces {
		c.event("contentBlockDelta", object{"contentBlockIndex": block, "delta": object{"toolUse": object{"input": p}}})
	}
	c.event("contentBlockStop", object{"contentBlockIndex": block})
}

// end ends the answer as the service does: why, then what it cost.
func (c *call) end(stop string) {
	c.event("messageStop", object{"stopReason": stop})
	c.event("metadata", object{
		"usage": object{"inputTokens": 12, "outputTokens": 7, "totalTokens": 19}, "metrics": object{"latencyMs": 345},
	})
}

// refuse answers with an error instead of a stream.
func (c *call) refuse(status int, name string) {
	c.ResponseWriter.Header().Set("X-Amzn-ErrorType", name)
	c.WriteHeader(status)
	_, _ = io.WriteString(c, `{"message":"no"}`)
}
