// Package imageonly changes nothing of a deployment but the worker's image: it
// takes the template that is deployed, puts the new image into it, and leaves
// the rest to the CDK's command line. So the change is CloudFormation's, and no
// drift.
package imageonly

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The files of a cloud assembly for the stack of this id.
const (
	manifest = "manifest.json"
	template = "Casey.template.json"
	assets   = "Casey.assets.json"
)

// errNoWorker says that a template is none of casey's.
var errNoWorker = errors.New("imageonly: the template has no task definition with one container")

// Rewrite makes the assembly in a folder, as `cdk synth` wrote it, one that
// differs from what is deployed in the image alone. With an image, which is in
// the repository already, that one is used; else the assembly's.
func Rewrite(folder string, deployed []byte, image string) error {
	fresh, err := os.ReadFile(filepath.Join(folder, template))
	if err != nil {
		return fmt.Errorf("imageonly: %w", err)
	}
	var use any = image
	if image == "" {
		if use, err = replace(fresh, nil, nil); err != nil {
			return err
		}
	}
	var made []byte
	if _, err := replace(deployed, use, &made); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, template), made, 0o600); err != nil {
		return fmt.Errorf("imageonly: %w", err)
	}
	return rename(folder, hash(made))
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// replace returns the image of the worker in a template; where out is not nil,
// it becomes the template with another.
func replace(data []byte, image any, out *[]byte) (any, error) {
	var t map[string]any
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, fmt.Errorf("imageonly: read the template: %w", err)
	}
	resources, _ := t["Resources"].(map[string]any)
	for _, r := range resources {
		resource, _ := r.(map[string]any)
		properties, _ := resource["Properties"].(map[string]any)
		containers, _ := properties["ContainerDefinitions"].([]any)
		if resource["Type"] != "AWS::ECS::TaskDefinition" || len(containers) != 1 {
			continue
		}
		container, _ := containers[0].(map[string]any)
		before := container["Image"]
		if out == nil {
			return before, nil
		}
		container["Image"] = image
		made, err := json.MarshalIndent(t, "", " ")
		*out = made
		return before, err
	}
	return nil, errNoWorker
}

// rename gives the template's asset a name of its own: the CDK does not upload
// what is there already under a name.
func rename(folder, name string) error {
	data, err := os.ReadFile(filepath.Join(folder, assets))
	if err != nil {
		return fmt.Errorf("imageonly: %w", err)
	}
	var list struct {
		Files map[string]struct{ Source struct{ Path string } }
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return fmt.Errorf("imageonly: read the assets: %w", err)
	}
	for old, file := range list.Files {
		if file.Source.Path != template {
			continue
		}
		for _, f := range []string{assets, manifest} {
			if err := substitute(filepath.Join(folder, f), old, name); err != nil {
				return err
			}
		}
		return nil
	}
	return errors.New("imageonly: the template is no asset")
}

func substitute(file, old, name string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("imageonly: %w", err)
	}
	return os.WriteFile(file, []byte(strings.ReplaceAll(string(data), old, name)), 0o600)
}
