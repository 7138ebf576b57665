package e2e

import (
	"os"
	"testing"

	"casey.internal/cdk/local/browsertest"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }
