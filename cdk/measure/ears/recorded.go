package ears

import (
	"fmt"
	"io"
	"strings"

	"casey.internal/cdk/local/aws/transcribe/keep"
)

// TellRecorded prints how many words were recognised wrong in the recordings of a
// folder that somebody has corrected, and which are still to be.
func TellRecorded(w io.Writer, folder string, all []keep.Recording) error {
	var text strings.Builder
	wrong, words, left := 0, 0, 0
	for _, r := range all {
		if !r.Corrected {
			left++
			fmt.Fprintf(&text, "%s  not corrected yet\n", r.Name)
			continue
		}
		said := Plain(r.Said)
		n := Wrong(said, Plain(r.Heard))
		wrong, words = wrong+n, words+len(said)
		fmt.Fprintf(&text, "%s  %d of %d words wrong\n", r.Name, n, len(said))
	}
	if words > 0 {
		fmt.Fprintf(&text, "\nwords wrong: %.1f %% (%d of %d)\n", 100*float64(wrong)/float64(words), wrong, words)
	}
	if left > 0 {
		fmt.Fprintf(&text, "\n%d of %d are left: correct the lines of their .said.txt in %s and write yes in its first line.\n", left, len(all), folder)
	}
	_, err := io.WriteString(w, text.String())
	return err
}
