package scaling_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"casey.internal/cdk/scaling"
)

// evaluate computes an expression of CloudWatch's metric math, as far as ours
// go: it looks like Go but for the lists.
func evaluate(t *testing.T, expression string, readings map[string]float64) float64 {
	t.Helper()
	tree, err := parser.ParseExpr(strings.NewReplacer("[", "", "]", "").Replace(expression))
	if err != nil {
		t.Fatal(err)
	}
	return value(t, tree, readings)
}

func value(t *testing.T, tree ast.Expr, readings map[string]float64) float64 {
	t.Helper()
	switch e := tree.(type) {
	case *ast.ParenExpr:
		return value(t, e.X, readings)
	case *ast.BasicLit:
		n, err := strconv.ParseFloat(e.Value, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	case *ast.Ident:
		n, known := readings[e.Name]
		if !known {
			t.Fatalf("there is no reading %s", e.Name)
		}
		return n
	case *ast.BinaryExpr:
		x, y := value(t, e.X, readings), value(t, e.Y, readings)
		return map[string]float64{"+": x + y, "/": x / y}[e.Op.String()]
	case *ast.CallExpr:
		x := value(t, e.Args[0], readings)
		switch fmt.Sprint(e.Fun) {
		case "CEIL":
			return math.Ceil(x)
		case "FILL":
			return x
		case "MAX":
			return max(x, value(t, e.Args[1], readings))
		}
	}
	t.Fatalf("cannot compute %T", tree)
	return 0
}

// TestTheTemplateComputesTheLoad: what CloudWatch is told to compute is Load.
func TestTheTemplateComputesTheLoad(t *testing.T) {
	for _, active := range []float64{0, 1, 24, 25, 70} {
		for _, waiting := range []float64{0, 1, 30} {
			for _, busy := range []float64{0, 1, 4} {
				for _, workers := range []float64{1, 3, 10} {
					readings := map[string]float64{
						scaling.Active: active, scaling.Waiting: waiting, scaling.Busy: busy, scaling.Workers: workers,
					}
					readings[scaling.Needed] = evaluate(t, scaling.NeededExpression(5, 25), readings)
					got, want := evaluate(t, scaling.LoadExpression(), readings), scaling.Load(active, waiting, busy, workers, 5, 25)
					if got != want {
						t.Errorf("%v: the template has %v, Load is %v", readings, got, want)
					}
				}
			}
		}
	}
}

func TestLoad(t *testing.T) {
	for _, c := range []struct{ active, waiting, busy, workers, want float64 }{
		{0, 0, 0, 1, 1},     // five warm slots need a worker
		{20, 0, 1, 1, 1},    // its last five are the warm ones
		{21, 0, 1, 1, 2},    // they are no more
		{20, 6, 1, 1, 2},    // those who wait count
		{3, 0, 3, 3, 1},     // one would do, but three are busy
		{20, 0, 1, 10, 0.1}, // nine too many
	} {
		if got := scaling.Load(c.active, c.waiting, c.busy, c.workers, 5, 25); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	if got := scaling.Load(1, 0, 0, 0, 5, 25); !math.IsNaN(got) {
		t.Errorf("without a worker the load is %v", got)
	}
}

func TestStepsOnlyAdd(t *testing.T) {
	for _, slots := range []int{1, 25, 100} {
		policy := scaling.For(slots)
		for first, steps := range map[int][]scaling.Step{1: policy.Steps, 3: policy.DepthSteps()} { // one in the queue is on its way to a slot
			ascend := slices.IsSortedFunc(steps, func(a, b scaling.Step) int { return a.Waiting - b.Waiting })
			if !ascend || steps[0].Waiting != first || slices.ContainsFunc(steps, func(s scaling.Step) bool { return s.Add < 1 }) {
				t.Errorf("%d slots: %v", slots, steps)
			}
		}
	}
}

func TestNoMoreWorkersThanStreamsFor(t *testing.T) {
	for _, c := range []struct{ least, most, streams, slots, want int }{
		{1, 10, 25, 25, 2}, {1, 10, 26, 25, 3}, {1, 10, 0, 25, 10}, {1, 10, 2500, 25, 10}, {4, 10, 25, 25, 4}, {1, 1, 25, 25, 1},
	} {
		if got := scaling.Most(c.least, c.most, c.streams, c.slots); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}
