package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"casey.internal/cdk/local/process/child"
)

// exitGrace is for how long a Firefox that was told to end may go on.
const exitGrace = 5 * time.Second

// preferences are those of a Firefox: as it is installed, but for the microphone.
func (o Options) preferences() string {
	return fmt.Sprintf("user_pref(\"media.navigator.streams.fake\", %v);\n", !o.Devices) +
		"user_pref(\"media.navigator.permission.disabled\", true);\n" // asks nobody
}

// runFirefox starts a Firefox and waits until it can be driven, at the URL of
// its WebDriver BiDi. All that it writes is in the folder scratch.
func runFirefox(ctx context.Context, path, scratch string, o Options) (p *child.Process, url string, err error) {
	if err := os.WriteFile(filepath.Join(scratch, "user.js"), []byte(o.preferences()), 0o600); err != nil {
		return nil, "", err
	}
	command := exec.CommandContext(context.WithoutCancel(ctx), path,
		"--headless", "--no-remote", "--profile", scratch, "--remote-debugging-port", "0")
	command.Env = append(append(os.Environ(), "HOME="+scratch, "TMPDIR="+scratch, "MOZ_CRASHREPORTER_DISABLE=1"), o.Env...)
	found := make(chan string, 1)
	command.Stderr = child.NewLines(listening(found))
	if p, err = child.Start(command); err != nil {
		return nil, "", err
	}
	select {
	case url = <-found:
		return p, url, nil
	case <-p.Done():
		return nil, "", fmt.Errorf("it ended at once: %w", p.Wait())
	case <-ctx.Done():
		p.Kill()
		return nil, "", context.Cause(ctx)
	}
}

// listening looks for the URL in the lines that Firefox writes.
func listening(found chan<- string) func(line string) {
	var once sync.Once
	return func(line string) {
		if _, address, ok := strings.Cut(line, "WebDriver BiDi listening on "); ok {
			once.Do(func() { found <- address + "/session" })
		}
	}
}
