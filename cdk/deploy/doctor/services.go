package doctor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	bedrocktypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	polly "github.com/aws/aws-sdk-go-v2/service/polly/types"

	"casey.internal/shared/foundation"
)

// Model is whether a model may be asked from a region.
type Model struct {
	Name, Region string
	Behind       bool                                                  // it only answers where another one fails
	Profiles     Answer[[]string]                                      // the region's inference profiles
	Available    Answer[*bedrock.GetFoundationModelAvailabilityOutput] // of the model itself
	Described    Answer[*bedrock.GetFoundationModelOutput]             // the same
	UseCase      error                                                 // of GetUseCaseForModelAccess
	Now          time.Time
}

// Judge implements Check. A model behind another one is none that all depends on.
func (m Model) Judge() Finding {
	f := m.judge()
	if m.Behind {
		f.What += " (behind the other)"
		f.State = min(f.State, Doubt)
	}
	return f
}

func (m Model) judge() Finding {
	what := "model " + m.Name
	geography, model := foundation.Split(m.Name)
	if geography != "" && m.Profiles.Err == nil && !slices.Contains(m.Profiles.Out, m.Name) {
		return Finding{what, Wrong, "there is no such inference profile in " + m.Region, m.instead()}
	}
	if geography == "" && m.Available.Err == nil && m.Available.Out.RegionAvailability != bedrocktypes.RegionAvailabilityAvailable {
		return Finding{what, Wrong, "it is not in " + m.Region, m.instead()}
	}
	if m.Available.Err != nil {
		return unknown(what, m.Available.Err)
	}
	for _, problem := range []func(string) (why, do string){m.agreement, m.useCase, m.authorization} {
		if why, do := problem(model); why != "" {
			return Finding{what, Wrong, why, do}
		}
	}
	return m.life(what)
}

// instead is a model of casey's own that the region has.
func (m Model) instead() string {
	for _, known := range foundation.Defaults() {
		for _, profile := range m.Profiles.Out {
			if _, model := foundation.Split(profile); model == known.ID {
				return "-c model=" + profile
			}
		}
	}
	return "-c model= with one of `aws bedrock list-inference-profiles --region " + m.Region + "`"
}

// agreement: models of other makers are products of AWS Marketplace, which
// somebody who may has to subscribe to. The first call does, but workers may not.
//
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html
func (m Model) agreement(model string) (why, do string) {
	status := bedrocktypes.AgreementStatusError
	if a := m.Available.Out.AgreementAvailability; a != nil {
		status = a.Status
	}
	switch status {
	case bedrocktypes.AgreementStatusAvailable:
		return "", ""
	case bedrocktypes.AgreementStatusPending:
		return "somebody has just agreed to its terms, and AWS is not ready yet", "wait a quarter of an hour"
	}
	return "nobody in this account has agreed to its terms, so that every call is refused",
		fmt.Sprintf("aws bedrock list-foundation-model-agreement-offers --model-id %[1]s --region %[2]s, then aws bedrock create-foundation-model-agreement --model-id %[1]s --region %[2]s --offer-token … (needs aws-marketplace:Subscribe)", model, m.Region)
}

// authorization: what IAM, or the organisation, leaves the account.
func (m Model) authorization(string) (why, do string) {
	if m.Available.Out.AuthorizationStatus == bedrocktypes.AuthorizationStatusAuthorized && m.Available.Out.EntitlementAvailability == bedrocktypes.EntitlementAvailabilityAvailable {
		return "", ""
	}
	return "this account may not use it", "ask who manages your organization (a service control policy refuses it), or -c model="
}

// useCase: Anthropic wants to be told once what for.
//
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetUseCaseForModelAccess.html
func (m Model) useCase(model string) (why, do string) {
	if !strings.HasPrefix(model, "anthropic.") || code(m.UseCase) != "ResourceNotFoundException" {
		return "", ""
	}
	return "Anthropic asks each account once what it wants its models for", "fill in the form in the Bedrock console (open any Claude model in the catalog)"
}

// life is whether AWS is going to take the model away.
//
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html
func (m Model) life(what string) Finding {
	if m.Described.Err != nil || m.Described.Out.ModelDetails == nil || m.Described.Out.ModelDetails.ModelLifecycle == nil {
		return Finding{What: what}
	}
	cycle := m.Described.Out.ModelDetails.ModelLifecycle
	switch end := cycle.EndOfLifeTime; {
	case end != nil && end.Before(m.Now):
		return Finding{what, Wrong, "AWS took it away on " + end.Format(time.DateOnly), m.instead()}
	case cycle.Status == bedrocktypes.FoundationModelLifecycleStatusLegacy && end != nil:
		return Finding{what, Doubt, "it is a legacy model and goes on " + end.Format(time.DateOnly), m.instead()}
	case cycle.Status == bedrocktypes.FoundationModelLifecycleStatusLegacy:
		return Finding{what, Doubt, "it is a legacy model: accounts that have not used it lately are refused", m.instead()}
	}
	return Finding{What: what}
}

// Voice is whether Polly has a voice in a region.
type Voice struct {
	Name, Engine, Region string
	Voices               Answer[[]polly.Voice] // of the engine
}

// Judge implements Check.
func (v Voice) Judge() Finding {
	what := fmt.Sprintf("voice %s (%s)", v.Name, v.Engine)
	switch c := code(v.Voices.Err); {
	case c == "ValidationException" || c == "EngineNotSupportedException":
		return Finding{what, Wrong, "Polly has no " + v.Engine + " voices in " + v.Region, "-c engine=standard, or another region: https://docs.aws.amazon.com/polly/latest/dg/NTTS-main.html"}
	case v.Voices.Err != nil:
		return unknown(what, v.Voices.Err)
	}
	var names []string
	for _, has := range v.Voices.Out {
		if !slices.Contains(has.SupportedEngines, polly.Engine(v.Engine)) {
			continue
		}
		if string(has.Id) == v.Name {
			return Finding{What: what}
		}
		names = append(names, string(has.Id))
	}
	if len(names) == 0 {
		return Finding{what, Wrong, "Polly has no " + v.Engine + " voices in " + v.Region, "-c engine=standard, or another region: https://docs.aws.amazon.com/polly/latest/dg/NTTS-main.html"}
	}
	slices.Sort(names)
	return Finding{what, Wrong, "Polly has no such voice in " + v.Region, "-c voice= with one of " + strings.Join(names, ", ")}
}

// hearing are the regions in which Transcribe takes streams: endpoints of
// transcribestreaming in AWS's own list, as botocore 1.43.11 (May 2026) has it.
// AWS has no call that tells.
//
// https://docs.aws.amazon.com/general/latest/gr/transcribe.html
var hearing = strings.Fields(`af-south-1 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-5 ap-southeast-7
	ca-central-1 cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-west-1 eu-west-2 mx-central-1 sa-east-1 us-east-1 us-east-2
	us-gov-east-1 us-gov-west-1 us-west-2`)

// Hearing is whether Transcribe takes streams in a region.
type Hearing struct{ Region string }

// Judge implements Check.
func (h Hearing) Judge() Finding {
	const what = "Transcribe's streams"
	if slices.Contains(hearing, h.Region) {
		return Finding{What: what}
	}
	return Finding{what, Wrong, "Transcribe takes none in " + h.Region, "deploy to another region: AWS_REGION in cdk/.env"}
}
