package rehearsal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"casey.internal/cdk/policy"
)

// Facts are what an account is like, as far as it matters to a deploy. The
// answers that tell them have the shapes of AWS's own.
type Facts struct {
	Region       string
	Bootstrapped bool     // the CDK
	Policies     []string // of the CDK's execution role
	Stale        bool     // those of casey are of an earlier version
	Agreement    string   // to the terms of the models: AVAILABLE, PENDING, NOT_AVAILABLE or ERROR
	Told         bool     // what Anthropic wants to know
	Authorized   bool     // no policy refuses the models
	Life         string   // of the models: ACTIVE or LEGACY
	Profiles     []string // inference profiles
	Engines      []string // of Polly
	ClusterRole  bool     // ECS was used before
	Functions    int      // Lambdas at a time
	Streams      float64  // of Transcribe
	Processors   float64  // of Fargate
	Zones        []string // ids, of zones a, b, c, …
	Denied       []string // actions that nobody there may
}

// GoodFacts are of an account where everything is as casey needs it.
func GoodFacts() Facts {
	return Facts{
		Region: "us-east-1", Bootstrapped: true, Policies: []string{"AdministratorAccess"}, Agreement: "AVAILABLE", Told: true, Authorized: true, Life: "ACTIVE",
		Profiles: []string{"us.anthropic.claude-haiku-5-5", "global.anthropic.claude-haiku-5-5", "us.anthropic.claude-haiku-4-5-20251001-v1:0", "us.amazon.nova-lite-v1:0"},
		Engines:  []string{"standard", "neural", "generative"}, ClusterRole: true, Functions: 1000, Streams: 25, Processors: 140,
		Zones: []string{"use1-az1", "use1-az2", "use1-az4"},
	}
}

// FreshFacts are of an account that nobody has done anything in yet.
func FreshFacts() Facts {
	f := GoodFacts()
	f.Bootstrapped, f.Policies, f.Agreement, f.Told, f.ClusterRole = false, nil, "NOT_AVAILABLE", false, false
	f.Functions, f.Processors = 10, 2
	f.Zones = []string{"use1-az3", "use1-az6", "use1-az1"}
	return f
}

// RestrictedFacts are of an account of an organisation: its deployer may assume
// the CDK's roles and look at little, CloudFormation may do what an earlier
// version printed, and a policy of the organisation refuses the models.
func RestrictedFacts() Facts {
	f := GoodFacts()
	f.Region, f.Zones = "eu-north-1", []string{"eun1-az1", "eun1-az2", "eun1-az3"}
	f.Profiles = []string{"eu.anthropic.claude-haiku-4-5-20251001-v1:0", "global.anthropic.claude-haiku-4-5-20251001-v1:0"}
	f.Policies, f.Stale, f.Authorized, f.Engines, f.Life = []string{"casey-deploy-resources", "casey-deploy-rest"}, true, false, []string{"standard"}, "LEGACY"
	f.Denied = []string{"GetAccountSettings", "ListServiceQuotas"}
	return f
}

// GovFacts are of an account in GovCloud.
func GovFacts() Facts {
	f := GoodFacts()
	f.Region, f.Zones = "us-gov-west-1", []string{"usgw1-az1", "usgw1-az2", "usgw1-az3"}
	f.Profiles = []string{"us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0"}
	return f
}

// reader answers what a doctor asks by GET: Bedrock, Polly and Lambda. It
// reports whether it knew the path.
func (a *Account) reader(w http.ResponseWriter, r *http.Request) bool {
	f, path := a.Facts, r.URL.Path
	switch {
	case strings.HasPrefix(path, "/foundation-model-availability/"):
		authorized := map[bool]string{true: "AUTHORIZED", false: "NOT_AUTHORIZED"}[f.Authorized]
		a.tell(w, "GetFoundationModelAvailability", map[string]any{
			"modelId": strings.TrimPrefix(path, "/foundation-model-availability/"), "agreementAvailability": map[string]any{"status": f.Agreement},
			"authorizationStatus": authorized, "entitlementAvailability": "AVAILABLE", "regionAvailability": "AVAILABLE",
		})
	case strings.HasPrefix(path, "/foundation-models/"):
		id := strings.TrimPrefix(path, "/foundation-models/")
		a.tell(w, "GetFoundationModel", map[string]any{"modelDetails": map[string]any{
			"modelArn": "arn:aws:bedrock:" + f.Region + "::foundation-model/" + id, "modelId": id, "modelLifecycle": map[string]any{"status": f.Life},
		}})
	case path == "/inference-profiles":
		var all []any
		for _, name := range f.Profiles {
			all = append(all, map[string]any{
				"inferenceProfileId": name, "inferenceProfileArn": "arn:aws:bedrock:" + f.Region + ":" + Number + ":inference-profile/" + name,
				"inferenceProfileName": name, "models": []any{}, "status": "ACTIVE", "type": "SYSTEM_DEFINED",
			})
		}
		a.tell(w, "ListInferenceProfiles", map[string]any{"inferenceProfileSummaries": all})
	case path == "/use-case-for-model-access":
		if !f.Told {
			refuse(w, http.StatusNotFound, "ResourceNotFoundException", "No use case was submitted")
			return true
		}
		a.tell(w, "GetUseCaseForModelAccess", map[string]any{"formData": "e30="})
	case path == "/v1/voices":
		a.voices(w, r.URL.Query().Get("Engine"))
	case strings.HasSuffix(path, "/account-settings"):
		a.tell(w, "GetAccountSettings", map[string]any{"AccountLimit": map[string]any{"ConcurrentExecutions": f.Functions, "UnreservedConcurrentExecutions": f.Functions}})
	default:
		return false
	}
	return true
}

// voices are Polly's of an engine.
func (a *Account) voices(w http.ResponseWriter, engine string) {
	var all []any
	for _, has := range a.Facts.Engines {
		if has == engine {
			for _, name := range []string{"Joanna", "Matthew"} {
				all = append(all, map[string]any{"Id": name, "Name": name, "LanguageCode": "en-US", "SupportedEngines": a.Facts.Engines})
			}
		}
	}
	a.tell(w, "DescribeVoices", map[string]any{"Voices": all})
}

// tell answers in JSON, unless nobody may ask that.
func (a *Account) tell(w http.ResponseWriter, action string, v any) {
	a.note(action)
	if a.denied(action) {
		refuse(w, http.StatusForbidden, "AccessDeniedException", "User is not authorized to perform "+action)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(fmt.Sprintf("rehearsal: %v", err)) // strings and numbers can be written
	}
}

func (a *Account) denied(action string) bool {
	return slices.Contains(a.Facts.Denied, action)
}

// refuse is a refusal as services that speak JSON make it.
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("X-Amzn-Errortype", code)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"message":%q}`, message)
}

// quotas are a service's, by the names that Service Quotas gives them.
func (a *Account) quotas(service string) map[string]any {
	all := map[string][]any{
		"transcribe": {map[string]any{"QuotaName": "Number of concurrent batch transcription jobs", "QuotaCode": "L-FC5E9F0E", "Value": 250},
			map[string]any{"QuotaName": "Number of concurrent HTTP/2 streams for streaming transcription", "QuotaCode": "L-0F4B5A3F", "Value": a.Facts.Streams}},
		"fargate": {map[string]any{"QuotaName": "Fargate On-Demand vCPU resource count", "QuotaCode": "L-3032A538", "Value": a.Facts.Processors},
			map[string]any{"QuotaName": "Fargate Spot vCPU resource count", "QuotaCode": "L-36FBB829", "Value": a.Facts.Processors}},
	}
	return map[string]any{"Quotas": all[service]}
}

// look is what IAM and EC2 answer; empty = it is another's.
func (a *Account) look(action string, form url.Values) string {
	switch action {
	case "GetRole":
		return `<Role><Path>/aws-service-role/ecs.amazonaws.com/</Path><RoleName>` + form.Get("RoleName") + `</RoleName><RoleId>AROA1</RoleId><Arn>arn:aws:iam::` + Number + `:role/x</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role>`
	case "ListAttachedRolePolicies":
		var all strings.Builder
		for _, name := range a.Facts.Policies {
			all.WriteString(`<member><PolicyName>` + name + `</PolicyName><PolicyArn>arn:aws:iam::` + Number + `:policy/` + name + `</PolicyArn></member>`)
		}
		return `<IsTruncated>false</IsTruncated><AttachedPolicies>` + all.String() + `</AttachedPolicies>`
	case "GetPolicy":
		return `<Policy><Arn>` + form.Get("PolicyArn") + `</Arn><DefaultVersionId>v1</DefaultVersionId></Policy>`
	case "GetPolicyVersion":
		return `<PolicyVersion><VersionId>v1</VersionId><IsDefaultVersion>true</IsDefaultVersion><Document>` + url.QueryEscape(a.document(form.Get("PolicyArn"))) + `</Document></PolicyVersion>`
	}
	return ""
}

// document is what a policy of casey's says.
func (a *Account) document(arn string) string {
	if a.Facts.Stale {
		return `{"Version":"2012-10-17","Statement":[]}`
	}
	resources, rest := policy.Deploy(policy.Partition(a.Facts.Region))
	if strings.HasSuffix(arn, "rest") {
		return string(rest.JSON())
	}
	return string(resources.JSON())
}

// zones are EC2's answer, which has no result tag around it.
func (a *Account) zones() string {
	var all strings.Builder
	for i, id := range a.Facts.Zones {
		all.WriteString(fmt.Sprintf(`<item><zoneName>%s%c</zoneName><zoneId>%s</zoneId><zoneState>available</zoneState><regionName>%[1]s</regionName><zoneType>availability-zone</zoneType></item>`, a.Facts.Region, 'a'+i, id))
	}
	return `<DescribeAvailabilityZonesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><availabilityZoneInfo>` + all.String() + `</availabilityZoneInfo></DescribeAvailabilityZonesResponse>`
}
