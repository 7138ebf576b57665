// Command docker stands in for Docker where the CDK publishes an image
// (node_modules/.bin/docker, or CDK_DOCKER=build/aws/docker): nobody has to
// install one to deploy.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"casey.internal/cdk/image"
)

func main() {
	self, err := os.Executable()
	if err == nil {
		self, err = filepath.EvalSymlinks(self)
	}
	if err == nil {
		err = image.Docker{Store: filepath.Join(filepath.Dir(self), ".images")}.Run(os.Args[1:], os.Stdin)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
