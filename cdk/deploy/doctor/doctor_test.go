package doctor_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"casey.internal/cdk/deploy/account"
	"casey.internal/cdk/deploy/doctor"
	"casey.internal/cdk/deploy/rehearsal"
	"casey.internal/cdk/options"
	"casey.internal/shared/golden"
)

// visit looks at an account in memory, through AWS's own SDK.
func visit(t *testing.T, facts rehearsal.Facts, chosen map[string]any) []doctor.Finding {
	t.Helper()
	there := rehearsal.New()
	there.Facts = facts
	server := httptest.NewServer(there)
	t.Cleanup(server.Close)
	cfg := aws.Config{Region: facts.Region, BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
	id, err := account.Identify(t.Context(), cfg, "")
	if err != nil {
		t.Fatal(err)
	}
	reader, unusable := account.Reader(t.Context(), cfg, id)
	if unusable != nil {
		reader = cfg
	}
	o, err := options.Parse(chosen, facts.Region)
	if err != nil {
		t.Fatal(err)
	}
	return doctor.Judge(doctor.Look(t.Context(), doctor.Account{Config: reader, Identity: id, Bootstrap: unusable, Options: o}))
}

// TestFourAccounts: what people see is written down.
func TestFourAccounts(t *testing.T) {
	for name, c := range map[string]struct {
		facts  rehearsal.Facts
		chosen map[string]any
	}{
		"good":       {rehearsal.GoodFacts(), nil},
		"fresh":      {rehearsal.FreshFacts(), nil},
		"restricted": {rehearsal.RestrictedFacts(), map[string]any{"streams": "100"}},
		"gov":        {rehearsal.GovFacts(), map[string]any{"model": "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0", "site": "true"}},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			if err := doctor.Print(&out, visit(t, c.facts, c.chosen)); err != nil {
				t.Fatal(err)
			}
			golden.File(t, name+".golden", []byte(out.String()))
		})
	}
}

// TestWhatIsWrongIsFound: each thing alone, in an account that is good but for it.
func TestWhatIsWrongIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		set   func(*rehearsal.Facts)
		state doctor.State
		what  string
		say   []string
	}{
		"no agreement":         {func(f *rehearsal.Facts) { f.Agreement = "NOT_AVAILABLE" }, doctor.Wrong, "model us.anthropic.claude-haiku-5-5", []string{"agreed to its terms", "create-foundation-model-agreement --model-id anthropic.claude-haiku-5-5 --region us-east-1"}},
		"an agreement to come": {func(f *rehearsal.Facts) { f.Agreement = "PENDING" }, doctor.Wrong, "model us.anthropic.claude-haiku-5-5", []string{"wait a quarter"}},
		"no use case":          {func(f *rehearsal.Facts) { f.Told = false }, doctor.Wrong, "model us.anthropic.claude-haiku-5-5", []string{"fill in the form"}},
		"refused models":       {func(f *rehearsal.Facts) { f.Authorized = false }, doctor.Wrong, "model us.anthropic.claude-haiku-5-5", []string{"may not use it"}},
		"no such profile":      {func(f *rehearsal.Facts) { f.Profiles = []string{"global.anthropic.claude-haiku-4-5-20251001-v1:0"} }, doctor.Wrong, "model us.anthropic.claude-haiku-5-5", []string{"no such inference profile in us-east-1", "-c model=global.anthropic.claude-haiku-4-5"}},
		"nothing behind it":    {func(f *rehearsal.Facts) { f.Profiles = f.Profiles[:2] }, doctor.Doubt, "model us.anthropic.claude-haiku-4-5-20251001-v1:0 (behind the other)", []string{"no such inference profile"}},
		"a legacy model":       {func(f *rehearsal.Facts) { f.Life = "LEGACY" }, doctor.Doubt, "model us.anthropic.claude-haiku-5-5", []string{"legacy"}},
		"no neural voices":     {func(f *rehearsal.Facts) { f.Engines = []string{"standard"} }, doctor.Wrong, "voice Joanna (neural)", []string{"no neural voices in us-east-1", "-c engine=standard"}},
		"no role of ECS":       {func(f *rehearsal.Facts) { f.ClusterRole = false }, doctor.Wrong, "ECS's service-linked role", []string{"aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com"}},
		"few functions":        {func(f *rehearsal.Facts) { f.Functions = 10 }, doctor.Doubt, "Lambdas at a time: 10", []string{"L-B99A9384"}},
		"few streams":          {func(f *rehearsal.Facts) { f.Streams = 5 }, doctor.Doubt, "Transcribe's streams at a time: 5", []string{"-c streams=5"}},
		"few processors":       {func(f *rehearsal.Facts) { f.Processors = 3 }, doctor.Doubt, "Fargate's vCPUs: 3", []string{"need 4", "L-3032A538"}},
		"another zone":         {func(f *rehearsal.Facts) { f.Zones = []string{"use1-az3", "use1-az1", "use1-az2"} }, doctor.Good, "zones with Fargate: make deploy takes us-east-1b and us-east-1c, for Fargate is not in all of them", nil},
		"no bootstrap":         {func(f *rehearsal.Facts) { f.Bootstrapped = false }, doctor.Wrong, "the CDK's bootstrap", []string{"bootstrap aws://111122223333/us-east-1"}},
		"casey's policies":     {func(f *rehearsal.Facts) { f.Policies = []string{"casey-deploy-resources", "casey-deploy-rest"} }, doctor.Good, "what CloudFormation may do: what make policies prints", nil},
		"one of them":          {func(f *rehearsal.Facts) { f.Policies = []string{"casey-deploy-rest"} }, doctor.Doubt, "what CloudFormation may do", []string{"this version's casey-deploy-resources is not among its policies"}},
		"nobody may look":      {func(f *rehearsal.Facts) { f.Denied = []string{"GetRole"} }, doctor.Unknown, "ECS's service-linked role", []string{"may not look at it (AccessDenied)"}},
		"not in the region":    {func(f *rehearsal.Facts) { f.Region, f.Zones = "us-west-1", []string{"usw1-az1", "usw1-az3"} }, doctor.Wrong, "Transcribe's streams", []string{"none in us-west-1"}},
	} {
		facts := rehearsal.GoodFacts()
		c.set(&facts)
		found := false
		for _, f := range visit(t, facts, nil) {
			if f.What != c.what {
				continue
			}
			if found = true; f.State != c.state {
				t.Errorf("%s: %+v", name, f)
			}
			for _, say := range c.say {
				if !strings.Contains(f.Why+" "+f.Do, say) {
					t.Errorf("%s: %q is not in: %s -> %s", name, say, f.Why, f.Do)
				}
			}
		}
		if !found {
			t.Errorf("%s: nothing was found of %q", name, c.what)
		}
	}
}

func TestWhatIsKnownWithoutAsking(t *testing.T) {
	for _, c := range []struct {
		check doctor.Check
		state doctor.State
		say   string
	}{
		{doctor.Caller{ARN: "arn:aws:iam::111122223333:root"}, doctor.Wrong, "root"},
		{doctor.Clock{Ahead: -6 * 60e9}, doctor.Wrong, "-6m0s"},
		{doctor.Clock{Ahead: 60e9}, doctor.Good, ""},
		{doctor.Partition{Region: "cn-north-1"}, doctor.Wrong, "China"},
		{doctor.Partition{Region: "us-gov-west-1", Site: true}, doctor.Wrong, "CloudFront"},
		{doctor.Partition{Region: "us-gov-west-1"}, doctor.Good, ""},
		{doctor.Zones{Arch: "arm64", Chosen: []string{"us-east-1z"}}, doctor.Wrong, "us-east-1z"},
		{doctor.Streams{Quotas: doctor.Answer[[]types.ServiceQuota]{Err: errors.New("dial tcp: refused\nat a host")}}, doctor.Unknown, "AWS does not answer: dial tcp: refused"},
	} {
		if f := c.check.Judge(); f.State != c.state || !strings.Contains(f.Why, c.say) {
			t.Errorf("%+v: %+v", c.check, f)
		}
	}
}
