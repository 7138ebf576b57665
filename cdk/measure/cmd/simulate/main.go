// Command simulate plays casey's fleet on AWS against crowds, prints what came
// of it, tries the alternatives of the defaults, and writes build/simulate. It
// exits with 1 when a default is not the one that the rule picks.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"casey.internal/cdk/command"
	"casey.internal/cdk/local"
	"casey.internal/cdk/measure/fleet"
	"casey.internal/cdk/measure/report"
)

func main() { command.Main("simulate", run) }

// run plays what the arguments ask for: a scenario of one's own, or all.
func run(ctx context.Context, args []string) error {
	asked, err := parse(args, os.Stderr)
	if err != nil {
		return err
	}
	root, err := local.Root()
	if err != nil {
		return err
	}
	folder := filepath.Join(root, "build", "simulate")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make the folder of results: %w", err)
	}
	if asked.own {
		_, err := show(ctx, folder, filepath.Join(folder, "own.svg"), []fleet.Scenario{asked.scenario()})
		return err
	}
	picture := filepath.Join(root, "cdk", "measure", "fleet", "fleet.svg") // the README shows it
	if asked.seed != 1 {
		picture = filepath.Join(folder, "fleet.svg")
	}
	scenarios := fleet.Standard()
	for i := range scenarios {
		scenarios[i].Seed = asked.seed
	}
	results, err := show(ctx, folder, picture, scenarios)
	if err != nil {
		return err
	}
	if err := table(root, results).Write(filepath.Join(root, "build", "bench")); err != nil {
		return err
	}
	if err := needs(folder); err != nil {
		return err
	}
	return defaults(ctx, folder)
}

// show plays scenarios and prints, draws and stores what came of them.
func show(ctx context.Context, folder, picture string, scenarios []fleet.Scenario) ([]fleet.Result, error) {
	results, err := fleet.RunAll(ctx, scenarios)
	if err != nil {
		return nil, err
	}
	for _, r := range results {
		if err := store(folder, r.Name, r); err != nil {
			return nil, err
		}
	}
	if err := os.WriteFile(picture, []byte(fleet.Picture(results)), 0o644); err != nil {
		return nil, fmt.Errorf("write the picture: %w", err)
	}
	if err := fleet.PrintResults(os.Stdout, results); err != nil {
		return nil, err
	}
	_, err = fmt.Printf("\npicture: %s; every ten seconds of each: %s\n", picture, folder)
	return results, err
}

// table returns the report that all benchmarks write: the figures by which they are
// compared.
func table(root string, results []fleet.Result) *report.Table {
	t := report.NewTable("simulate", root)
	for _, r := range results {
		t.Note(r.Name+": refused", float64(r.Refused), "")
		t.Note(r.Name+": wait p50", r.WaitP50, "s")
		t.Note(r.Name+": wait p95", r.WaitP95, "s")
		t.Note(r.Name+": wait p99", r.WaitP99, "s")
		t.Note(r.Name+": task-hours of the ideal", r.TaskHours/r.IdealHours, "")
		t.Note(r.Name+": workers", r.Workers, "$")
	}
	return t
}

// needs prints which quotas so many interviews need.
func needs(folder string) error {
	var all []fleet.Need
	for _, n := range []int{25, 100, 500, 2500} {
		all = append(all, fleet.NeedOf(n))
	}
	if err := store(folder, "needs", all); err != nil {
		return err
	}
	fmt.Println()
	return fleet.PrintNeeds(os.Stdout, all)
}

// defaults tries the alternatives of the defaults. That a default is not the one
// that is picked is an error.
func defaults(ctx context.Context, folder string) error {
	knobs := fleet.Knobs()
	if err := fleet.TryAll(ctx, knobs); err != nil {
		return err
	}
	if err := store(folder, "defaults", knobs); err != nil {
		return err
	}
	fmt.Printf("\n%s\n\n", fleet.Rule)
	if err := fleet.PrintKnobs(os.Stdout, knobs); err != nil {
		return err
	}
	for _, k := range knobs {
		if k.Picked != k.Shipped {
			return fmt.Errorf("the default of %s is %s, but %q is picked", k.Name, k.Shipped, k.Picked)
		}
	}
	return nil
}
