package page_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"casey.internal/cdk/page"
	"casey.internal/cdk/verify/browser"
	"casey.internal/shared/channel"
	"casey.internal/shared/wire"
)

// pdf is a file of one page with these lines (ISO 32000-1, 7.5). trailer is added to that
// of the file.
func pdf(lines []string, trailer string) []byte {
	var text bytes.Buffer
	fmt.Fprint(&text, "BT /F1 12 Tf 14 TL 72 720 Td")
	for _, line := range lines {
		fmt.Fprintf(&text, " (%s) Tj T*", line)
	}
	fmt.Fprint(&text, " ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	}
	var file, table bytes.Buffer
	fmt.Fprint(&file, "%PDF-1.4\n")
	fmt.Fprintf(&table, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for n, object := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", n+1, object)
	}
	at := file.Len()
	fmt.Fprintf(&file, "%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", table.String(), len(objects)+1, trailer, at)
	return file.Bytes()
}

// locked is the trailer of a file that wants a password, which nobody knows.
var locked = "/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + strings.Repeat("41", 32) + "> /U <" + strings.Repeat("42", 32) + "> >>"

// zipped is a zip file with one file in it.
func zipped(t *testing.T, name, text string) []byte {
	t.Helper()
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	entry, err := archive.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	for len(text) > 0 {
		n := min(len(text), 1<<20)
		if _, err := entry.Write([]byte(text[:n])); err != nil {
			t.Fatal(err)
		}
		text = text[n:]
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// docx is a Word file of paragraphs.
func docx(t *testing.T, paragraphs ...string) []byte {
	t.Helper()
	var body strings.Builder
	for _, p := range paragraphs {
		first, rest, _ := strings.Cut(p, " ")
		fmt.Fprintf(&body, `<w:p><w:r><w:t>%s</w:t></w:r><w:r><w:tab/><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, first, rest)
	}
	return zipped(t, "word/document.xml", `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`+body.String()+`</w:body></w:document>`)
}

// drop drops a file on a field.
func drop(p *browser.Page, selector, name string, data []byte) {
	p.Do(fmt.Sprintf(`(() => {
		const files = new DataTransfer();
		files.items.add(new File([Uint8Array.from(atob(%q), (c) => c.charCodeAt(0))], %q));
		document.querySelector(%q).dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
	})()`, base64.StdEncoding.EncodeToString(data), name, selector))
}

// set fills a field in as somebody does who types.
func set(p *browser.Page, selector, value string) {
	p.Do(fmt.Sprintf(`(() => {
		const field = document.querySelector(%q);
		field.value = %q;
		field.dispatchEvent(new Event("input", { bubbles: true }));
	})()`, selector, value))
}

const (
	jobCode  = `document.querySelector("#job-words").dataset.code`
	jobCV    = `document.querySelector("#job-cv").value`
	pdfLoads = `performance.getEntriesByType("resource").filter(({ name }) => name.includes("/pdf")).length`
)

// withJob opens the page with its section of the job.
func withJob(f *fake, p *browser.Page) {
	p.Open(f.URL)
	p.Wait(`!document.querySelector("#start").disabled`, soon)
	p.Click("#job summary")
}

// TestFilesAreRead, and those that cannot be say why.
func TestFilesAreRead(t *testing.T) {
	bomb := zipped(t, "word/document.xml", strings.Repeat(" ", 16<<20))
	for _, engine := range []browser.Engine{browser.Chromium, browser.Firefox} {
		t.Run(string(engine), func(t *testing.T) {
			f := start(t, page.Config{})
			p := browser.Start(t, browser.Options{Engine: engine})
			// Chromium's own words on broken XML, which nobody sees, have a style.
			p.Inject(`addEventListener("securitypolicyviolation", e => e.effectiveDirective === "style-src-attr" && e.stopImmediatePropagation(), true)`)
			withJob(f, p)
			for _, c := range []struct {
				name, file string
				data       []byte
				text, code string
			}{
				{"text", "cv.txt", []byte("Ten years\r\n\r\n\r\nof buses\x00 — and trams.\n"), "Ten years\n\nof buses — and trams.", ""},
				{"Word", "CV.DOCX", docx(t, "Ten years of buses.", "Two &amp; a half of trams."), "Ten years of buses.\nTwo & a half of trams.", ""},
				{"Latin-1", "cv.txt", []byte("caf\xe9"), "", "encoding"},
				{"nothing", "cv.md", []byte(" \n "), "", "empty"},
				{"a picture", "cv.png", []byte("\x89PNG\r\n"), "", "unknown"},
				{"another zip file", "cv.docx", zipped(t, "xl/workbook.xml", "x"), "", "unknown"},
				{"half a zip file", "cv.docx", docx(t, "Ten years")[:60], "", "broken"},
				{"no XML", "cv.docx", zipped(t, "word/document.xml", "<w:"), "", "broken"},
				{"entities", "cv.docx", zipped(t, "word/document.xml", `<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><x>&a;</x>`), "", "broken"},
				{"a zip bomb", "cv.docx", bomb, "", "too_large"},
				{"a large file", "cv.txt", bytes.Repeat([]byte("x"), 11<<20), "", "too_large"},
				{"too much text", "cv.txt", bytes.Repeat([]byte("long "), 12<<10), strings.TrimSpace(strings.Repeat("long ", 12<<10)), "long_texts"},
				{"no PDF", "cv.pdf", []byte("Ten years"), "", "broken"},
				{"broken", "cv.pdf", []byte("%PDF-1.4\nand then nothing"), "", "broken"},
				{"locked", "cv.pdf", pdf([]string{"Ten years"}, locked), "", "encrypted"},
				{"a picture alone", "cv.pdf", pdf(nil, ""), "", "empty"},
				{"PDF", "cv.pdf", pdf([]string{"Ten years of buses.", "Two of trams."}, ""), "Ten years of buses.\nTwo of trams.", ""},
			} {
				set(p, "#job-cv", "")
				if early := browser.Value[int](p, pdfLoads); early > 0 && !strings.HasSuffix(c.file, ".pdf") {
					t.Fatalf("%s: pdf.js is loaded", c.name)
				}
				drop(p, "#job-cv", c.file, c.data)
				p.Wait(`!document.querySelector("#start").disabled`, soon)
				text, code := browser.Value[string](p, jobCV), browser.Value[string](p, jobCode)
				words := browser.Value[string](p, `document.querySelector("#job-words").textContent`)
				if text != c.text || code != c.code || words == "" {
					t.Errorf("%s: %.80q (%d), %q, %q", c.name, text, len(text), code, words)
				}
			}
			if browser.Value[int](p, pdfLoads) == 0 {
				t.Error("pdf.js was never loaded")
			}
		})
	}
}

// TestTheJobIsTold before anything else, as it was typed, dropped and chosen, on each peer
// until it is kept.
func TestTheJobIsTold(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p := browser.Start(t, browser.Options{})
	withJob(f, p)
	set(p, "#job-role", " Driver ")
	set(p, "#job-focus", "Why buses?")
	set(p, "#job-minutes", "10")
	drop(p, "#job-advertisement", "ad.txt", []byte("We look for a driver."))
	p.Wait(text("#job-words")+` === "ad.txt was read. Have a look at the text."`, soon)
	drop(p, "#job-cv", "cv.pdf", pdf([]string{"Ten years of buses."}, ""))
	p.Wait(jobCV+` === "Ten years of buses."`, soon)
	want := channel.Job{Role: "Driver", Advertisement: "We look for a driver.", CV: "Ten years of buses.", Focus: "Why buses?", Minutes: 10}
	told := func() *line {
		t.Helper()
		l := next(t, f.lines, "data channel")
		first := next(t, f.events, "event")
		if job, ok := first.(*channel.Job); !ok || *job != want || l.channel.Protocol() != channel.ProtocolJob {
			t.Fatalf("the first event is %#v, on %q", first, l.channel.Protocol())
		}
		return l
	}
	p.Click("#start")
	told()
	p.Wait(`casey.status === "live"`, soon)
	p.Do(`casey.fresh()`)
	l := told()
	l.sendEvent(t, channel.Kept{})
	p.Wait(text("#notice")+` === "Casey has what you told of the job."`, soon)
	untold := func() *line {
		t.Helper()
		l := next(t, f.lines, "data channel")
		if l.channel.Protocol() != channel.Protocol {
			t.Errorf("what is kept is told on %q", l.channel.Protocol())
		}
		return l
	}
	p.Do(`casey.fresh()`)
	untold()
	p.Wait(`casey.status === "live"`, soon)

	p.Open(f.URL) // the tab remembers it, and that it was told
	p.Wait(text("#start")+` === "Continue your interview"`, soon)
	if got := browser.Value[string](p, jobCV); got != "Ten years of buses." {
		t.Errorf("the tab remembers %q", got)
	}
	p.Click("#start")
	l = untold()
	p.Click("#end")
	l.send(t.Context(), wire.Bye{Reason: "ended"})
	p.Click("#next") // another interview is told of it again, but for the question
	want.Focus = ""
	p.Wait(view+` === "welcome"`, soon)
	for len(f.events) > 0 {
		<-f.events
	}
	p.Click("#start")
	told()

	p.Click("#end")
	p.Open(f.URL)
	p.Wait(`!document.querySelector("#start").disabled`, soon)
	p.Click("#job summary")
	p.Click("#forget-job")
	if left := browser.Value[string](p, jobCV+` + (sessionStorage.getItem("casey:job") ?? "")`); left != "" {
		t.Errorf("of what was cleared is left %q", left)
	}
}

// TestTooMuchIsNotTold: the page says so, and the interview begins without it.
func TestTooMuchIsNotTold(t *testing.T) {
	t.Parallel()
	f := start(t, page.Config{})
	p := browser.Start(t, browser.Options{})
	withJob(f, p)
	p.Do(`(() => { const field = document.querySelector("#job-cv"); field.value = "é".repeat(25000); field.dispatchEvent(new Event("input", { bubbles: true })); })()`)
	p.Wait(jobCode+` === "long_texts"`, soon)
	p.Click("#start")
	if l := next(t, f.lines, "data channel"); l.channel.Protocol() != channel.Protocol {
		t.Errorf("told on %q", l.channel.Protocol())
	}
}
