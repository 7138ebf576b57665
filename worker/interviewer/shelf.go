package interviewer

import (
	"cmp"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"casey.internal/shared/apperr"
	"casey.internal/worker/language"
)

//go:embed interviews
var embedded embed.FS

// standard is the interview of a session that names none, where it is on the shelf.
const standard = "coach"

// maxImage is the largest exhibit, in bytes: it goes over the data channel.
const maxImage = 16 << 10

// Shelf holds interviews by their names. It does not change.
type Shelf struct {
	interviews map[string]*Interview // by their files' names, NAME or NAME.LANGUAGE
}

// BuiltIn returns the interviews that come with casey.
var BuiltIn = sync.OnceValue(func() *Shelf {
	files, err := fs.Sub(embedded, "interviews")
	if err != nil {
		panic(err) // the path is a constant
	}
	s, err := Open(files)
	if err != nil {
		panic(err) // a test reads them
	}
	return s
})

// Open reads and checks the interviews of a folder, each NAME.json with its
// exhibits beside it, and NAME.LANGUAGE.json for each further language that it can be
// held in. The error says all that is wrong with any of them.
func Open(files fs.FS) (*Shelf, error) {
	paths, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("list the interviews: %w", err)
	}
	s := &Shelf{interviews: map[string]*Interview{}}
	var wrong []error
	for _, path := range paths {
		if path == schemaFile {
			continue
		}
		name := strings.TrimSuffix(path, ".json")
		i, err := Read(files, name)
		s.interviews[name] = i
		wrong = append(wrong, err)
	}
	wrong = append(wrong, s.checkTranslations())
	if len(s.interviews) == 0 {
		wrong = append(wrong, errors.New("there is no interview: a folder of interviews has a .json file for each"))
	}
	return s, errors.Join(wrong...)
}

// checkTranslations checks that what is a further language of an interview fits it.
func (s *Shelf) checkTranslations() error {
	var wrong []error
	add := func(name, format string, args ...any) {
		wrong = append(wrong, &FileError{name + ".json", 1, "", fmt.Sprintf(format, args...)})
	}
	for _, name := range slices.Sorted(maps.Keys(s.interviews)) {
		base, tag, further := strings.Cut(name, ".")
		i, first := s.interviews[name], s.interviews[base]
		switch {
		case !further || i == nil:
		case first == nil:
			add(name, "there is no %s.json of which it is another language", base)
		case language.Language(tag) != i.spoken():
			add(name, "its language has to be %s, as its name says, and it is %q", language.Language(tag).Name(), i.Language)
		case first.Language == "" || first.spoken() == i.spoken():
			add(name, "%s.json has to say its own language, and another one", base)
		case !slices.Equal(i.levels(), first.levels()):
			add(name, "it has the levels %q, and %s.json %q", i.levels(), base, first.levels())
		}
	}
	return errors.Join(wrong...)
}

// Names returns the names of the interviews, in alphabetical order.
func (s *Shelf) Names() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.interviews)), func(name string) bool { return strings.Contains(name, ".") })
}

// Find returns an interview: NAME, NAME.LEVEL for one of its levels, NAME.LANGUAGE or
// NAME.LEVEL.LANGUAGE for a language that it can be held in, or for an empty name the
// one that is held where nobody chose. One that is not there is an *apperr.Error.
func (s *Shelf) Find(name string) (*Interview, error) {
	parts := strings.Split(cmp.Or(name, s.standard()), ".")
	name = parts[0]
	i, ok := s.interviews[name]
	if !ok {
		return nil, apperr.New(apperr.Malformed, "There is no interview called %q; there are %s.", name, strings.Join(s.Names(), ", "))
	}
	if last := parts[len(parts)-1]; len(parts) > 1 && coded.MatchString(last) {
		parts = parts[:len(parts)-1]
		if other, ok := s.interviews[name+"."+last]; ok {
			i = other
		} else if language.Language(last) != i.spoken() {
			return nil, apperr.New(apperr.Malformed, "The interview %q is not held in the language %q.", name, last)
		}
	}
	level := strings.Join(parts[1:], ".")
	if _, has := i.Levels[Usual]; level == "" && !has {
		return i, nil
	}
	i, ok = i.at(cmp.Or(Level(level), Usual))
	if !ok {
		return nil, apperr.New(apperr.Malformed, "The interview %q has no level %q.", name, level)
	}
	return i, nil
}

// standard is the name of the interview that is held where nobody chose.
func (s *Shelf) standard() string {
	if _, ok := s.interviews[standard]; ok {
		return standard
	}
	return s.Names()[0]
}

var (
	// named is a name that fits into an address: NAME.LEVEL.LANGUAGE is chosen by it.
	named = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}(?:\.[a-z]{2,3})?$`)
	// coded is the code of a language; no level has so few letters.
	coded = regexp.MustCompile(`^[a-z]{2,3}$`)
)

// Reserved are the names of what is held in a session and is no interview.
var Reserved = []string{"soundcheck", "checkup"}

// Read reads and checks the interview in name.json, with its exhibits. The
// error joins a *FileError for each thing that is wrong with it.
func Read(files fs.FS, name string) (*Interview, error) {
	file := name + ".json"
	if !named.MatchString(name) || slices.Contains(Reserved, name) {
		return nil, &FileError{file, 1, "", "a file of an interview is called by small letters, digits and hyphens, for another language with .de or the like, and not " + strings.Join(Reserved, " or ")}
	}
	data, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, fmt.Errorf("interview %s: %w", name, err)
	}
	return parse(files, file, data)
}

func (e *Exhibit) load(files fs.FS) error {
	image, err := fs.ReadFile(files, e.File)
	if err != nil {
		return err
	}
	if len(image) > maxImage {
		return fmt.Errorf("%s has %d bytes; %d are possible", e.File, len(image), maxImage)
	}
	if !isSVG(image) {
		return fmt.Errorf("%s is no SVG image", e.File)
	}
	e.url = "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(image)
	return nil
}
