package e2e

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/engines"
	"casey.internal/cdk/local/aws/polly"
	synthesiser "casey.internal/cdk/local/aws/polly/espeak"
	"casey.internal/cdk/local/aws/polly/hibari"
	"casey.internal/cdk/verify/browser"
)

// TestPictures holds an interview with the ear, the voice and the face that people
// meet first, and takes the pictures of it that the README shows. Only `make
// pictures` names a folder for them.
func TestPictures(t *testing.T) {
	folder := os.Getenv("CASEY_PICTURES")
	if folder == "" {
		t.Skip("make pictures runs this one")
	}
	stack := start(t, local.Config{})
	p := attend(t, browser.Options{})
	p.Screen(1280, 800, false)
	visit(p.Page, stack, "probe=1&interview=case.gentle")
	live(p.Page)
	p.awaitReply(0)
	voice := better(t)
	for _, answer := range []string{
		"First I would compare sales and costs in each of the three years, to see which cost has grown faster than sales.",
		"Then I would look at single shops, because I expect that the forty of them are not all alike.",
		"I would look for the one cost that grows while the others stay, and ask what the owner has changed.",
		"Staff cost seven million in the first year and eleven in the third. That is four million more, as much as sales have grown, so staff took the profit.",
	} {
		mark := p.mark()
		p.speak(voice(answer))
		if strings.HasPrefix(answer, "I would") { // the exhibit comes now
			p.Wait(`document.querySelector("#exhibit img").naturalWidth > 0 && caseyFace.mouth.open > 0.4`, replyLimit)
			p.picture(folder, "interview")
		}
		p.awaitReply(mark)
	}
	p.Click("#end")
	p.Wait(view+` === "over" && !/being written/i.test(document.querySelector("#report").innerText)`, replyLimit)
	p.Do(`document.querySelector("#report .delivery").scrollIntoView({ block: "end" })`)
	p.picture(folder, "report")
}

// better is the voice that speaks for the interviewer too, as the recogniser of
// free speech understands it better than espeak-ng's.
func better(t *testing.T) func(string) sound {
	t.Helper()
	folder, err := engines.Folder()
	if err != nil {
		t.Fatal(err)
	}
	ear, err := engines.Moonshine.In(folder)
	if err != nil {
		t.Fatal(err)
	}
	wheel, err := engines.Hibari.In(folder)
	if err != nil {
		t.Fatal(err)
	}
	speaker, err := synthesiser.New()
	if err != nil {
		t.Fatal(err)
	}
	voice, err := hibari.New(wheel, ear, speaker, speaker)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = voice.Close() })
	return func(text string) sound {
		said, err := voice.Speak(text, polly.Voice{Name: hibari.Speaks, Engine: "en-us+f3", WordsPerMinute: 150, Pitch: 50}, false)
		if err != nil {
			t.Fatal(err)
		}
		return decode(tool(t, raw(said.Samples), fmt.Sprintf("sox -R -V1 -t raw -r %d -e signed -b 16 -c 1 - %s", said.Rate, toRaw)))
	}
}

// raw are samples as sox reads them.
func raw(samples []int16) []byte {
	var data []byte
	for _, sample := range samples {
		data = binary.LittleEndian.AppendUint16(data, uint16(sample))
	}
	return data
}

// picture writes what the page looks like as WebP.
func (p *person) picture(folder, name string) {
	p.t.Helper()
	png, err := p.Browser.Screenshot()
	if err != nil {
		p.t.Fatal(err)
	}
	small := browser.Value[string](p.Page, fmt.Sprintf(`(async () => {
		const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(%q), (c) => c.charCodeAt(0))], { type: "image/png" }));
		const canvas = new OffscreenCanvas(picture.width, picture.height);
		canvas.getContext("2d").drawImage(picture, 0, 0);
		const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.85 });
		return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join("")) })()`,
		base64.StdEncoding.EncodeToString(png)))
	webp, err := base64.StdEncoding.DecodeString(small)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".webp"), webp, 0o644); err != nil {
		p.t.Fatal(err)
	}
	p.t.Logf("%s.webp: %d KB", name, len(webp)/1024)
}
