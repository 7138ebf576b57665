// Command judge-eval measures how well a model of Bedrock judges whether somebody has
// finished, prints the row that it should have in worker/judge/rates.json, and writes
// build/bench/judge.json. It asks as a worker would: with AWS's own credentials, or a
// stand-in that AWS_ENDPOINT_URL_BEDROCK_RUNTIME names (a model server of one's own is
// behind casey's).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"casey.internal/cdk/command"
	"casey.internal/cdk/local"
	"casey.internal/cdk/measure/judges"
	"casey.internal/cdk/measure/report"
	"casey.internal/shared/foundation"
	"casey.internal/shared/price"
	"casey.internal/worker/bedrock"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/judge"
	"casey.internal/worker/turnend/answers"
)

func main() { command.Main("judge-eval", run) }

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("judge-eval", flag.ContinueOnError)
	model := flags.String("model", "", "a model or inference profile of Bedrock; empty = the smallest that casey knows in the region")
	own := flags.Bool("own", false, "measure the marks of an interviewer's own drafts (CASEY_JUDGE=own) with the interviewer's -model")
	atOnce := flags.Int("at-once", 2, "texts that are read at a time: more may be throttled")
	if err := command.Parse(flags, args); err != nil {
		return err
	}
	if *own && *model == "" {
		return command.WrongError{Err: errors.New("-own needs the interviewer's -model")}
	}
	if *atOnce < 1 {
		return command.WrongError{Err: errors.New("-at-once must be at least 1")}
	}
	cfg, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("read the AWS settings: %w", err)
	}
	if *model == "" {
		*model = foundation.Small(cfg.Region)
	}
	if *model == "" {
		return fmt.Errorf("casey knows no small model in region %q: choose one with -model, or another region with AWS_REGION", cfg.Region)
	}
	root, err := local.Root()
	if err != nil {
		return err
	}
	asked := bedrock.New(cfg, bedrock.Config{Model: *model}).Model("judge-eval", nil)
	if !*own {
		_, name := foundation.Split(*model)
		return measure(ctx, judge.New(asked, judge.Rates{}), *model, name, *atOnce, root)
	}
	coach, err := interviewer.BuiltIn().Find("coach")
	if err != nil {
		return err
	}
	return measure(ctx, judges.Marks{Interview: coach, Model: asked, Name: *model}, *model, ownRow, *atOnce, root)
}

// ownRow is the name of the row of an interviewer's own marks.
const ownRow = "own"

// measure reads both halves and shows what came of it, and the row of that name.
func measure(ctx context.Context, j conversation.Judge, model, row string, atOnce int, root string) error {
	table := report.NewTable("judge", root)
	tune, held := judges.Halves()
	var rates judge.Rates
	for _, half := range []struct {
		name  string
		texts []answers.Text
	}{{"the half that a prompt may be tuned on", tune}, {"the other half", held}} {
		result, err := judges.Measure(ctx, j, half.texts, atOnce)
		if err != nil {
			return fmt.Errorf("ask %s: %w", model, err)
		}
		note(table, half.name, model, len(half.texts), result)
		rates = result.Rates
	}
	if err := table.Print(os.Stdout); err != nil {
		return err
	}
	rates.Model = row
	rates.Source = fmt.Sprintf("make judge-eval, %s, %s, %d texts", model, time.Now().UTC().Format(time.DateOnly), len(held))
	text, err := json.MarshalIndent(rates, "  ", "  ")
	if err != nil {
		return fmt.Errorf("write the row: %w", err)
	}
	fmt.Printf("\nIts row in worker/judge/rates.json, of the half that nothing was tuned on:\n  %s\n", text)
	return table.Write(filepath.Join(root, "build", "bench"))
}

// note adds what a judge made of one half.
func note(table *report.Table, half, model string, n int, r judges.Result) {
	add := func(metric string, value float64, unit string) { table.Note(half+": "+metric, value, unit) }
	add("texts", float64(n), "")
	over := []conversation.Opinion{conversation.Finished, conversation.Asks}
	add("whole, said to be so", judges.Share(r.Rates.Whole, over...), "%")
	add("cut at a pause, said to be whole", judges.Share(r.Rates.Cut, over...), "%")
	add("cut where the words look complete, said to be whole", judges.Share(r.Complete, over...), "%")
	for _, o := range []conversation.Opinion{conversation.Finished, conversation.Unfinished, conversation.Thinks, conversation.Asks} {
		add("what \""+string(o)+"\" counts", r.Rates.Weight(o), "")
	}
	if len(r.Delays) > 0 {
		add("delay, p50", report.Percentile(r.Delays, 50), "ms")
		add("delay, p95", report.Percentile(r.Delays, 95), "ms")
	}
	add("too late", float64(r.Late), "")
	add("nonsense", float64(r.Nonsense), "")
	add("cost of a thousand words, as Bedrock asks for this model", 1000*price.Bedrock(model, r.Cost.Tokens)/float64(n), "$")
}
