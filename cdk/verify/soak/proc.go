package soak

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// look reads what Linux's /proc says of a process
// (https://man7.org/linux/man-pages/man5/proc.5.html).
func look(pid int) (process, error) {
	var p process
	folder := filepath.Join("/proc", strconv.Itoa(pid))
	err := p.countFiles(folder)
	if err == nil {
		err = p.weigh(folder)
	}
	if err != nil {
		return p, fmt.Errorf("look at a process: %w", err)
	}
	return p, nil
}

// countFiles tells connections, of which clients keep some, from other files.
func (p *process) countFiles(folder string) error {
	connections, err := connections(folder)
	if err != nil {
		return err
	}
	files, err := os.ReadDir(filepath.Join(folder, "fd"))
	if err != nil {
		return err
	}
	for _, f := range files {
		target, err := os.Readlink(filepath.Join(folder, "fd", f.Name()))
		switch {
		case err != nil: // it was closed meanwhile
		case connections[target]:
			p.connections++
		default:
			p.files++
		}
	}
	return nil
}

// connections are all TCP sockets, by the name that a file of a process has
// for them.
func connections(folder string) (map[string]bool, error) {
	found := map[string]bool{}
	for _, table := range []string{"net/tcp", "net/tcp6"} {
		text, err := os.ReadFile(filepath.Join(folder, table))
		if err != nil && !os.IsNotExist(err) {
			return nil, err
		}
		for line := range strings.Lines(string(text)) {
			const state, listens, inode = 3, "0A", 9
			if fields := strings.Fields(line); len(fields) > inode && fields[state] != listens {
				found["socket:["+fields[inode]+"]"] = true
			}
		}
	}
	return found, nil
}

// weigh reads how much memory is resident.
func (p *process) weigh(folder string) error {
	status, err := os.ReadFile(filepath.Join(folder, "status"))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(status)) {
		rest, ok := strings.CutPrefix(line, "VmRSS:")
		if !ok {
			continue
		}
		kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
		p.resident = kb << 10
		return err
	}
	return nil
}

// bootstraps are the processes of Lambda functions that this one has started,
// by the function's name.
func bootstraps(parent int) (map[string]int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, fmt.Errorf("look at the functions: %w", err)
	}
	found := map[string]int{}
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		_, rest, _ := bytes.Cut(stat, []byte(") "))
		fields := strings.Fields(string(rest)) // state, parent, ...
		if len(fields) < 2 || fields[1] != strconv.Itoa(parent) {
			continue
		}
		folder := filepath.Dir(path)
		pid, err := strconv.Atoi(filepath.Base(folder))
		if err != nil {
			return nil, fmt.Errorf("look at the functions: %w", err)
		}
		if program, err := os.Readlink(filepath.Join(folder, "exe")); err == nil && strings.HasPrefix(filepath.Base(program), "bootstrap") {
			found[filepath.Base(filepath.Dir(program))] = pid
		}
	}
	return found, nil
}
