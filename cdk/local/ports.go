package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
)

// freePorts returns n TCP ports of the loopback address that nobody uses just now.
func freePorts(ctx context.Context, n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("find a free port: %w", err)
		}
		defer func() { _ = l.Close() }() // only at the end, so that all are different
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// loopback is the address of a port.
func loopback(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }

// freeMediaPort returns a port that is free for UDP and TCP alike.
func freeMediaPort(ctx context.Context) (int, error) {
	for range 100 {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return 0, fmt.Errorf("find a free port: %w", err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		u, err := new(net.ListenConfig).ListenPacket(ctx, "udp", loopback(port))
		if err == nil {
			return port, errors.Join(u.Close(), l.Close())
		}
		_ = l.Close()
	}
	return 0, errors.New("find a free port: none is free for UDP and TCP")
}
