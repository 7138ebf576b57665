package imageonly_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"casey.internal/cdk/deploy/imageonly"
)

func stack(image, memory string) string {
	return `{"Resources":{"F":{"Type":"AWS::Lambda::Function","Properties":{"MemorySize":` + memory + `}},
		"T":{"Type":"AWS::ECS::TaskDefinition","Properties":{"ContainerDefinitions":[{"Name":"worker","Image":` + image + `}]}}}}`
}

// assembly is one as `cdk synth` writes it, shortened.
func assembly(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range map[string]string{
		"Casey.template.json": stack(`{"Fn::Sub":"repo:new"}`, "512"),
		"Casey.assets.json":   `{"version":"54","files":{"aaaa":{"source":{"path":"asset.zip"}},"0ld":{"source":{"path":"Casey.template.json","packaging":"file"},"destinations":{"x":{"objectKey":"0ld.json"}}}}}`,
		"manifest.json":       `{"artifacts":{"Casey":{"properties":{"stackTemplateAssetObjectUrl":"s3://bucket/0ld.json"}}}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestOnlyTheImageChanges(t *testing.T) {
	for image, want := range map[string]string{"": `{"Fn::Sub":"repo:new"}`, "repo:mine": `"repo:mine"`} {
		dir := assembly(t)
		if err := imageonly.Rewrite(dir, []byte(stack(`"repo:old"`, "256")), image); err != nil {
			t.Fatal(err)
		}
		var got, wanted any
		if json.Unmarshal([]byte(read(t, dir, "Casey.template.json")), &got) != nil || json.Unmarshal([]byte(stack(want, "256")), &wanted) != nil {
			t.Fatal("a template cannot be read")
		}
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(wanted)
		if string(a) != string(b) {
			t.Errorf("with image %q the template is\n%s", image, a)
		}
		for _, name := range []string{"Casey.assets.json", "manifest.json"} {
			if text := read(t, dir, name); strings.Contains(text, "0ld") || !strings.Contains(text, ".json") {
				t.Errorf("%s still names the old template: %s", name, text)
			}
		}
		if !strings.Contains(read(t, dir, "Casey.assets.json"), "aaaa") {
			t.Error("another asset has gone")
		}
	}
}

func TestAStrangersTemplateIsRefused(t *testing.T) {
	for _, deployed := range []string{`{"Resources":{}}`, `not JSON`} {
		if err := imageonly.Rewrite(assembly(t), []byte(deployed), ""); err == nil {
			t.Errorf("%s was taken", deployed)
		}
	}
}
