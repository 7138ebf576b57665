// Command sweep repairs, on a schedule, what crashes left half done.
package main

import (
	"os"

	"casey.internal/lambdas/function"
)

func main() {
	os.Exit(function.Run(os.Getenv, os.Stderr, function.Sweep))
}
