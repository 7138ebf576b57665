// Command connect serves the gateway's $connect route: it records the connection
// and allots its session.
package main

import (
	"os"

	"casey.internal/lambdas/function"
)

func main() {
	os.Exit(function.Run(os.Getenv, os.Stderr, function.Connect))
}
