//go:build !linux

package child

import "syscall"

// attributes puts the child into a group of its own. Only Linux can tie its life to ours.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
