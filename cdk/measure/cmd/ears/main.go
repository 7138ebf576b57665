// Command ears measures how well the local Transcribe hears and the local Polly is understood, on
// recordings of people: CASEY_SPEECH is a folder of them, with a MANIFEST.md.
package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"time"

	"casey.internal/cdk/command"
	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/engines"
	"casey.internal/cdk/local/aws/polly/espeak"
	"casey.internal/cdk/local/aws/polly/hibari"
	"casey.internal/cdk/local/aws/transcribe/keep"
	"casey.internal/cdk/local/aws/transcribe/moonshine"
	"casey.internal/cdk/local/aws/transcribe/recognizer"
	"casey.internal/cdk/local/aws/transcribe/sphinx"
	"casey.internal/cdk/local/aws/transcribe/vocabulary"
	"casey.internal/cdk/measure/ears"
	"casey.internal/cdk/measure/report"
)

func main() { command.Main("ears", run) }

// finalDelay is that of the stand-ins.
const finalDelay = 1100 * time.Millisecond

// interview is what the voices say.
const interview = `Thank you for coming today. Could you tell me a little about yourself?
What was the hardest part of that project, and how did you find out where the problem was?
You said that the database was slow. How did you measure it?
Let us begin with a short case about a coffee company that sells in forty countries.
Their profit fell by twelve percent last year, although they sold more than ever before.
What would you look at first, and why?
That makes sense. Which numbers would you ask the manager for?
Please take a moment to look at the table on the left.
Could you explain once more how you came to that result?
Imagine that the two teams disagree about the plan. What do you do?
How do you make sure that a change is safe before it reaches your customers?
We have about five minutes left. Do you have any questions for me?`

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("ears", flag.ContinueOnError)
	recorded := flags.Bool("recorded", false, "tell how much of what `make run ARGS=-record` kept was wrong, of the recordings that somebody has corrected")
	if err := command.Parse(flags, args); err != nil {
		return err
	}
	if *recorded {
		return tellRecorded(flags.Arg(0))
	}
	folder := os.Getenv("CASEY_SPEECH")
	if folder == "" {
		return errors.New("CASEY_SPEECH names no folder of recordings")
	}
	root, err := local.Root()
	if err != nil {
		return err
	}
	b := ears.Bench{
		Sentences: strings.Split(interview, "\n"), Model: sphinx.DefaultModel,
		Progress: command.Progress,
	}
	if b.Recordings, err = ears.Recordings(ctx, folder); err != nil {
		return err
	}
	if err := load(&b); err != nil {
		return err
	}
	t := report.NewTable("ears", root)
	if err := b.Run(t); err != nil {
		return err
	}
	return t.Publish(filepath.Join(root, "build", "bench"))
}

// tellRecorded prints the words wrong in the recordings of a folder; "" is where
// `make run` keeps them.
func tellRecorded(folder string) error {
	if folder == "" {
		usual, err := keep.Folder()
		if err != nil {
			return err
		}
		folder = usual
	}
	all, err := keep.Recordings(folder)
	if err != nil {
		return err
	}
	return ears.TellRecorded(os.Stdout, folder, all)
}

// load loads the engines, which live as long as the process.
func load(b *ears.Bench) error {
	folder, err := engines.Folder()
	if err != nil {
		return err
	}
	ear, err := engines.Moonshine.In(folder)
	if err != nil {
		return err
	}
	voice, err := engines.Hibari.In(folder)
	if err != nil {
		return err
	}
	if b.Moonshine, err = moonshine.NewEngine(moonshine.Config{
		Wheel: ear, Quiet: finalDelay, Now: ears.Now, Denied: func() {},
		Behind: func(by time.Duration) { b.Progress("hearing is %v behind", by) },
		Failed: func(err error) { b.Progress("%v", err) },
	}); err != nil {
		return err
	}
	if b.Open, err = recognizer.NewEngine(sphinx.Config{Model: sphinx.DefaultModel, Quiet: finalDelay}, recognizer.Open, vocabulary.New(), func() {}); err != nil {
		return err
	}
	speaker, err := espeak.New()
	if err != nil {
		return err
	}
	b.Espeak = speaker
	b.Hibari, err = hibari.New(voice, ear, speaker, speaker)
	return err
}
