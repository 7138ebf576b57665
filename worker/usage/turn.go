package usage

import "context"

type turnKey struct{}

// InTurn returns a context whose calls are made for a turn of the session.
func InTurn(ctx context.Context, turn int) context.Context {
	return context.WithValue(ctx, turnKey{}, turn)
}

// TurnOf returns the turn for which a call with this context is made; 0 = none.
func TurnOf(ctx context.Context) int {
	turn, _ := ctx.Value(turnKey{}).(int)
	return turn
}
