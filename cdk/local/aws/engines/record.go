package engines

import (
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
)

// record matches the list of a wheel's files and their hashes (PEP 376, "RECORD").
const record = "*.dist-info/RECORD"

// whole tells whether all files that are needed are in place, as the wheel's own list has them.
func (w Wheel) whole(place string) error {
	list, err := filepath.Glob(filepath.Join(place, record))
	if err != nil || len(list) != 1 {
		return fmt.Errorf("it has %d lists of its files", len(list))
	}
	f, err := os.Open(list[0])
	if err != nil {
		return fmt.Errorf("open its list of files: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	rows := csv.NewReader(f)
	rows.FieldsPerRecord = 3 // path, hash, size
	all, err := rows.ReadAll()
	if err != nil {
		return fmt.Errorf("read its list of files: %w", err)
	}
	for _, row := range all {
		name, hash := row[0], row[1]
		if hash == "" || matching(w.needed, name) == "" {
			continue
		}
		got, err := sum(filepath.Join(place, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		if "sha256="+base64.RawURLEncoding.EncodeToString(got) != hash {
			return fmt.Errorf("%s is not as it was", name)
		}
	}
	return nil
}
