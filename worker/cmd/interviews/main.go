// Command interviews checks a folder of interviews: it says all that is wrong with
// them, with file and line, or lists them.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"casey.internal/worker/interviewer"
	"casey.internal/worker/language"
)

// errWrong says that what is wrong has been told.
var errWrong = errors.New("the interviews cannot be held as they are")

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "interviews:", err)
		os.Exit(1)
	}
}

func run(folders []string, out io.Writer) error {
	if len(folders) != 1 {
		return errors.New("name one folder, as in `make interviews FOLDER=my`")
	}
	files, err := fs.Stat(os.DirFS(folders[0]), ".")
	if err != nil || !files.IsDir() {
		return fmt.Errorf("%s is no folder", folders[0])
	}
	shelf, err := interviewer.Open(os.DirFS(folders[0]))
	if err != nil {
		for line := range strings.Lines(err.Error() + "\n") {
			if _, err := io.WriteString(out, filepath.Join(folders[0], line)); err != nil {
				return err
			}
		}
		return errWrong
	}
	for _, c := range shelf.Catalogue() {
		if _, err := fmt.Fprintf(out, "%-16s %s with %s, %d minutes%s\n", c.Name, c.Title, c.Interviewer.Name, c.Minutes, also(c)); err != nil {
			return err
		}
	}
	return nil
}

// also are the further languages of an interview.
func also(c interviewer.Card) string {
	var all []string
	for _, t := range c.Languages {
		all = append(all, language.Of(t.Language).Name())
	}
	if len(all) == 0 {
		return ""
	}
	return ", also in " + strings.Join(all, " and ")
}
