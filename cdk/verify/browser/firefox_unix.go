//go:build unix

package browser

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// exitLimit is for how long a Firefox that was told to end may go on.
const exitLimit = 5 * time.Second

// preferences are those of a Firefox: as it is installed, but for the microphone.
func (o Options) preferences() string {
	set := map[string]any{"media.navigator.streams.fake": !o.Deaf && !o.Devices}
	if o.Refuse {
		set["permissions.default.microphone"] = 2 // SitePermissions.BLOCK
	} else {
		set["media.navigator.permission.disabled"] = true // asks nobody
	}
	var lines strings.Builder
	for name, value := range set {
		fmt.Fprintf(&lines, "user_pref(%q, %v);\n", name, value)
	}
	return lines.String()
}

// process is a Firefox that runs.
type process struct {
	url     string // of its WebDriver BiDi
	command *exec.Cmd
	reader  sync.WaitGroup
}

// runFirefox starts a Firefox and waits until it can be driven. All that it
// writes is in the folder scratch.
func runFirefox(ctx context.Context, path, scratch string, o Options) (*process, error) {
	if err := os.WriteFile(filepath.Join(scratch, "user.js"), []byte(o.preferences()), 0o600); err != nil {
		return nil, err
	}
	p := &process{command: exec.Command(path, "--headless", "--no-remote", "--profile", scratch, "--remote-debugging-port", "0")}
	p.command.Env = append(append(os.Environ(), "HOME="+scratch, "TMPDIR="+scratch, "MOZ_CRASHREPORTER_DISABLE=1"), o.Env...)
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its processes end together
	output, err := p.command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	found := make(chan string, 1)
	p.reader.Go(func() { read(output, found) })
	select {
	case url, ok := <-found:
		if !ok {
			err = errors.New("it ended at once")
		}
		p.url = url
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	if err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// read reads what Firefox writes, to its end, and sends the address of its BiDi.
func read(output io.Reader, found chan<- string) {
	defer close(found)
	lines := bufio.NewScanner(output)
	for sent := false; lines.Scan(); {
		if _, address, ok := strings.Cut(lines.Text(), "WebDriver BiDi listening on "); ok && !sent {
			found <- address + "/session"
			sent = true
		}
	}
}

// stop waits until it has ended, and kills it when it does not.
func (p *process) stop() {
	kill := func() { _ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL) }
	late := time.AfterFunc(exitLimit, kill)
	defer late.Stop()
	p.reader.Wait()
	_ = p.command.Wait() // that it was killed is no news
	kill()               // what it left of its own
}
