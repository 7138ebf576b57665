package dotenv_test

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"casey.internal/cdk/deploy/dotenv"
)

func TestLoad(t *testing.T) {
	file := filepath.Join(t.TempDir(), ".env")
	write := func(s string) {
		if err := os.WriteFile(file, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if set, err := dotenv.Load(file); err != nil || len(set) != 0 {
		t.Errorf("no file: %v, %v", set, err)
	}
	write("# who\nAWS_PROFILE=ada\n\nexport AWS_REGION = \"eu-west-1\"\nEMPTY=\nKEY='a=b'\n")
	want := map[string]string{"AWS_PROFILE": "ada", "AWS_REGION": "eu-west-1", "EMPTY": "", "KEY": "a=b"}
	if set, err := dotenv.Load(file); err != nil || !maps.Equal(set, want) {
		t.Errorf("%v, %v", set, err)
	}
	write("AWS_PROFILE=ada\nwhat is this\n")
	if _, err := dotenv.Load(file); err == nil || err.Error() != "line 2 of "+file+" is no NAME=VALUE" {
		t.Error(err)
	}
}
