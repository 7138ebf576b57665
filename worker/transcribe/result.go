package transcribe

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/transcribestreaming/types"

	"casey.internal/worker/recognition"
)

// resultOf translates one result; not ok when it has no alternative.
func resultOf(r types.Result) (recognition.Result, bool) {
	if len(r.Alternatives) == 0 {
		return recognition.Result{}, false
	}
	best := r.Alternatives[0]
	result := recognition.Result{
		ID:      aws.ToString(r.ResultId),
		Partial: r.IsPartial,
		Start:   seconds(r.StartTime),
		End:     seconds(r.EndTime),
		Text:    aws.ToString(best.Transcript),
		Words:   make([]recognition.Word, len(best.Items)),
	}
	for i, item := range best.Items {
		result.Words[i] = recognition.Word{
			Text:        aws.ToString(item.Content),
			Start:       seconds(item.StartTime),
			End:         seconds(item.EndTime),
			Stable:      aws.ToBool(item.Stable) || !r.IsPartial,
			Punctuation: item.Type == types.ItemTypePunctuation,
			Confidence:  aws.ToFloat64(item.Confidence),
		}
	}
	return result, true
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second))
}
