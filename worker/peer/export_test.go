package peer

// ListenOn lets tests of this package run on pion's virtual network.
var ListenOn = listen

// Reachable reports whether a worker would send checks to a candidate.
func Reachable(allowPrivate bool, candidate string) bool {
	n := Network{cfg: Config{AllowPrivate: allowPrivate}}
	return n.reachable(candidate)
}
