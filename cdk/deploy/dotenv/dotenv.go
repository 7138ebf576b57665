// Package dotenv reads files of NAME=VALUE lines. There is one for each
// principal, and each is read by its own command alone: cdk/.env by make deploy
// and its like, cdk/local/.env by make run with the real AWS.
package dotenv

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Enter takes what a file sets into the environment of the process, where the
// AWS SDK and the CDK look. What is there already stays.
func Enter(file string) error {
	set, err := Load(file)
	for name, value := range set {
		if _, there := os.LookupEnv(name); !there {
			err = errors.Join(err, os.Setenv(name, value))
		}
	}
	return err
}

// Load returns what a file sets; a file that is not there sets nothing. Empty
// lines and those that begin with # are comments; quotes around a value go.
func Load(file string) (map[string]string, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	set, number := map[string]string{}, 0
	for line := range strings.Lines(string(data)) {
		number++
		line = strings.TrimPrefix(strings.TrimSpace(line), "export ")
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, fmt.Errorf("line %d of %s is no NAME=VALUE", number, file)
		}
		set[strings.TrimSpace(name)] = unquote(strings.TrimSpace(value))
	}
	return set, nil
}

func unquote(s string) string {
	if n := len(s); n >= 2 && (s[0] == '"' || s[0] == '\'') && s[n-1] == s[0] {
		return s[1 : n-1]
	}
	return s
}
