// Command disconnect serves the gateway's $disconnect route.
package main

import (
	"os"

	"casey.internal/lambdas/function"
)

func main() {
	os.Exit(function.Run(os.Getenv, os.Stderr, function.Disconnect))
}
