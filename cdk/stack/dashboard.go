package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"

	"casey.internal/shared/metrics"
)

// addDashboard draws what happens: people, what they notice, what it costs,
// and what it runs on.
func (s *Stack) addDashboard() {
	var errors, durations []awscloudwatch.IMetric
	for _, f := range s.functions {
		errors = append(errors, f.MetricErrors(minute(sum)))
		durations = append(durations, f.MetricDuration(minute(slowest)))
	}
	board := awscloudwatch.NewDashboard(s.Stack, new("Dashboard"), &awscloudwatch.DashboardProps{DashboardName: new(s.options.Name())})
	board.AddWidgets(
		graph("Interviews", s.metric(metrics.Active, sum, 0), s.metric(metrics.Slots, sum, 0), s.metric(metrics.Waiting, maximum, 0)),
		graph("Answered, ended, failed", s.metric(metrics.Answers, sum, 0), s.metric(metrics.SessionsEnded, sum, 0), s.metric(metrics.SessionsFailed, sum, 0)),
		graph("Longest wait, s", s.metric(metrics.OldestOffer, maximum, 0)),
	)
	board.AddWidgets(
		graph("From the end of speech to the reply, ms", s.metric(metrics.ReplyTime, median, 0), s.metric(metrics.ReplyTime, slowest, 0), s.metric(metrics.DecisionTime, median, 0)),
		graph("Calls to services, ms", s.metric(metrics.CallTime, median, 0), s.metric(metrics.CallTime, slowest, 0)),
		graph("Calls that failed", s.metric(metrics.CallErrors, sum, 0), s.metric(metrics.Throttled, sum, 0), s.metric(metrics.UsageLost, sum, 0)),
	)
	board.AddWidgets(
		graph("Audio that microphones did not send, silence that Transcribe was not sent, ms", s.metric(metrics.MicrophoneFill, sum, 0), s.metric(metrics.SilenceWithheld, sum, 0)),
		graph("Packets dropped, sent late", s.metric(metrics.MicrophoneDrops, sum, 0), s.metric(metrics.PacketsLate, sum, 0)),
		graph("Recognition streams replaced", s.metric(metrics.RecognitionRestarts, sum, 0)),
	)
	board.AddWidgets(
		graph("US dollars an hour", s.metric(metrics.Cost, sum, 3600)),
		graph("Workers", s.metric(metrics.Workers, sum, 0), s.metric(metrics.Busy, sum, 0)),
		graph("Offers in the queue, put aside", s.dispatch.MetricApproximateNumberOfMessagesVisible(minute(maximum)), s.dead.MetricApproximateNumberOfMessagesVisible(minute(maximum))),
	)
	board.AddWidgets(
		graph("WebSocket", s.stage.Metric(new("ConnectCount"), minute(sum)), s.stage.Metric(new("IntegrationError"), minute(sum)), s.metric(metrics.Refused, sum, 0)),
		graph("Functions that failed", errors...),
		graph("Functions, ms", durations...),
	)
}

// graph is one of three in a row.
func graph(title string, of ...awscloudwatch.IMetric) awscloudwatch.IWidget {
	return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{Title: &title, Left: &of, Width: new(8.0)})
}
