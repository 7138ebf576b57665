package account_test

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

	"casey.internal/cdk/deploy/account"
)

const (
	ada     = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ada</Arn><UserId>AIDA1</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
	refusal = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>%s</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>`
	assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`
)

// sts answers as AWS STS does; refuse is the code of its refusal.
func sts(t *testing.T, refuse string) aws.Config {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		switch {
		case refuse != "":
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprintf(w, refusal, refuse)
		case r.FormValue("Action") == "AssumeRole" && r.FormValue("RoleArn") == "arn:aws:iam::111122223333:role/cdk-hnb659fds-lookup-role-111122223333-us-east-1":
			_, _ = fmt.Fprint(w, assumed)
		default:
			_, _ = fmt.Fprint(w, ada)
		}
	}))
	t.Cleanup(server.Close)
	return aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
}

func TestWhoItIs(t *testing.T) {
	id, err := account.Identify(t.Context(), sts(t, ""), "111122223333")
	if id.Ahead.Abs() > time.Minute {
		t.Errorf("the clock is %v ahead of this machine's own", id.Ahead)
	}
	id.Ahead = 0 // a Date has whole seconds, and this machine may be slow
	if want := (account.Identity{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/ada", UserID: "AIDA1", Region: "us-east-1"}); err != nil || id != want {
		t.Errorf("%+v, %v", id, err)
	}
}

func TestWhatIsWrongIsOneSentenceWithTheRemedy(t *testing.T) {
	nowhere, nobody := sts(t, ""), sts(t, "")
	nowhere.Region = ""
	signedOut := sts(t, "")
	signedOut.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{}, errors.New("the SSO session has expired or is invalid")
	})
	nobody.Credentials = credentials.NewStaticCredentialsProvider("", "", "")
	for name, c := range map[string]struct {
		cfg       aws.Config
		want, say string
	}{
		"no region":       {nowhere, "", "set AWS_REGION"},
		"no credentials":  {nobody, "", "cdk/.env.example"},
		"expired":         {sts(t, "ExpiredToken"), "", "sign in again"},
		"signed out":      {signedOut, "", "sign in again"},
		"unknown":         {sts(t, "InvalidClientTokenId"), "", "check AWS_ACCESS_KEY_ID"},
		"another account": {sts(t, ""), "444455556666", "CASEY_ACCOUNT is 444455556666"},
		"refused":         {sts(t, "AccessDenied"), "", "AWS refuses"},
	} {
		_, err := account.Identify(t.Context(), c.cfg, c.want)
		problem, ok := errors.AsType[*account.ProblemError](err)
		if !ok || !strings.Contains(problem.Sentence, c.say) || strings.Contains(problem.Sentence, "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheReaderTellsWhetherTheAccountIsBootstrapped(t *testing.T) {
	id := account.Identity{Account: "111122223333", Region: "us-east-1"}
	cfg, err := account.Reader(t.Context(), sts(t, ""), id)
	if err != nil {
		t.Fatal(err)
	}
	if keys, err := cfg.Credentials.Retrieve(t.Context()); err != nil || keys.AccessKeyID != "ASIA1" {
		t.Errorf("%+v, %v", keys, err)
	}
	if _, err := account.Reader(t.Context(), sts(t, "AccessDenied"), id); err == nil || !strings.Contains(err.Error(), "bootstrap aws://111122223333/us-east-1") {
		t.Error(err)
	}
}
