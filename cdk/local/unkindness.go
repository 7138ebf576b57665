package local

import (
	"context"

	"casey.internal/cdk/local/gateway"
)

// Unkindness says how unkind the stand-ins are.
type Unkindness struct{}

func (s *Stack) startUnkind(context.Context) error { return nil }

func (s *Stack) cold() bool { return false }

func (s *Stack) mischief() gateway.Mischief { return nil }
