package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawslogs"
	"github.com/aws/jsii-runtime-go"
)

// addQueries saves what one looks for in the logs; replace what is in capitals.
func (s *Stack) addQueries() {
	all := []interfacesawslogs.ILogGroupRef{s.workerLog}
	for _, f := range s.functions {
		all = append(all, f.log)
	}
	workers, usage := []interfacesawslogs.ILogGroupRef{s.workerLog}, []interfacesawslogs.ILogGroupRef{s.usageLog}
	s.addQuery("OneSession", "one session", all, awslogs.QueryStringProps{
		Fields: jsii.Strings("@timestamp", "@log", "level", "msg", "@message"), FilterStatements: jsii.Strings(`session = "SESSION"`), Sort: new("@timestamp asc"),
	})
	s.addQuery("Problems", "warnings and errors", all, awslogs.QueryStringProps{
		Fields: jsii.Strings("@timestamp", "level", "msg", "error", "session"), FilterStatements: jsii.Strings(`level in ["WARN", "ERROR"]`), Sort: new("@timestamp desc"),
	})
	s.addQuery("SlowReplies", "slow replies", workers, awslogs.QueryStringProps{
		Fields: jsii.Strings("@timestamp", "session", "turn", "after_speech"), FilterStatements: jsii.Strings(`msg = "reply timed"`), Sort: new("after_speech desc"),
	})
	s.addQuery("CostOfSessions", "what sessions cost", usage, awslogs.QueryStringProps{
		StatsStatements: jsii.Strings("sum(dollars) as total, count(*) as calls by session, service"), Sort: new("total desc"),
	})
	s.addQuery("CostOfTurns", "what the turns of a session cost", usage, awslogs.QueryStringProps{
		FilterStatements: jsii.Strings(`session = "SESSION"`), StatsStatements: jsii.Strings("sum(dollars) as total, count(*) as calls by turn, service"), Sort: new("turn asc"),
	})
	s.addQuery("CallErrors", "calls that failed", usage, awslogs.QueryStringProps{
		FilterStatements: jsii.Strings(`event = "failed"`), StatsStatements: jsii.Strings("count(*) as failed by service, operation, code"), Sort: new("failed desc"),
	})
}

func (s *Stack) addQuery(id, name string, groups []interfacesawslogs.ILogGroupRef, q awslogs.QueryStringProps) {
	awslogs.NewQueryDefinition(s.Stack, new(id+"Query"), &awslogs.QueryDefinitionProps{
		QueryDefinitionName: new(s.options.Name() + "/" + name), LogGroups: &groups, QueryString: awslogs.NewQueryString(&q),
	})
}
