// Command page writes casey's page to a folder, as files that any web server
// can serve: index.html, its script and style under names that change with
// them, and config.json.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"casey.internal/cdk/page"
)

const help = `page writes casey's page to a folder, for a web server.

  page [-ws wss://…/ws] [-local] FOLDER

`

// usage is the exit status for a command line that is wrong.
const usage = 2

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	if _, wrong := errors.AsType[usageError](err); wrong {
		fmt.Fprintln(os.Stderr, "page:", err)
		os.Exit(usage)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "page:", err)
		os.Exit(1)
	}
}

// usageError is a mistake on the command line.
type usageError string

func (e usageError) Error() string { return string(e) }

func run(arguments []string, out, complaints io.Writer) error {
	var config page.Config
	set := flag.NewFlagSet("page", flag.ContinueOnError)
	set.SetOutput(complaints)
	set.StringVar(&config.WS, "ws", "", "casey's WebSocket `address`; default /ws of the page's own host")
	set.BoolVar(&config.Local, "local", false, "say on the page that it runs without AWS, with the poorer speech recognition")
	set.Usage = func() { _, _ = io.WriteString(complaints, help); set.PrintDefaults() }
	switch err := set.Parse(arguments); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return usageError(err.Error())
	case set.NArg() != 1:
		return usageError("name one folder to write to; see -help")
	}
	site, err := page.Bundle(config)
	if err != nil {
		return err
	}
	if err := site.Write(set.Arg(0)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d bytes in %s\n", site.Size(), set.Arg(0))
	return err
}
