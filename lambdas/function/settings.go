package function

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"casey.internal/lambdas/access"
	"casey.internal/shared/logging"
	"casey.internal/shared/settings"
	"casey.internal/shared/wire"
)

// Settings are the values of Variables.
type Settings struct {
	Table, DispatchURL, Service string
	ICEServers                  []wire.ICEServer
	MaxWait                     time.Duration
	Log                         logging.Options
}

// Variables are read by the functions that serve browsers and the schedule.
var Variables = settings.Table[Settings]{
	settings.Var("CASEY_TABLE", "", "the name of the DynamoDB table", settings.Text(func(s *Settings) *string { return &s.Table })),
	settings.Var("CASEY_DISPATCH_QUEUE_URL", "", "the URL of the SQS dispatch queue", setDispatchURL),
	settings.Var("ICE_SERVERS", "", "a JSON array of RTCIceServer, with stun, stuns, turn and turns; empty = none", settings.Optional(setICEServers)),
	settings.Var("CASEY_MAX_WAIT", "4m", "how long a browser waits for a free slot, 1s to 24h",
		settings.Duration(time.Second, 24*time.Hour, func(s *Settings) *time.Duration { return &s.MaxWait })),
	settings.Var("LOG_LEVEL", "info", "debug, info, warn or error", settings.Level(func(s *Settings) *slog.Level { return &s.Log.Level })),
	settings.Var("LOG_PII", "0", "1 to log what people say too, else 0", settings.Flag(func(s *Settings) *bool { return &s.Log.KeepPII })),
	settings.Var("CASEY_SERVICE", "", "the deployment that metrics are emitted for; empty = none",
		settings.Optional(settings.Text(func(s *Settings) *string { return &s.Service }))),
}

// AccessSettings are the values of AccessVariables.
type AccessSettings struct {
	access.Rules
	SecretARN, Table, Service string
	Log                       logging.Options
}

// AccessVariables are read by the authorizer.
var AccessVariables = settings.Table[AccessSettings]{
	settings.Var("CASEY_TABLE", "", "the name of the DynamoDB table, which has the counters", settings.Text(func(s *AccessSettings) *string { return &s.Table })),
	settings.Var("CASEY_ACCESS", "", "open, key or secret: the way in",
		settings.Choice(func(s *AccessSettings) *string { return &s.Access }, access.Open, access.Key, access.Secret)),
	settings.Var("CASEY_ORIGINS", "", "the origins of pages, separated by commas, for open", setOrigins),
	settings.Var("CASEY_KEYS", "", "SHA-256 sums of keys in hexadecimal, separated by commas, for key", setKeys),
	settings.Var("CASEY_TICKET_SECRET_ARN", "", "the ARN of the secret that signs tickets, for secret",
		settings.Optional(settings.Text(func(s *AccessSettings) *string { return &s.SecretARN }))),
	settings.Var("CASEY_PER_ADDRESS", "0", "connections an hour from one address; 0 = any number", settings.Number(0, 1<<31-1, func(s *AccessSettings) *int { return &s.PerAddress })),
	settings.Var("CASEY_DAILY_DOLLARS", "0", "US dollars that a day may cost; 0 = any number", settings.Number(0, 1<<31-1, func(s *AccessSettings) *int { return &s.DailyDollars })),
	settings.Var("LOG_LEVEL", "info", "debug, info, warn or error", settings.Level(func(s *AccessSettings) *slog.Level { return &s.Log.Level })),
	settings.Var("LOG_PII", "0", "1 to log what people say too, else 0", settings.Flag(func(s *AccessSettings) *bool { return &s.Log.KeepPII })),
	settings.Var("CASEY_SERVICE", "", "the deployment that metrics are emitted for; empty = none",
		settings.Optional(settings.Text(func(s *AccessSettings) *string { return &s.Service }))),
}

// ReadAccess reads the authorizer's settings. The error has a sentence for each
// wrong value.
func ReadAccess(getenv func(string) string) (*AccessSettings, error) {
	s, err := AccessVariables.Read(getenv)
	if err == nil && s.Access == access.Secret && s.SecretARN == "" {
		err = errors.New("CASEY_TICKET_SECRET_ARN is not set: CASEY_ACCESS=secret needs it")
	}
	return s, err
}

func setDispatchURL(s *Settings, v string) bool {
	u, err := url.Parse(v)
	s.DispatchURL = v
	return err == nil && u.Host != ""
}

func setICEServers(s *Settings, v string) bool {
	if err := json.Unmarshal([]byte(v), &s.ICEServers); err != nil {
		return false
	}
	return !slices.ContainsFunc(s.ICEServers, func(server wire.ICEServer) bool {
		return len(server.URLs) == 0 || slices.ContainsFunc(server.URLs, func(u string) bool {
			scheme, _, _ := strings.Cut(u, ":")
			return !slices.Contains([]string{"stun", "stuns", "turn", "turns"}, scheme)
		})
	})
}

func setOrigins(s *AccessSettings, v string) bool {
	if v != "" {
		s.Origins = strings.Split(v, ",")
	}
	return true
}

func setKeys(s *AccessSettings, v string) bool {
	for key := range strings.SplitSeq(v, ",") {
		sum, err := hex.DecodeString(key)
		if err != nil || len(sum) != sha256.Size {
			return v == ""
		}
		s.Keys = append(s.Keys, [sha256.Size]byte(sum))
	}
	return true
}
