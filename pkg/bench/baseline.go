package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// maxBaseline bounds a file of timings.
const maxBaseline = 16 << 20

// ReadBaseline reads the timings that somebody made elsewhere: JSON lines with the columns
// of the table bench, as docs/export/time_python.py writes them, or one object of
// engines, {"joblib": {"mean_ms": …}, "onnx": {…}}, of calls of one row. The first
// engine is the baseline. name is the file's, for messages.
func ReadBaseline(name string, r io.Reader) ([]verdict.Timing, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBaseline+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxBaseline {
		return nil, fmt.Errorf("%s: more than %d bytes", name, maxBaseline)
	}
	if engines, ok := objects(data); ok {
		return readEngines(name, engines)
	}
	var out []verdict.Timing
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxBaseline)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		t, err := readTiming(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		out = append(out, t)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no timings", name)
	}
	return out, nil
}

// engineTimes is what one document says of an engine.
type engineTimes struct {
	name  string
	times map[string]any
}

// objects returns the members of one JSON object that are objects, in their order, and
// false where data is no such object.
func objects(data []byte) ([]engineTimes, bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, false
	}
	var out []engineTimes
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, false
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return nil, false
		}
		if times, ok := value.(map[string]any); ok {
			out = append(out, engineTimes{fmt.Sprint(key), times})
		}
	}
	return out, len(out) > 0
}

// The names that programs give a figure, the first of them the table's own.
var aliases = []struct {
	to    func(*verdict.Timing) *float64
	times float64 // to the table's unit
	names []string
}{
	{func(t *verdict.Timing) *float64 { return &t.MeanMS }, 1, []string{"mean_ms", "avg_ms", "average_ms", "mean_latency_ms", "avg_latency_ms", "mean"}},
	{func(t *verdict.Timing) *float64 { return &t.P50MS }, 1, []string{"p50_ms", "median_ms", "p50_latency_ms", "p50", "median"}},
	{func(t *verdict.Timing) *float64 { return &t.P95MS }, 1, []string{"p95_ms", "p95_latency_ms", "p95"}},
	{func(t *verdict.Timing) *float64 { return &t.P99MS }, 1, []string{"p99_ms", "p99_latency_ms", "p99"}},
	{func(t *verdict.Timing) *float64 { return &t.MinMS }, 1, []string{"min_ms", "min_latency_ms", "min"}},
	{func(t *verdict.Timing) *float64 { return &t.MaxMS }, 1, []string{"max_ms", "max_latency_ms", "max"}},
	{func(t *verdict.Timing) *float64 { return &t.LoadMS }, 1, []string{"load_ms", "load_time_ms", "model_load_ms"}},
	{func(t *verdict.Timing) *float64 { return &t.MemoryBytes }, 1e6, []string{"memory_mb", "peak_memory_mb"}},
	{func(t *verdict.Timing) *float64 { return &t.RowsPerS }, 1, []string{"rows_per_s", "throughput", "throughput_per_s", "predictions_per_second"}},
}

// readEngines makes timings of one object of engines.
func readEngines(name string, engines []engineTimes) ([]verdict.Timing, error) {
	var out []verdict.Timing
	for _, e := range engines {
		t := unmeasured()
		t.Engine, t.Batch, t.Threads, t.Origin = e.name, 1, 1, "as "+filepath.Base(name)+" has them"
		if len(out) > 0 { // not leadsman's engine of that name
			t.Engine += " (" + filepath.Base(name) + ")"
		}
		for _, a := range aliases {
			for _, key := range a.names {
				if x, ok := e.times[key].(float64); ok {
					*a.to(&t) = x * a.times
					break
				}
			}
		}
		for _, key := range []string{"n_calls", "n_predictions", "n_iterations", "iterations", "n"} {
			if x, ok := e.times[key].(float64); ok && x >= 1 && x < 1e15 {
				t.Calls = int64(x)
				break
			}
		}
		if math.IsNaN(t.P50MS) && math.IsNaN(t.MeanMS) {
			continue // of something else
		}
		if err := checkTiming(&t); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", name, e.name, err)
		}
		out = append(out, t)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: want an object for each engine with mean_ms or p50_ms, or lines of the table bench, as docs/export/time_python.py writes them", name)
	}
	return out, nil
}

// unmeasured is a timing that says nothing yet.
func unmeasured() verdict.Timing {
	var t verdict.Timing
	v := reflect.ValueOf(&t).Elem()
	for i := range v.NumField() {
		if v.Field(i).Kind() == reflect.Float64 {
			v.Field(i).SetFloat(math.NaN())
		}
	}
	return t
}

// readTiming reads a line with the columns of the table bench; those that are left out
// are not measured, others are ignored.
func readTiming(line []byte) (verdict.Timing, error) {
	t := unmeasured()
	var values map[string]any
	if err := json.Unmarshal(line, &values); err != nil {
		return t, errors.New("want JSON lines, or one JSON object of engines")
	}
	v := reflect.ValueOf(&t).Elem()
	for i := range v.NumField() {
		column, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("table"), ",")
		value, ok := values[column]
		if !ok || value == nil {
			continue
		}
		switch x := value.(type) {
		case float64:
			switch f := v.Field(i); {
			case f.Kind() == reflect.Float64:
				f.SetFloat(x)
				continue
			case f.Kind() == reflect.Int64 && x == math.Trunc(x) && math.Abs(x) < 1<<53:
				f.SetInt(int64(x))
				continue
			}
		case string:
			if v.Field(i).Kind() == reflect.String {
				v.Field(i).SetString(x)
				continue
			}
		}
		return t, fmt.Errorf("%s: got %v", column, value)
	}
	if t.Batch == 0 {
		t.Batch = 1
	}
	return t, checkTiming(&t)
}

// checkTiming says why a timing that was read is none.
func checkTiming(t *verdict.Timing) error {
	switch {
	case t.Engine == "":
		return errors.New("engine: want the name of what was timed")
	case t.Batch < 1:
		return fmt.Errorf("batch_rows: want 1 or more, got %d", t.Batch)
	case t.Note != "":
		return nil
	case math.IsNaN(t.P50MS) && math.IsNaN(t.MeanMS):
		return errors.New("want mean_ms or p50_ms")
	}
	for _, x := range []float64{t.MeanMS, t.P50MS, t.P95MS, t.P99MS, t.MinMS, t.MaxMS, t.LoadMS, t.CPUMS} {
		if x < 0 || math.IsInf(x, 0) {
			return fmt.Errorf("a time of %v ms", x)
		}
	}
	return nil
}
