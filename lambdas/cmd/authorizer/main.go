// Command authorizer decides who may open a WebSocket.
package main

import (
	"os"

	"casey.internal/lambdas/function"
	"casey.internal/lambdas/secret"
)

func main() {
	os.Exit(function.Authorize(os.Getenv, os.Stdout, os.Stderr, secret.Read))
}
