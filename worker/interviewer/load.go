package interviewer

import (
	"bytes"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"casey.internal/shared/apperr"
)

//go:embed interviews
var embedded embed.FS

// Default is the interview that a session has which names none.
const Default = "coach"

// maxImage is the largest exhibit, in bytes: it goes over the data channel.
const maxImage = 16 << 10

// Load returns an interview that comes with casey, Default for an empty name.
// An unknown name is a *fault.Error.
func Load(name string) (*Interview, error) {
	if name == "" {
		name = Default
	}
	files, err := fs.Sub(embedded, "interviews")
	if err != nil {
		return nil, err
	}
	if slices.Contains(Names(), name) {
		return Read(files, name)
	}
	return nil, apperr.New(apperr.Malformed, "There is no interview called %q; there are %s.", name, strings.Join(Names(), ", "))
}

// Names are the interviews that come with casey, in alphabetical order.
func Names() []string {
	files, err := fs.Glob(embedded, "interviews/*.json")
	if err != nil {
		return nil
	}
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(file, "interviews/"), ".json"))
	}
	return names
}

// Read reads and checks the interview in name.json, with its exhibits. The
// error says all that is wrong with it.
func Read(files fs.FS, name string) (*Interview, error) {
	data, err := fs.ReadFile(files, name+".json")
	if err != nil {
		return nil, fmt.Errorf("interview %s: %w", name, err)
	}
	i := new(Interview)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(i); err != nil {
		return nil, fmt.Errorf("interview %s: %w", name, err)
	}
	if err := i.check(); err != nil {
		return nil, fmt.Errorf("interview %s: %w", name, err)
	}
	for n := range i.Exhibits {
		if err := i.Exhibits[n].load(files); err != nil {
			return nil, fmt.Errorf("interview %s: exhibit %d: %w", name, n+1, err)
		}
	}
	return i, nil
}

func (e *Exhibit) load(files fs.FS) error {
	image, err := fs.ReadFile(files, e.File)
	if err != nil {
		return err
	}
	if len(image) > maxImage {
		return fmt.Errorf("%s has %d bytes; %d are possible", e.File, len(image), maxImage)
	}
	e.url = "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(image)
	return nil
}
