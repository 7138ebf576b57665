package e2e

import (
	"os"
	"testing"

	"casey.internal/cdk/verify/browser"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }
