package rehearsal

import (
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const stackID = "arn:aws:cloudformation:us-east-1:" + Number + ":stack/casey/1"

// answerXML is STS, CloudFormation, IAM and EC2.
func (a *Account) answerXML(w http.ResponseWriter, r *http.Request, action string) {
	a.note(action)
	a.mu.Lock()
	defer a.mu.Unlock()
	w.Header().Set("Content-Type", "text/xml")
	if code, message := a.refusal(r, action); code != "" {
		w.WriteHeader(statuses[code])
		_, _ = fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>`, code, message)
		return
	}
	if action == "DescribeAvailabilityZones" {
		_, _ = fmt.Fprint(w, a.zones())
		return
	}
	_, _ = fmt.Fprintf(w, "<%[1]sResponse><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>", action, a.result(r, action))
}

// statuses are those of refusals.
var statuses = map[string]int{
	"ValidationError": http.StatusBadRequest, "ChangeSetNotFound": http.StatusBadRequest, "AccessDenied": http.StatusForbidden, "NoSuchEntity": http.StatusNotFound,
}

// refusal is what is said of a stack, a change set or a role that is not there,
// and to who may not.
func (a *Account) refusal(r *http.Request, action string) (code, message string) {
	switch {
	case a.denied(action), action == "AssumeRole" && !a.Facts.Bootstrapped:
		return "AccessDenied", "User: arn:aws:iam::" + Number + ":user/ada is not authorized to perform: " + action
	case action == "GetRole" && !a.Facts.ClusterRole, action == "ListAttachedRolePolicies" && !a.Facts.Bootstrapped:
		return "NoSuchEntity", "The role with name " + r.FormValue("RoleName") + " cannot be found."
	case (action == "DescribeStacks" || action == "GetTemplate") && a.stack == nil:
		return "ValidationError", "Stack with id casey does not exist"
	case action == "DescribeChangeSet" && a.change == nil:
		return "ChangeSetNotFound", "ChangeSet [cdk-deploy-change-set] does not exist"
	}
	return "", ""
}

// result is what is between the tags of an answer.
func (a *Account) result(r *http.Request, action string) string {
	switch action {
	case "GetCallerIdentity":
		return `<Arn>arn:aws:iam::` + Number + `:user/ada</Arn><UserId>AIDAEXAMPLE</UserId><Account>` + Number + `</Account>`
	case "AssumeRole":
		return `<Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`
	case "DescribeStacks":
		return `<Stacks><member><StackId>` + stackID + `</StackId><StackName>casey</StackName><CreationTime>2026-11-21T00:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus><Outputs>` + a.outputs() + `</Outputs></member></Stacks>`
	case "GetTemplate":
		return `<TemplateBody>` + escape(string(a.stack)) + `</TemplateBody>`
	case "CreateChangeSet":
		a.change = a.files[path(r.FormValue("TemplateURL"))]
		return `<Id>arn:aws:cloudformation:us-east-1:` + Number + `:changeSet/cdk/1</Id><StackId>` + stackID + `</StackId>`
	case "DescribeChangeSet":
		return `<ChangeSetName>cdk</ChangeSetName><StackId>` + stackID + `</StackId><StackName>casey</StackName><Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>` +
			`<Changes><member><Type>Resource</Type><ResourceChange><Action>Add</Action><LogicalResourceId>Task</LogicalResourceId><ResourceType>AWS::ECS::TaskDefinition</ResourceType></ResourceChange></member></Changes>`
	case "ExecuteChangeSet":
		a.stack = a.change
	case "DeleteChangeSet":
		a.change = nil
	case "DescribeStackEvents":
		return `<StackEvents></StackEvents>`
	case "DetectStackDrift":
		return `<StackDriftDetectionId>1</StackDriftDetectionId>`
	case "DescribeStackDriftDetectionStatus":
		return `<StackId>` + stackID + `</StackId><StackDriftDetectionId>1</StackDriftDetectionId><DetectionStatus>DETECTION_COMPLETE</DetectionStatus><StackDriftStatus>IN_SYNC</StackDriftStatus><DriftedStackResourceCount>0</DriftedStackResourceCount><Timestamp>2026-11-21T00:00:00Z</Timestamp>`
	case "DescribeStackResourceDrifts":
		return `<StackResourceDrifts></StackResourceDrifts>`
	}
	return a.look(action, r.Form)
}

func (a *Account) outputs() string {
	var all strings.Builder
	for _, key := range slices.Sorted(maps.Keys(a.Outputs)) {
		fmt.Fprintf(&all, `<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>`, key, escape(a.Outputs[key]))
	}
	return all.String()
}

// path is where the bucket has a file: its address has the bucket in the host
// or before the name.
func path(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if bucket, _, ok := strings.Cut(u.Host, ".s3."); ok {
		return "/" + bucket + u.Path
	}
	return u.Path
}

func escape(s string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(s)) // memory takes all
	return out.String()
}
