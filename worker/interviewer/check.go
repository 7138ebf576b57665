package interviewer

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	xlanguage "golang.org/x/text/language"
	"golang.org/x/text/message"

	"casey.internal/worker/language"
)

// schemaFile has the shape of an interview's file, for editors and for check.
const schemaFile = "interview.schema.json"

// FileError is one thing that is wrong with an interview's file.
type FileError struct {
	File  string
	Line  int
	Place string // in the file, as in phases[0].name; empty = all of it
	Wrong string
}

// Error says where it is and what.
func (m *FileError) Error() string {
	if m.Place == "" {
		return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Wrong)
	}
	return fmt.Sprintf("%s:%d: %s: %s", m.File, m.Line, m.Place, m.Wrong)
}

// schema is the schema, compiled.
var schema = sync.OnceValue(func() *jsonschema.Schema {
	data, err := embedded.ReadFile("interviews/" + schemaFile)
	if err != nil {
		panic(err) // it is embedded
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		panic(err) // a test reads it
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(schemaFile, doc); err != nil {
		panic(err) // as above
	}
	return c.MustCompile(schemaFile)
})

// checker gathers what is wrong with one file.
type checker struct {
	files fs.FS
	file  string
	lines *lines
	wrong []error
}

func (c *checker) add(p place, format string, args ...any) {
	c.wrong = append(c.wrong, &FileError{c.file, c.lines.of(p), p.String(), fmt.Sprintf(format, args...)})
}

// parse reads an interview's file; the error joins a *FileError for each thing that is
// wrong, with its shape first, and only then with what it says.
func parse(files fs.FS, file string, data []byte) (*Interview, error) {
	if err := json.Unmarshal(data, new(any)); err != nil {
		line := 1
		if at, ok := errors.AsType[*json.SyntaxError](err); ok {
			line = lineAt(data, at.Offset-1)
		}
		return nil, &FileError{file, line, "", "this is no JSON: " + err.Error()}
	}
	c := &checker{files: files, file: file, lines: readLines(data)}
	for _, p := range c.lines.twice {
		c.add(p, "it is there twice")
	}
	c.checkShape(data)
	i := new(Interview)
	if len(c.wrong) == 0 {
		if err := json.Unmarshal(data, i); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err) // the schema and the type disagree
		}
		c.checkLanguage(i)
		c.checkPhases(i)
		c.checkRubric(i)
		c.checkExhibits(i)
	}
	return i, errors.Join(c.wrong...)
}

// checkShape checks a file against the schema.
func (c *checker) checkShape(data []byte) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err == nil {
		err = schema().Validate(doc)
	}
	if all, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
		c.addShape(all)
	} else if err != nil {
		c.add(nil, "%v", err)
	}
}

var english = message.NewPrinter(xlanguage.English)

// addShape adds what the schema found, each thing once.
func (c *checker) addShape(e *jsonschema.ValidationError) {
	for _, cause := range e.Causes {
		c.addShape(cause)
	}
	at := place(e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			c.add(append(slices.Clone(at), name), "there is no such field")
		}
	case *kind.Required:
		for _, name := range k.Missing {
			c.add(at, "%s is missing", name)
		}
	case *kind.Pattern:
		c.add(at, "%q is not possible here: it has to match %s", k.Got, k.Want)
	case *kind.MaxLength:
		c.add(at, "it has %d characters; %d are possible", k.Got, k.Want)
	case *kind.MinItems:
		c.add(at, "it needs at least one line")
	default:
		if len(e.Causes) == 0 {
			c.add(at, "%s", k.LocalizedString(english))
		}
	}
}

// checkLanguage checks that the interview can be heard, and that its voice speaks its
// language. A voice that is not known may be a new one.
func (c *checker) checkLanguage(i *Interview) {
	if i.Language != "" && !slices.Contains(heard, i.Language) {
		c.add(place{"language"}, "Amazon Transcribe's streaming has no language %s", i.Language)
	}
	if tag := speaks(i.Voice); tag != "" && i.Language != "" && language.Of(tag) != i.spoken() {
		c.add(place{"voice"}, "%s speaks %s, and the interview is in %s", i.Voice, language.Of(tag).Name(), i.spoken().Name())
	}
}

// mentioned is an exhibit that a goal speaks of.
var mentioned = regexp.MustCompile(`(?i)exhibit (\d+)`)

// checkPhases checks that the phases fit into the interview, and that they
// show what there is.
func (c *checker) checkPhases(i *Interview) {
	given, without := 0, 0
	for n, p := range i.Phases {
		given += p.Minutes
		if p.Minutes == 0 {
			without++
		}
		for m, goal := range p.Goals {
			for _, number := range mentioned.FindAllStringSubmatch(goal, -1) {
				if e, err := strconv.Atoi(number[1]); err != nil || e < 1 || e > len(i.Exhibits) {
					c.add(place{"phases", strconv.Itoa(n), "goals", strconv.Itoa(m)}, "there is no exhibit %s", number[1])
				}
			}
		}
	}
	if given+without > i.Minutes || without == 0 && given < i.Minutes {
		c.add(place{"minutes"}, "the interview has %d minutes, its phases have %d; give them as many together, or some none", i.Minutes, given)
	}
}

func (c *checker) checkRubric(i *Interview) {
	names := map[string]bool{}
	for n, criterion := range i.Rubric {
		if names[criterion.Name] {
			c.add(place{"rubric", strconv.Itoa(n), "name"}, "the criterion %q is there twice", criterion.Name)
		}
		names[criterion.Name] = true
	}
}

// checkExhibits loads the exhibits' images.
func (c *checker) checkExhibits(i *Interview) {
	for n := range i.Exhibits {
		if err := i.Exhibits[n].load(c.files); err != nil {
			c.add(place{"exhibits", strconv.Itoa(n), "file"}, "%v", err)
		}
	}
}

// isSVG reports whether data is an SVG image: XML, of which svg is the root.
func isSVG(data []byte) bool {
	var root struct{ XMLName xml.Name }
	return xml.Unmarshal(data, &root) == nil && strings.EqualFold(root.XMLName.Local, "svg")
}
