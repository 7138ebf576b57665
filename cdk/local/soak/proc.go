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
	folder := filepath.Join("/proc", strconv.Itoa(pid))
	files, err := os.ReadDir(filepath.Join(folder, "fd"))
	if err != nil {
		return process{}, fmt.Errorf("look at a process: %w", err)
	}
	status, err := os.ReadFile(filepath.Join(folder, "status"))
	if err != nil {
		return process{}, fmt.Errorf("look at a process: %w", err)
	}
	p := process{files: int64(len(files))}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err != nil {
				return p, fmt.Errorf("look at a process: %w", err)
			}
			p.resident = kb << 10
		}
	}
	return p, nil
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
