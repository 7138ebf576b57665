package metrics_test

import (
	"bytes"
	"math"
	"testing"
	"testing/synctest"

	"casey.internal/shared/metrics"
)

func TestALineIsWhatCloudWatchReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it is midnight, 2000-01-01
		var out bytes.Buffer
		w := metrics.New(&out, "casey")
		w.Emit(metrics.Values{metrics.Waiting: 3})
		w.Emit(metrics.Values{metrics.CallErrors: 1, metrics.CallTime: 12.5}, metrics.Dimension{Name: metrics.Provider, Value: "polly"})
		want := `{"Service":"casey","Waiting":3,"_aws":{"Timestamp":946684800000,"CloudWatchMetrics":[{"Namespace":"Casey","Dimensions":[["Service"]],"Metrics":[{"Name":"Waiting","Unit":"Count","StorageResolution":1}]}]}}
{"CallErrors":1,"CallTime":12.5,"Provider":"polly","Service":"casey","_aws":{"Timestamp":946684800000,"CloudWatchMetrics":[{"Namespace":"Casey","Dimensions":[["Service"],["Service","Provider"]],"Metrics":[{"Name":"CallErrors","Unit":"Count"},{"Name":"CallTime","Unit":"Milliseconds"}]}]}}
`
		if out.String() != want {
			t.Errorf("wrote\n%swant\n%s", out.String(), want)
		}
	})
}

func TestWithoutADeploymentNothingIsWritten(t *testing.T) {
	var out bytes.Buffer
	metrics.New(&out, "").Emit(metrics.Values{metrics.Active: 1})
	metrics.New(&out, "casey").Emit(nil)
	metrics.New(&out, "casey").Emit(metrics.Values{metrics.Cost: math.NaN()})
	if out.Len() != 0 {
		t.Errorf("wrote %s", out.String())
	}
}
