package contracts

import (
	"context"
	"log/slog"
	"testing"

	"casey.internal/cdk/local/standin"
	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// standins starts the stand-ins for Transcribe, Bedrock and Polly in this
// process, until the test ends, and returns a configuration that leads to them.
func standins(t *testing.T, args ...string) aws.Config {
	t.Helper()
	common := []string{"-state", t.TempDir(), "-first-token", "0", "-tokens-per-second", "0", "-polly-delay", "0"}
	c, err := standin.ParseFlags(append(common, args...), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	server, err := standin.New(c, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error("stand-ins ended:", err)
		}
	})
	ready := server.Ready()
	t.Setenv("AWS_CA_BUNDLE", ready.CA)
	t.Setenv("AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING", ready.HTTPS)
	t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", ready.HTTP)
	t.Setenv("AWS_ENDPOINT_URL_POLLY", ready.HTTP)
	cfg, err := awsconfig.LoadDefaultConfig(t.Context(), awsconfig.WithRegion("us-east-1"),
		awsconfig.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("local", "local-secret", "")))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}
