package authorizer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"casey.internal/lambdas/access"
	"casey.internal/shared/logging"
)

// Settings is what the environment says.
type Settings struct {
	access.Rules                 // CASEY_ACCESS, _ORIGINS, _KEYS, _PER_ADDRESS, _DAILY_DOLLARS
	SecretARN    string          // CASEY_TICKET_SECRET_ARN, with CASEY_ACCESS=secret
	Table        string          // CASEY_TABLE: has the counters
	Service      string          // CASEY_SERVICE: name of the deployment; empty = no metrics
	Log          logging.Options // LOG_LEVEL, LOG_PII
}

// Read reads the settings. The error has a sentence for each wrong value.
func Read(getenv func(string) string) (Settings, error) {
	s := Settings{Table: getenv("CASEY_TABLE"), Service: getenv("CASEY_SERVICE"), SecretARN: getenv("CASEY_TICKET_SECRET_ARN")}
	s.Access, s.Origins = getenv("CASEY_ACCESS"), split(getenv("CASEY_ORIGINS"))
	var errs []error
	refuse := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	refuse(s.Table == "", "CASEY_TABLE is not set: it must be the name of the DynamoDB table")
	refuse(s.Access != access.Open && s.Access != access.Key && s.Access != access.Secret,
		"CASEY_ACCESS is %q: it must be open, key or secret", s.Access)
	refuse(s.Access == access.Secret && s.SecretARN == "", "CASEY_TICKET_SECRET_ARN is not set: CASEY_ACCESS=secret needs it")
	for _, key := range split(getenv("CASEY_KEYS")) {
		sum, err := hex.DecodeString(key)
		if err != nil || len(sum) != sha256.Size {
			refuse(true, "CASEY_KEYS has %q: it must be a SHA-256 sum in hexadecimal", key)
			continue
		}
		s.Keys = append(s.Keys, [sha256.Size]byte(sum))
	}
	perAddress, err := number(getenv("CASEY_PER_ADDRESS"))
	refuse(err != nil, "CASEY_PER_ADDRESS is %q: it must be connections an hour", getenv("CASEY_PER_ADDRESS"))
	dollars, err := number(getenv("CASEY_DAILY_DOLLARS"))
	refuse(err != nil, "CASEY_DAILY_DOLLARS is %q: it must be US dollars", getenv("CASEY_DAILY_DOLLARS"))
	s.PerAddress, s.DailyDollars = int64(perAddress), dollars
	s.Log, err = logging.FromEnvironment(getenv)
	return s, errors.Join(append(errs, err)...)
}

// number reads one that is not negative; empty is 0.
func number(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(s, 10, 31)
	return int(n), err
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
