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
)

//go:embed interviews
var embedded embed.FS

// standard is the interview of a session that names none, where it is on the shelf.
const standard = "coach"

// maxImage is the largest exhibit, in bytes: it goes over the data channel.
const maxImage = 16 << 10

// Shelf holds interviews by their names. It does not change.
type Shelf struct{ interviews map[string]*Interview }

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
// exhibits beside it. The error says all that is wrong with any of them.
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
	if len(s.interviews) == 0 {
		wrong = append(wrong, errors.New("there is no interview: a folder of interviews has a .json file for each"))
	}
	return s, errors.Join(wrong...)
}

// Names returns the names of the interviews, in alphabetical order.
func (s *Shelf) Names() []string { return slices.Sorted(maps.Keys(s.interviews)) }

// Find returns an interview: NAME, NAME.LEVEL for one of its levels, or for
// an empty name the one that is held where nobody chose. One that is not there is
// an *apperr.Error.
func (s *Shelf) Find(name string) (*Interview, error) {
	name, level, levelled := strings.Cut(cmp.Or(name, s.standard()), ".")
	i, ok := s.interviews[name]
	if !ok {
		return nil, apperr.New(apperr.Malformed, "There is no interview called %q; there are %s.", name, strings.Join(s.Names(), ", "))
	}
	if _, has := i.Levels[Usual]; !levelled && !has {
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

// named is a name that fits into an address: NAME.LEVEL is chosen by it.
var named = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Reserved are the names of what is held in a session and is no interview.
var Reserved = []string{"soundcheck", "checkup"}

// Read reads and checks the interview in name.json, with its exhibits. The
// error joins a *MistakeError for each thing that is wrong with it.
func Read(files fs.FS, name string) (*Interview, error) {
	file := name + ".json"
	if !named.MatchString(name) || slices.Contains(Reserved, name) {
		return nil, &MistakeError{file, 1, "", "a file of an interview is called by small letters, digits and hyphens, and not " + strings.Join(Reserved, " or ")}
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
