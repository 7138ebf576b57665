package secret_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"casey.internal/lambdas/secret"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

func TestRead(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("X-Amz-Target") != "secretsmanager.GetSecretValue" || !strings.Contains(string(body), `"arn:mine"`) {
			w.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_, _ = io.WriteString(w, `{"ARN":"arn:mine","Name":"mine","SecretString":"between us"}`)
	}))
	defer server.Close()
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
	if got, err := secret.Read(t.Context(), cfg, "arn:mine"); err != nil || string(got) != "between us" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := secret.Read(t.Context(), cfg, "arn:other"); err == nil || got != nil {
		t.Errorf("%q, %v", got, err)
	}
}
