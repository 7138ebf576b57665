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

func TestWhatIsThereStays(t *testing.T) {
	file := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(file, []byte("CASEY_TEST_OLD=new\nCASEY_TEST_NEW=new\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CASEY_TEST_OLD", "old")
	t.Setenv("CASEY_TEST_NEW", "") // so that it is put back
	if err := os.Unsetenv("CASEY_TEST_NEW"); err != nil {
		t.Fatal(err)
	}
	if err := dotenv.Enter(file); err != nil || os.Getenv("CASEY_TEST_OLD") != "old" || os.Getenv("CASEY_TEST_NEW") != "new" {
		t.Errorf("%q, %q, %v", os.Getenv("CASEY_TEST_OLD"), os.Getenv("CASEY_TEST_NEW"), err)
	}
}
