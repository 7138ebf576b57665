package stack

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"

	"casey.internal/cdk/options"
)

// ticketSecretLength is in characters of 64 kinds: more than HMAC-SHA256 uses.
const ticketSecretLength = 64.0

// addAuthorizer adds the function that decides who may open a WebSocket.
func (s *Stack) addAuthorizer() awslambda.Function {
	env := map[string]*string{
		"CASEY_ACCESS":        &s.options.Access,
		"CASEY_ORIGINS":       new(s.origins()),
		"CASEY_KEYS":          new(strings.Join(s.options.Keys, ",")),
		"CASEY_PER_ADDRESS":   itoa(s.options.PerAddress),
		"CASEY_DAILY_DOLLARS": itoa(s.options.DailyDollars),
	}
	grants := []grant{s.rows().may("dynamodb:UpdateItem")}
	if s.options.Access == options.Ticket {
		s.ticketSecret = awssecretsmanager.NewSecret(s.Stack, new("TicketSecret"), &awssecretsmanager.SecretProps{
			Description: new("signs the tickets with which interviews start"),
			GenerateSecretString: &awssecretsmanager.SecretStringGenerator{
				PasswordLength: new(ticketSecretLength), ExcludePunctuation: new(true),
			},
			RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
		})
		env["CASEY_TICKET_SECRET_ARN"] = s.ticketSecret.SecretArn()
		grants = append(grants, on(*s.ticketSecret.SecretArn()).may("secretsmanager:GetSecretValue"))
		s.output("TicketSecretArn", s.ticketSecret.SecretArn(), "the secret with which your server signs tickets")
	}
	return s.addFunction("authorizer", "Authorizer", functionMemory, functionTimeout, env, grants...)
}

// origins are those of the options and of the site.
func (s *Stack) origins() string {
	origins := s.options.Origins
	if s.site != nil {
		origins = append(origins[:len(origins):len(origins)], *s.siteURL())
	}
	return strings.Join(origins, ",")
}
