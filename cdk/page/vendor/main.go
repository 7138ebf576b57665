// Command vendor makes the scripts in shared/browser/vendor: three.js out of the npm
// package three, as shared/browser/package.json pins it, of all it has what an avatar
// needs, and the two of pdf.js as they are. So neither building casey nor opening its
// page needs npm.
//
//	(cd shared/browser && npm ci) && go run ./cdk/page/vendor shared/browser
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// wanted is the list of names that vendor/three.d.ts declares.
const wanted = `
export { Box3, DirectionalLight, HemisphereLight, PerspectiveCamera, Scene, Vector3, WebGLRenderer } from "three";
export { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";`

// header says in the script why it is there.
const header = `three %s: of the npm package, what an avatar needs, in one file.

It is made, so do not edit it; README.md says by which command. It is committed
so that neither building casey nor opening its page needs npm, and a test holds
that it is what the pinned package makes.`

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "vendor: name the folder of casey's page, shared/browser")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "vendor:", err)
		os.Exit(1)
	}
}

// run makes all of them.
func run(ctx context.Context, folder string) error {
	scripts, err := pdf(ctx)
	if err != nil {
		return err
	}
	if scripts["three.js"], err = three(folder); err != nil {
		return err
	}
	for name, script := range scripts {
		if err := os.WriteFile(filepath.Join(folder, "vendor", name), script, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// three returns the script, with the licence of three in front.
func three(folder string) ([]byte, error) {
	module := filepath.Join(folder, "node_modules", "three")
	licence, err := os.ReadFile(filepath.Join(module, "LICENSE"))
	if err != nil {
		return nil, fmt.Errorf("three is not installed: %w", err)
	}
	description, err := os.ReadFile(filepath.Join(module, "package.json"))
	if err != nil {
		return nil, err
	}
	var npm struct{ Version string }
	if err := json.Unmarshal(description, &npm); err != nil {
		return nil, fmt.Errorf("version of three: %w", err)
	}
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: wanted, ResolveDir: absolute},
		Bundle: true, Format: api.FormatESModule, Target: api.ES2022, LegalComments: api.LegalCommentsNone,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Banner: map[string]string{"js": fmt.Sprintf("/* "+header+"\n\n%s*/", npm.Version, licence)},
	})
	if len(result.Errors) > 0 {
		return nil, errors.New(result.Errors[0].Text)
	}
	return result.OutputFiles[0].Contents, nil
}
