// Package account finds out who deploys, and where to.
package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"casey.internal/cdk/policy"
)

// askWithin is how long AWS may take to answer.
const askWithin = 15 * time.Second

// Identity is a principal of AWS in a region.
type Identity struct {
	Account, ARN, UserID, Region string
	Ahead                        time.Duration // of this machine's clock before AWS's
}

// ProblemError is a sentence that says what is wrong and what to do.
type ProblemError struct {
	Sentence string
	Cause    error // for those who want to know; may be nil
}

func (e *ProblemError) Error() string { return e.Sentence }
func (e *ProblemError) Unwrap() error { return e.Cause }

// Identify asks AWS who the credentials are; want is the account that it has to
// be, "" = any. The call needs no permission.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func Identify(ctx context.Context, cfg aws.Config, want string) (Identity, error) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		if strings.Contains(err.Error(), "expired") { // of IAM Identity Center (SSO)
			return Identity{}, &ProblemError{expired, err}
		}
		return Identity{}, &ProblemError{"There are no AWS credentials: put AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, into cdk/.env (cp cdk/.env.example cdk/.env, which explains it).", err}
	}
	if cfg.Region == "" {
		return Identity{}, &ProblemError{"No region is chosen: set AWS_REGION in cdk/.env, for example AWS_REGION=us-east-1.", nil}
	}
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil)
	if err != nil {
		return Identity{}, problem(err)
	}
	id := Identity{aws.ToString(out.Account), aws.ToString(out.Arn), aws.ToString(out.UserId), cfg.Region, ahead(out.ResultMetadata)}
	if want != "" && want != id.Account {
		return id, &ProblemError{fmt.Sprintf("These credentials are of account %s, but CASEY_ACCOUNT is %s: use those of the other account, or change CASEY_ACCOUNT in cdk/.env.", id.Account, want), nil}
	}
	return id, nil
}

// ahead is how much later this machine says it is than AWS, which says so to the
// second.
func ahead(said middleware.Metadata) time.Duration {
	theirs, known := awsmiddleware.GetServerTime(said)
	ours, answered := awsmiddleware.GetResponseAt(said)
	if !known || !answered || theirs.IsZero() {
		return 0
	}
	return ours.Sub(theirs).Round(time.Second)
}

const expired = "The AWS credentials have expired: sign in again (aws sso login), or put fresh ones into cdk/.env."

// problem says what AWS's refusal means.
func problem(err error) error {
	refusal, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return &ProblemError{"AWS cannot be reached: check the network and AWS_REGION.", err}
	}
	switch refusal.ErrorCode() {
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired":
		return &ProblemError{expired, err}
	case "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch":
		return &ProblemError{"AWS does not know these credentials: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in cdk/.env.", err}
	}
	return &ProblemError{"AWS refuses these credentials: " + refusal.ErrorMessage() + ".", err}
}

// Reader returns a configuration with the role that the CDK's bootstrap made
// for looking around, which is how a deployer with no permission but to assume
// the CDK's roles can see what is there. That it cannot be assumed means that
// the account has not been bootstrapped, or the deployer may not.
func Reader(ctx context.Context, cfg aws.Config, id Identity) (aws.Config, error) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	role := fmt.Sprintf("arn:%s:iam::%s:role/cdk-hnb659fds-lookup-role-%s-%s", policy.Partition(id.Region), id.Account, id.Account, id.Region)
	cfg = cfg.Copy()
	cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), role, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = "casey-deploy"
	}))
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return cfg, &ProblemError{fmt.Sprintf("The CDK's roles cannot be used in account %s, region %s: an administrator has to run `npx aws-cdk@%s bootstrap aws://%s/%s` once, and allow you sts:AssumeRole on cdk-hnb659fds-* (make policies prints both policies).",
			id.Account, id.Region, "2.1148.1", id.Account, id.Region), err}
	}
	return cfg, nil
}
