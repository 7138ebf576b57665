package e2e

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"casey.internal/cdk/local"
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
	for _, answer := range []string{
		"First I would compare sales and costs in each of the three years, to see which cost has grown faster than sales.",
		"Then I would look at single shops, because I expect that not every shop is alike.",
		"The cost of staff has grown much faster than sales, so people are where the profit goes.",
	} {
		mark := p.mark()
		p.speak(espeak(t, "en-us", answer))
		p.awaitReply(mark)
		if shown := browser.Value[bool](p.Page, `!document.querySelector("#exhibit").hidden`); shown {
			p.picture(folder, "interview")
		}
	}
	p.Click("#end")
	p.Wait(view+` === "over" && !/being written/i.test(document.querySelector("#report").innerText)`, replyLimit)
	p.Do(`document.querySelector("#report").scrollIntoView()`)
	p.picture(folder, "report")
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
	if err := os.WriteFile(filepath.Join(folder, name+".webp"), webp, 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.t.Logf("%s.webp: %d KB", name, len(webp)/1024)
}
