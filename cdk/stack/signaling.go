package stack

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2authorizers"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// stageName is the path of the address: the frontend appends it to whatever
// address it is given.
const stageName = "ws"

// authorizerID is the authorizer's in the API.
const authorizerID = "WhoMay"

// Limits of the stage, for everybody together.
const (
	requestsASecond = 500.0
	requestsAtOnce  = 1000.0
)

// addAPI adds the WebSocket API, without its routes: the page and the functions need its
// address.
func (s *Stack) addAPI() {
	s.api = awsapigatewayv2.NewWebSocketApi(s.Stack, new("Api"), &awsapigatewayv2.WebSocketApiProps{
		ApiName: new(s.options.Name()), RouteSelectionExpression: new("$request.body.type"),
	})
}

// addSignaling adds what serves the API.
func (s *Stack) addSignaling() {
	connect := s.addRoute("$connect", "ConnectRoute", s.addConnect(), awsapigatewayv2authorizers.NewWebSocketLambdaAuthorizer(
		new(authorizerID), s.addAuthorizer(), nil))
	s.askAlways()
	disconnect := s.addRoute("$disconnect", "DisconnectRoute", s.addDisconnect(), nil)
	message := s.addRoute("$default", "MessageRoute", s.addMessage(), nil)
	s.stage = awsapigatewayv2.NewWebSocketStage(s.Stack, new("Stage"), &awsapigatewayv2.WebSocketStageProps{
		WebSocketApi:           s.api,
		StageName:              new(stageName),
		AutoDeploy:             new(true),
		DetailedMetricsEnabled: new(true),
		Throttle:               &awsapigatewayv2.ThrottleSettings{RateLimit: new(requestsASecond), BurstLimit: new(requestsAtOnce)},
		AccessLogSettings:      s.accessLog(),
		DomainMapping:          s.domainMapping(),
	})
	oneAfterAnother(connect, disconnect, message, s.stage)
	if s.options.AccessLogs {
		s.stage.Node().AddDependency(s.addAccountLogging())
	}
}

// askAlways has the authorizer asked whatever headers there are. With an
// identity source, which the CDK insists on, API Gateway answers 401 by itself
// where that is missing, and nobody says whether it then looks at the spelling
// of a header: clients of a WebSocket differ in it.
//
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html
func (s *Stack) askAlways() {
	authorizer := s.api.Node().FindChild(new(authorizerID)).Node().DefaultChild().(awsapigatewayv2.CfnAuthorizer)
	authorizer.AddPropertyDeletionOverride(new("IdentitySource"))
}

// oneAfterAnother has parts of the API made in this order, and removed in the
// other one: API Gateway refuses changes of one API at the same time.
func oneAfterAnother(parts ...constructs.IConstruct) {
	for i, part := range parts[1:] {
		part.Node().AddDependency(parts[i])
	}
}

func (s *Stack) addRoute(key, id string, f awslambda.IFunction, authorizer awsapigatewayv2.IWebSocketRouteAuthorizer) awsapigatewayv2.WebSocketRoute {
	return s.api.AddRoute(&key, &awsapigatewayv2.WebSocketRouteOptions{
		Integration: awsapigatewayv2integrations.NewWebSocketLambdaIntegration(&id, f, nil), Authorizer: authorizer,
	})
}

// domainMapping gives the address a name of one's own; nil without one.
func (s *Stack) domainMapping() *awsapigatewayv2.DomainMappingOptions {
	if s.options.Domain == "" {
		return nil
	}
	domain := awsapigatewayv2.NewDomainName(s.Stack, new("Domain"), &awsapigatewayv2.DomainNameProps{
		DomainName:     &s.options.Domain,
		Certificate:    awscertificatemanager.Certificate_FromCertificateArn(s.Stack, new("Certificate"), &s.options.Certificate),
		SecurityPolicy: awsapigatewayv2.SecurityPolicy_TLS_1_2,
	})
	s.output("DomainTarget", domain.RegionalDomainName(), "where a CNAME or an alias of the domain has to point")
	return &awsapigatewayv2.DomainMappingOptions{DomainName: domain, MappingKey: new(stageName)}
}

// url is the address that browsers open.
func (s *Stack) url() *string {
	if s.options.Domain != "" {
		return new("wss://" + s.options.Domain + "/" + stageName)
	}
	return new("wss://" + *s.api.ApiId() + ".execute-api." + *s.Region() + "." + *s.UrlSuffix() + "/" + stageName)
}

// accessLog implements a CDK interface that has no class.
type accessLog struct {
	destination awsapigatewayv2.IAccessLogDestination
	format      awsapigateway.AccessLogFormat
}

func (a *accessLog) Destination() awsapigatewayv2.IAccessLogDestination { return a.destination }
func (a *accessLog) Format() awsapigateway.AccessLogFormat              { return a.format }

// accessFields has no query: keys and tickets are in it.
var accessFields = map[string]string{
	"requestId":    "$context.requestId",
	"connectionId": "$context.connectionId",
	"route":        "$context.routeKey",
	"event":        "$context.eventType",
	"status":       "$context.status",
	"refused":      "$context.authorizer.error",
	"error":        "$context.integrationErrorMessage",
	"latency":      "$context.integrationLatency",
	"ip":           "$context.identity.sourceIp",
}

// accessLog is off unless it is asked for: it fails to deploy in an account
// whose API Gateway has no role to write logs with.
func (s *Stack) accessLog() awsapigatewayv2.IAccessLogSettings {
	if !s.options.AccessLogs {
		return nil
	}
	format, err := json.Marshal(accessFields) // sorted by key: the same every time
	if err != nil {
		panic(err) // strings can be written
	}
	return &accessLog{
		awsapigatewayv2.NewLogGroupLogDestination(s.logGroup("AccessLog")),
		awsapigateway.AccessLogFormat_Custom(jsii.String(string(format))),
	}
}

// addAccountLogging sets the role with which API Gateway writes logs: one for
// the account and region, hence it stays when the stack goes.
func (s *Stack) addAccountLogging() awsapigateway.CfnAccount {
	role := awsiam.NewRole(s.Stack, new("ApiGatewayLogRole"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(new("apigateway.amazonaws.com"), nil),
		ManagedPolicies: &[]awsiam.IManagedPolicy{
			awsiam.ManagedPolicy_FromAwsManagedPolicyName(new("service-role/AmazonAPIGatewayPushToCloudWatchLogs")),
		},
	})
	role.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN)
	account := awsapigateway.NewCfnAccount(s.Stack, new("ApiGatewayAccount"), &awsapigateway.CfnAccountProps{CloudWatchRoleArn: role.RoleArn()})
	account.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN, nil)
	return account
}
