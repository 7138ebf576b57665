// Command message serves everything that browsers send.
package main

import (
	"os"

	"casey.internal/lambdas/function"
)

func main() {
	os.Exit(function.Run(os.Getenv, os.Stderr, function.Message))
}
