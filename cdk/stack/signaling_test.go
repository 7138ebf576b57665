package stack

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"casey.internal/cdk/page"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

func TestTheAddress(t *testing.T) {
	made := synth(t, nil)
	if stage := made.of("AWS::ApiGatewayV2::Stage")[0]; stage.at("StageName") != "ws" || stage.at("AccessLogSettings") != nil {
		t.Errorf("the stage is %s", text(stage.Properties))
	}
	if url := text(made.Outputs[OutputURL].Value); !strings.HasSuffix(url, `"/ws"]]}`) || !strings.Contains(url, "wss://") {
		t.Errorf("the URL is %s", url)
	}
	named := synth(t, map[string]any{"domain": "voice.example.com", "certificate": "arn:aws:acm:us-east-1:123456789012:certificate/1-2"})
	if url := named.Outputs[OutputURL].Value; url != "wss://voice.example.com/ws" || named.Outputs["DomainTarget"].Value == nil {
		t.Errorf("with a domain it is %v", url)
	}
	// Messages to browsers go to API Gateway's own address all the same.
	env, _ := named.starting(t, "Message").at("Environment", "Variables").(map[string]any)
	if posts := text(env["AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"]); !strings.Contains(posts, ".execute-api.") || !strings.Contains(posts, "/ws") {
		t.Errorf("they go to %s", posts)
	}
}

func TestOutputs(t *testing.T) {
	made := synth(t, map[string]any{"site": "true"})
	for _, name := range []string{OutputURL, OutputRepository, OutputCluster, OutputService, OutputRegion, OutputPolicy, OutputSite, OutputWorkerLog} {
		if made.Outputs[name].Value == nil {
			t.Errorf("there is no output %s", name)
		}
	}
	if got := text(made.Outputs[OutputRepository].Value); !strings.Contains(got, "cdk-hnb659fds-container-assets-") {
		t.Errorf("the repository is %s", got)
	}
}

func TestOnlyConnectIsAuthorised(t *testing.T) {
	made := synth(t, nil)
	for _, route := range made.of("AWS::ApiGatewayV2::Route") {
		want := "NONE"
		if route.at("RouteKey") == "$connect" {
			want = "CUSTOM"
		}
		if got := route.at("AuthorizationType"); got != want {
			t.Errorf("%v is authorised by %v", route.at("RouteKey"), got)
		}
	}
	// Who lacks one would be answered 401 before anybody is asked.
	if got := made.of("AWS::ApiGatewayV2::Authorizer")[0].at("IdentitySource"); got != nil {
		t.Errorf("the identity is %s", text(got))
	}
}

func TestNoLogHasAQuery(t *testing.T) {
	format := text(synth(t, map[string]any{"accessLogs": "true"}).of("AWS::ApiGatewayV2::Stage")[0].at("AccessLogSettings", "Format"))
	if !strings.Contains(format, "requestId") || strings.Contains(strings.ToLower(format), "query") {
		t.Errorf("logged is %s", format)
	}
}

func TestState(t *testing.T) {
	made, shape := synth(t, map[string]any{"recovery": "true"}), store.TableShape()
	table := made.of("AWS::DynamoDB::GlobalTable")[0]
	index := text(table.at("GlobalSecondaryIndexes", "0", "Projection", "NonKeyAttributes"))
	for name, c := range map[string]struct{ got, want any }{
		"keys":     {text(table.at("KeySchema")), `[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]`},
		"index":    {text(table.at("GlobalSecondaryIndexes", "0", "KeySchema")), `[{"AttributeName":"open","KeyType":"HASH"},{"AttributeName":"since","KeyType":"RANGE"}]`},
		"expiry":   {text(table.at("TimeToLiveSpecification")), `{"AttributeName":"expires","Enabled":true}`},
		"billing":  {table.at("BillingMode"), "PAY_PER_REQUEST"},
		"projects": {index, text(shape.Index.Projected)},
		"recovery": {text(table.at("Replicas", "0", "PointInTimeRecoverySpecification")), `{"PointInTimeRecoveryEnabled":true}`},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	offers := made.starting(t, "Offers")
	if offers.at("QueueName") != "casey-dispatch" || made.starting(t, "DeadOffers").at("QueueName") != "casey-dispatch-dead" {
		t.Error("the queues do not have the names by which the code finds them")
	}
	if offers.at("VisibilityTimeout") != interview.Visibility.Seconds() || offers.at("RedrivePolicy", "maxReceiveCount") != 50.0 {
		t.Errorf("offers: %s", text(offers.Properties))
	}
	if keep, _ := offers.at("MessageRetentionPeriod").(float64); keep <= 3600 {
		t.Errorf("an offer is kept for %v s, less than the longest wait that may be chosen", keep)
	}
}

// TestTheSweepIsScheduled every minute, for the whole of it.
func TestTheSweepIsScheduled(t *testing.T) {
	made := synth(t, nil)
	rule := made.of("AWS::Events::Rule")[0]
	if rule.at("ScheduleExpression") != "rate(1 minute)" || rule.at("Targets", "0", "Input") != `{"everySeconds":3,"forSeconds":57}` {
		t.Errorf("the rule is %s", text(rule.Properties))
	}
	// The rule's number is about delivery; Lambda itself would try twice more.
	if again := made.starting(t, "SweepEventInvokeConfig").at("MaximumRetryAttempts"); again != 0.0 || rule.at("Targets", "0", "RetryPolicy", "MaximumRetryAttempts") != 0.0 {
		t.Errorf("a sweep that fails is run again %v times", again)
	}
	if timeout := made.starting(t, "Sweep").at("Timeout"); timeout != 75.0 {
		t.Errorf("the sweep may take %v s", timeout)
	}
}

// TestNamesAreFew: what has a name collides with what is left of a failed deploy.
func TestNamesAreFew(t *testing.T) {
	var names []string
	for _, environment := range []string{"", "staging"} {
		context := map[string]any{}
		if environment != "" {
			context["environment"] = environment
		}
		made := synth(t, context)
		for id, r := range made.Resources {
			for _, property := range []string{"FunctionName", "RoleName", "TableName", "LogGroupName", "QueueName", "ClusterName", "ServiceName", "BucketName", "ManagedPolicyName", "PolicyName", "DashboardName", "TopicName", "AlarmName"} {
				if name, ok := r.at(property).(string); ok && r.Type != "AWS::IAM::Policy" && !strings.HasPrefix(name, "CaseyWorkersTaskCount") {
					names = append(names, name)
				}
			}
			if r.at("LogGroupName") != nil && r.DeletionPolicy != "Retain" && r.DeletionPolicy != "RetainExceptOnCreate" {
				t.Errorf("%s has a name and %s: it cannot be taken over", id, r.DeletionPolicy)
			}
		}
	}
	slices.Sort(names)
	if got, want := strings.Join(names, " "), "casey casey-backend-aws-usage casey-backend-aws-usage-staging casey-dispatch casey-dispatch-dead casey-load "+
		"casey-staging casey-staging-dispatch casey-staging-dispatch-dead casey-staging-load"; got != want {
		t.Errorf("names are %s", got)
	}
}

func TestTheSite(t *testing.T) {
	made := synth(t, map[string]any{"site": "true"})
	env, _ := made.starting(t, "Authorizer").at("Environment", "Variables").(map[string]any)
	if origins := text(env["CASEY_ORIGINS"]); !strings.Contains(origins, "DomainName") {
		t.Errorf("the site is not among the origins: %s", origins)
	}
	bucket := made.of("AWS::S3::Bucket")[0]
	if got := text(bucket.at("PublicAccessBlockConfiguration")); strings.Contains(got, "false") || got == "null" {
		t.Errorf("the bucket is public: %s", got)
	}
	if content := text(made.of("Custom::CDKBucketDeployment")[0].at("SourceMarkers")); !strings.Contains(content, "Stage") && !strings.Contains(content, "Api") {
		t.Errorf("config.json does not have the address: %s", content)
	}
}

// TestTheSiteSendsWhatTheLocalPageDoes, but that it talks to its own casey alone.
func TestTheSiteSendsWhatTheLocalPageDoes(t *testing.T) {
	site, err := page.Bundle(page.Config{})
	if err != nil {
		t.Fatal(err)
	}
	served := httptest.NewRecorder()
	site.ServeHTTP(served, httptest.NewRequest(http.MethodGet, "/", nil))
	const at = "wss://voice.example.com/ws"
	sent := synth(t, map[string]any{"site": "true", "domain": "voice.example.com", "certificate": "arn:aws:acm:us-east-1:123456789012:certificate/1-2"}).
		of("AWS::CloudFront::ResponseHeadersPolicy")[0]
	security := []string{"ResponseHeadersPolicyConfig", "SecurityHeadersConfig"}
	for header, got := range map[string]any{
		"Content-Security-Policy": sent.at(append(security, "ContentSecurityPolicy", "ContentSecurityPolicy")...),
		"Referrer-Policy":         sent.at(append(security, "ReferrerPolicy", "ReferrerPolicy")...),
		"Permissions-Policy":      sent.at("ResponseHeadersPolicyConfig", "CustomHeadersConfig", "Items", "0", "Value"),
	} {
		if want := strings.Replace(served.Header().Get(header), "ws: wss:", at, 1); got != want || want == "" {
			t.Errorf("%s is %v, and locally %s", header, got, want)
		}
	}
	if sent.at(append(security, "ContentTypeOptions", "Override")...) != true || sent.at(append(security, "StrictTransportSecurity", "AccessControlMaxAgeSec")...) != 31536000.0 {
		t.Errorf("sent: %s", text(sent.Properties))
	}
	usual := synth(t, map[string]any{"site": "true"})
	if got := text(usual.of("AWS::CloudFront::ResponseHeadersPolicy")[0].Properties); !strings.Contains(got, "connect-src 'self' wss://") || !strings.Contains(got, `/ws https: blob:`) {
		t.Errorf("without a domain: %s", got)
	}
	if got := text(usual.of("AWS::CloudFront::Distribution")[0].Properties); !strings.Contains(got, `"ResponseHeadersPolicyId":{"Ref":"SiteHeaders`) {
		t.Errorf("the distribution: %s", got)
	}
}

// TestEveryFileOfTheSiteIsFilledInOnce: a page that is open finds its scripts after
// a deploy, and a new one is seen at once.
func TestEveryFileOfTheSiteIsFilledInOnce(t *testing.T) {
	site, err := page.Bundle(page.Config{})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := site.Write(folder); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	fills := synth(t, map[string]any{"site": "true"}).of("Custom::CDKBucketDeployment")
	for _, file := range files {
		served := httptest.NewRecorder()
		site.ServeHTTP(served, httptest.NewRequest(http.MethodGet, "/"+file.Name(), nil))
		times := 0
		for _, fill := range fills {
			if matches(t, fill.at("Exclude"), file.Name()) && !matches(t, fill.at("Include"), file.Name()) {
				continue
			}
			times++
			if got, want := fill.at("SystemMetadata", "cache-control"), served.Header().Get("Cache-Control"); got != want {
				t.Errorf("%s is kept by caches as %v, and locally as %s", file.Name(), got, want)
			}
		}
		if times != 1 {
			t.Errorf("%s is filled in %d times", file.Name(), times)
		}
	}
	for _, fill := range fills {
		if fill.at("Prune") != false {
			t.Error("files that an open page may ask for are removed")
		}
	}
}

// matches says whether one of several patterns, of a template, is that of a file.
func matches(t *testing.T, patterns any, file string) bool {
	t.Helper()
	all, _ := patterns.([]any)
	return slices.ContainsFunc(all, func(pattern any) bool {
		yes, err := path.Match(pattern.(string), file)
		if err != nil {
			t.Fatal(err)
		}
		return yes
	})
}
