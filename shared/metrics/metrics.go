// Package metrics has the names of all metrics and writes them to a process's
// output in CloudWatch's embedded metric format: CloudWatch Logs turns such
// lines into metrics, without an agent, a permission or a call.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
package metrics

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// Values are metrics by name.
type Values map[Name]float64

// Dimension is a further one beside Service.
type Dimension struct{ Name, Value string }

// Writer writes metrics as lines. A nil Writer writes none: that is what a
// process without a deployment has. It is safe for use by many goroutines.
type Writer struct {
	service string
	mu      sync.Mutex
	out     io.Writer
}

// New returns a writer of the metrics of a deployment; nil for an empty name.
func New(out io.Writer, service string) *Writer {
	if service == "" {
		return nil
	}
	return &Writer{service: service, out: out}
}

// Emit writes one line with the values, as of now. With dimensions each metric
// is counted twice: without them, and with all of them. A line that cannot be
// written is lost.
func (w *Writer) Emit(values Values, dimensions ...Dimension) {
	if w == nil || len(values) == 0 {
		return
	}
	line, err := json.Marshal(w.document(values, dimensions))
	if err != nil {
		return // a value that JSON does not have: not a number, or infinite
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = w.out.Write(append(line, '\n'))
}

type document struct {
	Timestamp int64       `json:"Timestamp"` // ms since 1970
	Metrics   []directive `json:"CloudWatchMetrics"`
}

type directive struct {
	Namespace  string       `json:"Namespace"`
	Dimensions [][]string   `json:"Dimensions"`
	Metrics    []definition `json:"Metrics"`
}

type definition struct {
	Name       Name `json:"Name"`
	Unit       Unit `json:"Unit"`
	Resolution int  `json:"StorageResolution,omitempty"` // seconds
}

func (w *Writer) document(values Values, dimensions []Dimension) map[string]any {
	line := map[string]any{Service: w.service}
	sets := [][]string{{Service}}
	if len(dimensions) > 0 {
		all := []string{Service}
		for _, d := range dimensions {
			all = append(all, d.Name)
			line[d.Name] = d.Value
		}
		sets = append(sets, all)
	}
	var definitions []definition
	for _, name := range slices.Sorted(maps.Keys(values)) {
		d := definition{Name: name, Unit: Definitions[name].Unit}
		if Definitions[name].Fast {
			d.Resolution = 1
		}
		definitions = append(definitions, d)
		line[string(name)] = values[name]
	}
	line["_aws"] = document{
		Timestamp: time.Now().UnixMilli(),
		Metrics:   []directive{{Namespace: Namespace, Dimensions: sets, Metrics: definitions}},
	}
	return line
}
