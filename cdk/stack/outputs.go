package stack

import "github.com/aws/aws-cdk-go/awscdk/v2"

// The outputs by which `make deploy` and people find things.
const (
	OutputURL        = "WsUrl"
	OutputSite       = "SiteUrl"
	OutputRepository = "RepositoryUrl"
	OutputCluster    = "ClusterName"
	OutputService    = "ServiceName"
	OutputRegion     = "Region"
	OutputPolicy     = "RuntimePolicyArn"
	OutputWorkerLog  = "WorkerLogGroup"
)

func (s *Stack) addOutputs() {
	s.output(OutputURL, s.url(), "NEXT_PUBLIC_WS_URL of the frontend")
	s.output(OutputRepository, s.repository(), "where the worker's images are")
	s.output(OutputCluster, s.cluster.ClusterName(), "ECS cluster")
	s.output(OutputService, s.workers.ServiceName(), "ECS service of the workers")
	s.output(OutputRegion, s.Region(), "where all this is")
	s.output(OutputPolicy, s.runtime.ManagedPolicyArn(), "what a worker may do; attach it to the user of a worker elsewhere")
	s.output(OutputWorkerLog, s.workerLog.LogGroupName(), "log group of the workers")
	if s.site != nil {
		s.output(OutputSite, s.siteURL(), "casey's own page")
	}
}

func (s *Stack) output(name string, value *string, description string) {
	awscdk.NewCfnOutput(s.Stack, &name, &awscdk.CfnOutputProps{Value: value, Description: &description})
}

// repository is the one that `cdk bootstrap` made for images.
func (s *Stack) repository() *string {
	return awscdk.Fn_Sub(new("${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/cdk-"+*awscdk.DefaultStackSynthesizer_DEFAULT_QUALIFIER()+"-container-assets-${AWS::AccountId}-${AWS::Region}"), nil)
}
