package doctor

import (
	"context"
	"net/url"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	bedrocktypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/polly"
	pollytypes "github.com/aws/aws-sdk-go-v2/service/polly/types"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	quotatypes "github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"casey.internal/cdk/deploy/account"
	"casey.internal/cdk/options"
	"casey.internal/cdk/policy"
	"casey.internal/cdk/scaling"
	"casey.internal/shared/foundation"
)

// askWithin is how long AWS may take to answer all questions, which are asked at
// the same time.
const askWithin = 30 * time.Second

// Account is where to look, and for what.
type Account struct {
	Config    aws.Config // that may read: of the CDK's lookup role, or of whoever asks
	Identity  account.Identity
	Bootstrap error // why the lookup role cannot be used
	Options   options.Options
}

// Look asks AWS all that matters to a deploy.
func Look(ctx context.Context, a Account) []Check {
	o := a.Options
	return together(ctx, append([]func(context.Context) Check{
		now(Caller{a.Identity.ARN}), now(Clock{a.Identity.Ahead}), now(Partition{a.Identity.Region, o.Site}), now(Bootstrap{a.Bootstrap}), a.execution, a.clusterRole, a.zones,
	}, append(a.services(), a.functions, a.streams, a.processors)...))
}

// Services asks AWS for what an interview needs and nothing else: the model, the
// voice and the ears. It is of use to a worker on a laptop, too.
func Services(ctx context.Context, a Account) []Check { return together(ctx, a.services()) }

// together asks all at once; the checks come in their order.
func together(ctx context.Context, looks []func(context.Context) Check) []Check {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	checks := make([]Check, len(looks))
	var asking sync.WaitGroup
	for i, look := range looks {
		asking.Go(func() { checks[i] = look(ctx) })
	}
	asking.Wait()
	return checks
}

// now is a check of what is known already.
func now(c Check) func(context.Context) Check { return func(context.Context) Check { return c } }

func (a Account) services() []func(context.Context) Check {
	profiles := sync.OnceValue(a.profiles)
	var looks []func(context.Context) Check
	for i, name := range a.Options.Models() {
		looks = append(looks, func(ctx context.Context) Check { return a.model(ctx, name, i > 0, profiles) })
	}
	voices := []string{a.Options.Voice}
	if a.Options.OtherVoice != "" {
		voices = append(voices, a.Options.OtherVoice)
	}
	for _, name := range voices {
		looks = append(looks, func(ctx context.Context) Check { return a.voice(ctx, name) })
	}
	return append(looks, now(Hearing{a.Identity.Region}))
}

// profiles are the names of the region's inference profiles.
func (a Account) profiles() Answer[[]string] {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	names := []string{}
	pages := bedrock.NewListInferenceProfilesPaginator(bedrock.NewFromConfig(a.Config), &bedrock.ListInferenceProfilesInput{TypeEquals: bedrocktypes.InferenceProfileTypeSystemDefined})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return answer(names, err)
		}
		for _, p := range page.InferenceProfileSummaries {
			if p.Status == bedrocktypes.InferenceProfileStatusActive {
				names = append(names, aws.ToString(p.InferenceProfileId))
			}
		}
	}
	return answer(names, nil)
}

func (a Account) model(ctx context.Context, name string, behind bool, profiles func() Answer[[]string]) Check {
	client := bedrock.NewFromConfig(a.Config)
	_, model := foundation.Split(name)
	_, useCase := client.GetUseCaseForModelAccess(ctx, nil)
	return Model{
		Name: name, Region: a.Identity.Region, Behind: behind, Now: time.Now(), Profiles: profiles(), UseCase: useCase,
		Available: answer(client.GetFoundationModelAvailability(ctx, &bedrock.GetFoundationModelAvailabilityInput{ModelId: &model})),
		Described: answer(client.GetFoundationModel(ctx, &bedrock.GetFoundationModelInput{ModelIdentifier: &model})),
	}
}

func (a Account) voice(ctx context.Context, name string) Check {
	client, v := polly.NewFromConfig(a.Config), Voice{Name: name, Engine: a.Options.Engine, Region: a.Identity.Region}
	in := &polly.DescribeVoicesInput{Engine: pollytypes.Engine(v.Engine)}
	for { // Polly has no paginator
		page, err := client.DescribeVoices(ctx, in)
		if err != nil {
			v.Voices.Err = err
			return v
		}
		v.Voices.Out = append(v.Voices.Out, page.Voices...)
		if in.NextToken = page.NextToken; aws.ToString(in.NextToken) == "" {
			return v
		}
	}
}

func (a Account) execution(ctx context.Context) Check {
	client := iam.NewFromConfig(a.Config)
	role := "cdk-hnb659fds-cfn-exec-role-" + a.Identity.Account + "-" + a.Identity.Region
	e := Execution{Wanted: map[string]policy.Document{}}
	e.Wanted["deploy-resources"], e.Wanted["deploy-rest"] = policy.Deploy(policy.Partition(a.Identity.Region))
	out, err := client.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: &role})
	if err != nil {
		e.Attached.Err = err
		return e
	}
	e.Documents.Out = map[string]string{}
	for _, p := range out.AttachedPolicies {
		e.Attached.Out = append(e.Attached.Out, aws.ToString(p.PolicyName))
		if aws.ToString(p.PolicyName) != administrator && e.Documents.Err == nil {
			e.Documents.Out[aws.ToString(p.PolicyName)], e.Documents.Err = document(ctx, client, p.PolicyArn)
		}
	}
	return e
}

// document is what a policy says.
func document(ctx context.Context, client *iam.Client, arn *string) (string, error) {
	p, err := client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: arn})
	if err != nil {
		return "", err
	}
	version, err := client.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: arn, VersionId: p.Policy.DefaultVersionId})
	if err != nil {
		return "", err
	}
	return url.QueryUnescape(aws.ToString(version.PolicyVersion.Document))
}

func (a Account) clusterRole(ctx context.Context) Check {
	_, err := iam.NewFromConfig(a.Config).GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("AWSServiceRoleForECS")})
	return ClusterRole{err}
}

func (a Account) zones(ctx context.Context) Check {
	out, err := ec2.NewFromConfig(a.Config).DescribeAvailabilityZones(ctx, nil)
	z := Zones{Arch: a.Options.Arch, Chosen: a.Options.AZs, Here: Answer[[]ec2types.AvailabilityZone]{Err: err}}
	if err == nil {
		z.Here.Out = out.AvailabilityZones
	}
	return z
}

func (a Account) functions(ctx context.Context) Check {
	out, err := lambda.NewFromConfig(a.Config).GetAccountSettings(ctx, nil)
	f := Functions{AtOnce: Answer[int]{Err: err}}
	if err == nil && out.AccountLimit != nil {
		f.AtOnce.Out = int(out.AccountLimit.ConcurrentExecutions)
	}
	return f
}

func (a Account) streams(ctx context.Context) Check {
	return Streams{a.Options.Streams, a.quotas(ctx, "transcribe")}
}

func (a Account) processors(ctx context.Context) Check {
	o := a.Options
	most := scaling.Most(o.MinTasks, o.MaxTasks, o.Streams, o.Slots)
	return Processors{2 * float64(most) * float64(o.CPU) / 1024, a.quotas(ctx, "fargate")}
}

// quotas are the account's own, or where it has none AWS's.
func (a Account) quotas(ctx context.Context, service string) Answer[[]quotatypes.ServiceQuota] {
	client, all := servicequotas.NewFromConfig(a.Config), []quotatypes.ServiceQuota(nil)
	pages := servicequotas.NewListServiceQuotasPaginator(client, &servicequotas.ListServiceQuotasInput{ServiceCode: &service})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return answer(all, err)
		}
		all = append(all, page.Quotas...)
	}
	return answer(all, nil)
}
