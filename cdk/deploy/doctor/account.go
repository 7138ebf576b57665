package doctor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"casey.internal/cdk/policy"
)

// Caller is who deploys.
type Caller struct{ ARN string }

// Judge implements Check. Root can assume no role, and so not the CDK's.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func (c Caller) Judge() Finding {
	if strings.HasSuffix(c.ARN, ":root") {
		return Finding{"who deploys", Wrong, "these are keys of the account's root user, who can assume no role", "sign in as an IAM user or through IAM Identity Center, and put that into cdk/.env"}
	}
	return Finding{What: "who deploys: " + c.ARN}
}

// tolerance is less than AWS has for signatures of another time: five minutes.
const tolerance = 4 * time.Minute

// Clock is how far this machine's clock is ahead of AWS's.
type Clock struct{ Ahead time.Duration }

// Judge implements Check.
func (c Clock) Judge() Finding {
	if c.Ahead.Abs() > tolerance {
		return Finding{"clock", Wrong, fmt.Sprintf("it differs from AWS's by %v, and AWS refuses signatures of another time", c.Ahead.Round(time.Second)), "set it: timedatectl set-ntp true"}
	}
	return Finding{What: "clock"}
}

// Partition is the part of AWS that a region is in.
type Partition struct {
	Region string
	Site   bool // casey's own page is wanted
}

// Judge implements Check.
func (p Partition) Judge() Finding {
	what := "partition " + policy.Partition(p.Region)
	switch {
	case strings.HasPrefix(p.Region, "cn-"):
		return Finding{what, Wrong, "AWS in China has no Bedrock, so nobody there thinks", "deploy to another region: AWS_REGION in cdk/.env"}
	case strings.HasPrefix(p.Region, "us-gov-") && p.Site:
		return Finding{what, Wrong, "GovCloud has no CloudFront", "leave out -c site=true and host the page elsewhere"}
	}
	return Finding{What: what}
}

// Bootstrap is whether the CDK's roles are there for whoever deploys.
type Bootstrap struct{ Err error } // a sentence

// Judge implements Check.
func (b Bootstrap) Judge() Finding {
	if b.Err == nil {
		return Finding{What: "the CDK's bootstrap"}
	}
	why, do, _ := strings.Cut(b.Err.Error(), ": ")
	return Finding{"the CDK's bootstrap", Wrong, why, do}
}

// Execution is what CloudFormation may do when it deploys.
type Execution struct {
	Attached  Answer[[]string]           // names of the policies of the CDK's execution role
	Documents Answer[map[string]string]  // what those of casey say, by name
	Wanted    map[string]policy.Document // what they should say, by the end of the name
}

// noEntity is IAM's code for what is not there.
const noEntity = "NoSuchEntity"

const administrator = "AdministratorAccess" // what the CDK's bootstrap gives where nothing is named

// Judge implements Check.
func (e Execution) Judge() Finding {
	const what = "what CloudFormation may do"
	if code(e.Attached.Err) == noEntity {
		return Finding{what, Unknown, "its role comes with the CDK's bootstrap", ""}
	}
	if e.Attached.Err != nil {
		return unknown(what, e.Attached.Err)
	}
	if slices.Contains(e.Attached.Out, administrator) {
		return Finding{What: what + ": anything (" + administrator + ")"}
	}
	var missing []string
	for suffix, document := range e.Wanted {
		i := slices.IndexFunc(e.Attached.Out, func(name string) bool { return strings.HasSuffix(name, suffix) })
		if i < 0 || e.Documents.Err == nil && !document.Is(e.Documents.Out[e.Attached.Out[i]]) {
			missing = append(missing, "casey-"+suffix)
		}
	}
	if len(missing) == 0 {
		return Finding{What: what + ": what make policies prints"}
	}
	slices.Sort(missing)
	return Finding{what, Doubt, fmt.Sprintf("this version's %s is not among its policies (%s)", strings.Join(missing, " or "), strings.Join(e.Attached.Out, ", ")),
		"make policies prints them for an administrator; npx aws-cdk bootstrap --cloudformation-execution-policies names them"}
}

// ClusterRole is the role with which ECS works in the account.
type ClusterRole struct{ Err error }

// Judge implements Check. ECS makes its role with the first cluster, and cannot
// use it for some seconds.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html
func (r ClusterRole) Judge() Finding {
	const what = "ECS's service-linked role"
	switch {
	case r.Err == nil:
		return Finding{What: what}
	case code(r.Err) == noEntity:
		return Finding{what, Wrong, "this account never had ECS, and the first service fails while its role is being made", "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com (an administrator, once)"}
	}
	return unknown(what, r.Err)
}
