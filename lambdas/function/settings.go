package function

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"casey.internal/shared/logging"
	"casey.internal/shared/wire"
)

// Settings is what the environment says.
type Settings struct {
	Table       string           // CASEY_TABLE: the DynamoDB table
	DispatchURL string           // CASEY_DISPATCH_QUEUE_URL
	ICEServers  []wire.ICEServer // ICE_SERVERS: a JSON array of RTCIceServer; default none
	MaxWait     time.Duration    // CASEY_MAX_WAIT: how long a browser waits for a free slot; default 4m
	Log         logging.Options  // LOG_LEVEL, LOG_PII
	Service     string           // CASEY_SERVICE: name of the deployment; empty = no metrics
}

// defaultMaxWait is how long a browser waits for a free slot.
const defaultMaxWait = 4 * time.Minute

// Read reads the settings. The error has a sentence for each wrong value.
func Read(getenv func(string) string) (Settings, error) {
	var s Settings
	var errs []error
	check := func(err error) { errs = append(errs, err) }
	var err error
	s.Table, err = required(getenv, "CASEY_TABLE", "the name of the DynamoDB table")
	check(err)
	s.DispatchURL, err = required(getenv, "CASEY_DISPATCH_QUEUE_URL", "the URL of the dispatch queue")
	check(err)
	if u, err := url.Parse(s.DispatchURL); err != nil || s.DispatchURL != "" && u.Host == "" {
		check(fmt.Errorf("CASEY_DISPATCH_QUEUE_URL is %q: it must be a URL", s.DispatchURL))
	}
	s.ICEServers, err = iceServers(getenv("ICE_SERVERS"))
	check(err)
	s.MaxWait, err = time.ParseDuration(cmp.Or(getenv("CASEY_MAX_WAIT"), defaultMaxWait.String()))
	if err != nil || s.MaxWait <= 0 {
		check(fmt.Errorf("CASEY_MAX_WAIT is %q: it must be a duration like 4m", getenv("CASEY_MAX_WAIT")))
	}
	s.Service = getenv("CASEY_SERVICE")
	s.Log, err = logging.FromEnvironment(getenv)
	check(err)
	return s, errors.Join(errs...)
}

func required(getenv func(string) string, name, what string) (string, error) {
	value := getenv(name)
	if value == "" {
		return "", fmt.Errorf("%s is not set: it must be %s", name, what)
	}
	return value, nil
}

func iceServers(value string) ([]wire.ICEServer, error) {
	if value == "" {
		return nil, nil
	}
	var servers []wire.ICEServer
	if err := json.Unmarshal([]byte(value), &servers); err != nil {
		return nil, fmt.Errorf(`ICE_SERVERS is no JSON array like [{"urls":["stun:host:3478"]}]: %w`, err)
	}
	for _, server := range servers {
		for _, u := range server.URLs {
			if scheme, _, _ := strings.Cut(u, ":"); scheme != "stun" && scheme != "stuns" && scheme != "turn" && scheme != "turns" {
				return nil, fmt.Errorf("ICE_SERVERS has %q: the URL of an ICE server has the scheme stun, stuns, turn or turns", u)
			}
		}
		if len(server.URLs) == 0 {
			return nil, errors.New("ICE_SERVERS has a server without urls")
		}
	}
	return servers, nil
}
