package live

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"

	"casey.internal/cdk/deploy/account"
)

// CheckModel returns a sentence where the account may not use a foundation
// model. Where that cannot be found out, nothing is wrong.
//
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetFoundationModelAvailability.html
func (a *Account) CheckModel(ctx context.Context, model string) error {
	client := bedrock.NewFromConfig(a.cfg)
	out, err := client.GetFoundationModelAvailability(ctx, &bedrock.GetFoundationModelAvailabilityInput{ModelId: &model})
	known := err == nil
	if known && (out.EntitlementAvailability != types.EntitlementAvailabilityAvailable || out.AuthorizationStatus != types.AuthorizationStatusAuthorized) {
		return &account.ProblemError{Sentence: fmt.Sprintf("This account may not use %s yet: ask for access to it in the Bedrock console (Model access), or choose another with -c model=.", model)}
	}
	if strings.HasPrefix(model, "anthropic.") {
		return checkUseCase(ctx, client)
	}
	return nil
}

// checkUseCase returns a sentence where nobody has told Anthropic yet what the
// account wants its models for: until then it answers nobody.
//
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetUseCaseForModelAccess.html
func checkUseCase(ctx context.Context, client *bedrock.Client) error {
	_, err := client.GetUseCaseForModelAccess(ctx, nil)
	if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
		return &account.ProblemError{Sentence: "Anthropic asks each account once what it wants its models for: fill in the form in the Bedrock console (open any Claude model in the catalog), or choose another model with -c model=.", Cause: err}
	}
	return nil
}
