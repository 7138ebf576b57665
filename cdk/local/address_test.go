package local

import (
	"net"
	"slices"
	"strings"
	"testing"
)

// TestWorkersOfferMediaWhereFirefoxLooks is that they announce more than
// loopback wherever there is more, and nothing that is not this machine's.
func TestWorkersOfferMediaWhereFirefoxLooks(t *testing.T) {
	offered := strings.Split(mediaAddresses(), ",")
	if offered[0] != "127.0.0.1" {
		t.Errorf("offered at %q", offered)
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	var ours []string
	for _, a := range all {
		ours = append(ours, a.(*net.IPNet).IP.String())
	}
	for _, a := range offered {
		if !slices.Contains(ours, a) {
			t.Errorf("%s is offered, and the machine has %q", a, ours)
		}
	}
	if own := ownAddress(); own.IsValid() && !own.IsLoopback() && !slices.Contains(offered, own.String()) {
		t.Errorf("%s is not among %q", own, offered)
	}
	env := (&Stack{state: &state{}}).workerEnv(":0", 1)
	if !slices.Contains(env, "MEDIA_ADDRESS="+mediaAddresses()) || strings.Contains(strings.Join(env, " "), "PUBLIC_ADDRESS") {
		t.Errorf("a worker is told %q", env)
	}
}
