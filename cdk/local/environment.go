package local

import (
	"context"
	"net"
	"os"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// The names that everything local agrees on.
const (
	table       = "casey"
	region      = "us-east-1"
	inboxPrefix = "casey-inbox-"
	dummyKey    = "local"
	dummySecret = "local-secret"
	// usageFile is the usage log's in the state folder: a line of JSON for each
	// call to Transcribe, Bedrock and Polly.
	usageFile = "usage.jsonl"
	// ownModelPatience is how long a worker waits for a model on people's own machines.
	ownModelPatience = "20s"
)

// endpoints are the services that stand in for AWS.
type endpoints struct {
	dynamodb, sqs string
	posts         string // API Gateway's @connections
	speech        string // Transcribe, over TLS
	api           string // Bedrock and Polly, over TLS
	authority     string // the file that AWS_CA_BUNDLE names
	dispatch      string // URL of the dispatch queue
}

// Env is the environment of a program that uses the stores and posts to
// browsers as casey's own do.
func (s *Stack) Env() []string { return append(strangerEnv(), s.storesEnv()...) }

// strangerEnv is the identity of somebody whom the real AWS would not know.
func strangerEnv() []string {
	return []string{
		"AWS_REGION=" + region,
		"AWS_ACCESS_KEY_ID=" + dummyKey,
		"AWS_SECRET_ACCESS_KEY=" + dummySecret,
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE=" + os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
	}
}

// storesEnv says where stores and gateway are.
func (s *Stack) storesEnv() []string {
	return []string{
		"AWS_ENDPOINT_URL_DYNAMODB=" + s.at.dynamodb,
		"AWS_ENDPOINT_URL_SQS=" + s.at.sqs,
		"AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI=" + s.at.posts,
		"CASEY_TABLE=" + table,
		"CASEY_DISPATCH_QUEUE_URL=" + s.at.dispatch,
	}
}

// lambdaEnv returns the environment of a function.
func (s *Stack) lambdaEnv() []string {
	return append(s.Env(), "LOG_LEVEL=debug", "ICE_SERVERS=[]", "CASEY_MAX_WAIT=4m")
}

// workerEnv returns the environment of a worker whose HTTP address and media
// port were chosen. With the real AWS, WorkerEnv brings the identity.
func (s *Stack) workerEnv(address string, mediaPort int) []string {
	env := s.storesEnv()
	if !s.cfg.AWS {
		env = append(env, strangerEnv()...)
	}
	env = append(env,
		"LOG_LEVEL=debug",
		"CASEY_INBOX_PREFIX="+inboxPrefix,
		"CASEY_SLOTS="+strconv.Itoa(s.cfg.Slots),
		"MEDIA_PORT="+strconv.Itoa(mediaPort),
		"ALLOW_PRIVATE_CANDIDATES=1",
		"HTTP_ADDRESS="+address,
		"CASEY_USAGE_FILE="+s.state.file(usageFile))
	env = append(env, s.mediaEnv()...)
	if s.cfg.standins() {
		env = append(env,
			"AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING="+s.at.speech,
			"AWS_ENDPOINT_URL_BEDROCK_RUNTIME="+s.at.api,
			"AWS_ENDPOINT_URL_POLLY="+s.at.api,
			"AWS_CA_BUNDLE="+s.at.authority,
			"TRANSCRIBE_STREAMS="+strconv.Itoa(s.cfg.Streams))
	}
	if s.cfg.LLM != "" {
		env = append(env, "BEDROCK_PATIENCE="+ownModelPatience)
	}
	return append(env, s.cfg.WorkerEnv...)
}

// mediaEnv says under which addresses browsers reach a worker's media.
func (s *Stack) mediaEnv() []string {
	if own := ownAddress(); s.cfg.OwnAddress && own != "" {
		return []string{"MEDIA_ADDRESS=127.0.0.1," + own}
	}
	return []string{"MEDIA_ADDRESS=127.0.0.1", "PUBLIC_ADDRESS=127.0.0.1"}
}

// ownAddress returns this machine's IPv4 address on the way to other machines;
// empty = it has none but loopback ones. Nothing is sent: 192.0.2.1 is of the
// addresses for documentation (RFC 5737).
func ownAddress() string {
	conn, err := new(net.Dialer).DialContext(context.Background(), "udp4", "192.0.2.1:9")
	if err != nil {
		return ""
	}
	defer func() { _ = conn.Close() }() // nothing was written
	if own, ok := conn.LocalAddr().(*net.UDPAddr); ok && own.IP.IsGlobalUnicast() {
		return own.IP.String()
	}
	return ""
}

// AWS is a configuration whose DynamoDB and SQS clients reach the stores as
// casey's own do.
func (s *Stack) AWS() aws.Config { return s.at.config() }

func (e endpoints) config() aws.Config {
	return aws.Config{
		Region:        region,
		Credentials:   credentials.NewStaticCredentialsProvider(dummyKey, dummySecret, ""),
		ConfigSources: []any{e},
	}
}

// GetServiceBaseEndpoint returns the endpoint of a service; the SDK's clients ask
// their configuration for it.
func (e endpoints) GetServiceBaseEndpoint(_ context.Context, service string) (string, bool, error) {
	url := map[string]string{"DynamoDB": e.dynamodb, "SQS": e.sqs, "ApiGatewayManagementApi": e.posts}[service]
	return url, url != "", nil
}
