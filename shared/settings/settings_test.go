package settings_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"casey.internal/shared/settings"
)

type config struct {
	name, maybe, way string
	number           int
	wait             time.Duration
	on               bool
	level            slog.Level
}

var table = settings.Table[config]{
	settings.Var("NAME", "", "a name", settings.Text(func(c *config) *string { return &c.name })),
	settings.Var("MAYBE", "", "a name; empty = none", settings.Optional(settings.Text(func(c *config) *string { return &c.maybe }))),
	settings.Var("WAY", "udp", "udp or tcp", settings.Choice(func(c *config) *string { return &c.way }, "udp", "tcp")),
	settings.Var("NUMBER", "3", "2 to 4", settings.Number(2, 4, func(c *config) *int { return &c.number })),
	settings.Var("WAIT", "4s", "1s to 5s", settings.Duration(time.Second, 5*time.Second, func(c *config) *time.Duration { return &c.wait })),
	settings.Var("ON", "0", "1 for on, else 0", settings.Flag(func(c *config) *bool { return &c.on })),
	settings.Var("LEVEL", "info", "debug, info, warn or error", settings.Level(func(c *config) *slog.Level { return &c.level })),
}

func read(pairs map[string]string) (*config, error) {
	return table.Read(func(name string) string { return pairs[name] })
}

func TestWhatIsSetAndWhatIsNot(t *testing.T) {
	c, err := read(map[string]string{"NAME": "n"})
	if want := (config{name: "n", way: "udp", number: 3, wait: 4 * time.Second}); err != nil || *c != want {
		t.Errorf("%+v, %v", c, err)
	}
	c, err = read(map[string]string{"NAME": "n", "MAYBE": "m", "WAY": "tcp", "NUMBER": "4", "WAIT": "5s", "ON": "1", "LEVEL": "ERROR"})
	if want := (config{"n", "m", "tcp", 4, 5 * time.Second, true, slog.LevelError}); err != nil || *c != want {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestABadValueIsASentence(t *testing.T) {
	for name, value := range map[string]string{
		"NAME": "", "WAY": "sctp", "NUMBER": "5", "WAIT": "soon", "ON": "yes", "LEVEL": "loud",
	} {
		pairs := map[string]string{"NAME": "n"}
		pairs[name] = value
		_, err := read(pairs)
		bad, ok := errors.AsType[*settings.Error](err)
		if !ok || bad.Name != name || !strings.HasPrefix(err.Error(), name+` is "`+value+`", but must be `) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
	if _, err := read(map[string]string{"ON": "2", "WAIT": "1h"}); strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("three bad values are %v", err)
	}
}

func TestTheTableIsPrinted(t *testing.T) {
	var out strings.Builder
	if err := table.Print(&out); err != nil || !strings.Contains(out.String(), "NUMBER    3        2 to 4\n") {
		t.Errorf("%v:\n%s", err, out.String())
	}
}
