package peer

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// loggers sends pion's messages to slog, at debug level: pion warns of
// whatever a browser does wrong, and its messages are not static.
type loggers struct{ log *slog.Logger }

// NewLogger implements pion's logging.LoggerFactory.
func (l loggers) NewLogger(scope string) logging.LeveledLogger { return logger{l.log, scope} }

type logger struct {
	log   *slog.Logger
	scope string
}

func (l logger) write(format string, args ...any) {
	if l.log.Enabled(context.Background(), slog.LevelDebug) {
		l.log.Debug("pion", "scope", l.scope, "said", fmt.Sprintf(format, args...))
	}
}

func (logger) Trace(string)                       {}
func (logger) Tracef(string, ...any)              {}
func (logger) Debug(string)                       {}
func (logger) Debugf(string, ...any)              {}
func (logger) Info(string)                        {}
func (logger) Infof(string, ...any)               {}
func (l logger) Warn(msg string)                  { l.write("%s", msg) }
func (l logger) Warnf(format string, args ...any) { l.write(format, args...) }
func (l logger) Error(msg string)                 { l.write("%s", msg) }
func (l logger) Errorf(f string, args ...any)     { l.write(f, args...) }
