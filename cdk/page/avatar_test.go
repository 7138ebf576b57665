package page_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"testing"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/channel"
)

// avatar is a GLB file (glTF 2.0, 4.4): a square whose morph targets have the
// Oculus names of two visemes.
func avatar(t *testing.T) []byte {
	t.Helper()
	type object = map[string]any
	var bin bytes.Buffer
	var views, accessors []object
	add := func(values any, kind string, component, count int) int {
		begin := bin.Len()
		if err := binary.Write(&bin, binary.LittleEndian, values); err != nil {
			t.Fatal(err)
		}
		views = append(views, object{"buffer": 0, "byteOffset": begin, "byteLength": bin.Len() - begin})
		accessors = append(accessors, object{"bufferView": len(accessors), "componentType": component, "count": count, "type": kind, "min": []int{-1, -1, 0}[:len(kind)/4*3], "max": []int{1, 1, 0}[:len(kind)/4*3]})
		return len(accessors) - 1
	}
	const float, short = 5126, 5123
	position := add([]float32{-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0}, "VEC3", float, 4)
	wide := add([]float32{-1, 0, 0, 1, 0, 0, 1, 0, 0, -1, 0, 0}, "VEC3", float, 4)
	flat := add([]float32{0, .5, 0, 0, .5, 0, 0, -.5, 0, 0, -.5, 0}, "VEC3", float, 4)
	indices := add([]uint16{0, 1, 2, 0, 2, 3}, "SCALAR", short, 6)
	delete(accessors[indices], "min")
	delete(accessors[indices], "max")
	document, err := json.Marshal(object{
		"asset": object{"version": "2.0"}, "scene": 0, "scenes": []object{{"nodes": []int{0}}}, "nodes": []object{{"mesh": 0}},
		"meshes": []object{{
			"primitives": []object{{"attributes": object{"POSITION": position}, "indices": indices, "targets": []object{{"POSITION": wide}, {"POSITION": flat}}}},
			"weights":    []int{0, 0}, "extras": object{"targetNames": []string{"viseme_aa", "viseme_PP"}},
		}},
		"buffers": []object{{"byteLength": bin.Len()}}, "bufferViews": views, "accessors": accessors,
	})
	if err != nil {
		t.Fatal(err)
	}
	return glb(document, bin.Bytes())
}

// glb puts the two chunks of a file together, each a multiple of four long.
func glb(document, bin []byte) []byte {
	for len(document)%4 != 0 {
		document = append(document, ' ')
	}
	for len(bin)%4 != 0 {
		bin = append(bin, 0)
	}
	file := []byte("glTF")
	for _, n := range []int{2, 12 + 8 + len(document) + 8 + len(bin), len(document)} {
		file = binary.LittleEndian.AppendUint32(file, uint32(n))
	}
	file = append(append(file, "JSON"...), document...)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(bin)))
	return append(append(file, "BIN\x00"...), bin...)
}

func TestAnAvatarSpeaks(t *testing.T) {
	f := start(t, page.Config{})
	file := avatar(t)
	f.mux.HandleFunc("/avatar.glb", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(file) })
	p := browser.Start(t, browser.Options{Flags: map[string]string{"enable-unsafe-swiftshader": ""}}) // WebGL without a GPU
	p.Screen(320, 400, false)                                                                         // it draws slowly without
	p.Open(f.URL + "/?avatar=/avatar.glb")
	p.Wait(`window.caseyAvatar && document.querySelector("canvas.avatar").checkVisibility() && !document.querySelector("#face").checkVisibility()`, soon)
	p.Click("#start")
	l := next(t, f.lines, "data channel")
	l.sendEvent(t, channel.Visemes{Turn: 1, Utterance: 1, RTP: l.next(), Marks: []channel.Mark{{At: 0, Value: "a"}, {At: int(soon.Milliseconds()), Value: "sil"}}})
	l.until(t, p, `caseyAvatar.weight("viseme_aa") > 0.5`)
	p.Screenshot("avatar")
}

func TestAnAvatarThatIsNotThere(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p := browser.Start(t, browser.Options{})
	p.Open(f.URL + "/?avatar=/nothing.glb")
	p.Wait(text("#notice")+` === "The avatar cannot be shown, so Casey is drawn."`, soon)
	p.Wait(`document.querySelector("#face").checkVisibility()`, soon)
}
