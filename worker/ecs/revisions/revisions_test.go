package revisions_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"casey.internal/worker/ecs/revisions"
)

func TestThePrimaryDeploymentCounts(t *testing.T) {
	answers := map[string]string{
		"workers": `{"services":[{"serviceName":"workers","deployments":[
			{"status":"ACTIVE","taskDefinition":"arn:aws:ecs:us-east-1:1:task-definition/t:1"},
			{"status":"PRIMARY","taskDefinition":"arn:aws:ecs:us-east-1:1:task-definition/t:2"}]}],"failures":[]}`,
		"gone": `{"services":[],"failures":[{"arn":"arn:aws:ecs:us-east-1:1:service/c/gone","reason":"MISSING"}]}`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		for name, answer := range answers {
			if r.Header.Get("X-Amz-Target") == "AmazonEC2ContainerServiceV20141113.DescribeServices" && strings.Contains(string(body), name) {
				_, _ = io.WriteString(w, answer)
			}
		}
	}))
	defer server.Close()
	client := revisions.New(aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")})
	if got, err := client.Current(t.Context(), "c", "workers"); err != nil || got != "arn:aws:ecs:us-east-1:1:task-definition/t:2" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := client.Current(t.Context(), "c", "gone"); err == nil || !strings.Contains(err.Error(), "MISSING") {
		t.Errorf("%q, %v", got, err)
	}
}
