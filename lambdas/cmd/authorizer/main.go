// Command authorizer decides who may open a WebSocket.
package main

import (
	"os"

	"casey.internal/lambdas/authorizer"
)

func main() {
	os.Exit(authorizer.Run(os.Getenv, os.Stdout, os.Stderr))
}
