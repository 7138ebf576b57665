package artifacts

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"casey.internal/cdk/options"
	"casey.internal/cdk/page"
	"casey.internal/worker/interviewer"
)

// OpenInterviews reads and checks the folder of interviews that a deployment chose,
// from root on; empty = those that come with casey.
func OpenInterviews(root, folder string) (*interviewer.Shelf, error) {
	if folder == "" {
		return interviewer.BuiltIn(), nil
	}
	shelf, err := interviewer.Open(os.DirFS(from(root, folder)))
	if err != nil {
		return nil, fmt.Errorf("the interviews in %s cannot be held (make interviews FOLDER=%s):\n%w", folder, folder, err)
	}
	return shelf, nil
}

// AddInterviews puts the interviews that a deployment chose into what was built: the
// folder into the workers' images, the catalogue into the page. It takes away
// those of the deployment before.
func AddInterviews(root, out, folder string) error {
	shelf, err := OpenInterviews(root, folder)
	if err != nil {
		return err
	}
	for _, arch := range Architectures {
		inside := filepath.Join(out, "image-"+arch, options.InterviewsFolder)
		if err := os.RemoveAll(inside); err != nil {
			return fmt.Errorf("take away the interviews of before: %w", err)
		}
		if folder == "" {
			continue
		}
		if err := copyInterviews(from(root, folder), inside); err != nil {
			return fmt.Errorf("put the interviews into the image: %w", err)
		}
	}
	cards, err := json.Marshal(shelf.Catalogue())
	if err != nil {
		return fmt.Errorf("publish the interviews: %w", err)
	}
	return os.WriteFile(filepath.Join(out, "site", page.Catalogue), cards, 0o644)
}

// copyInterviews copies interviews and exhibits, and whatever else is there not.
func copyInterviews(folder, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if ext := filepath.Ext(entry.Name()); ext != ".json" && ext != ".svg" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, entry.Name()), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// from is a path from a folder on, unless it begins at the root.
func from(root, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(root, path)
}
