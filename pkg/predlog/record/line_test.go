package record

import (
	"encoding/json"
	"math"
	"testing"
	"time"
)

func TestAppendPrediction(t *testing.T) {
	p := Prediction{
		At: time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.FixedZone("", 3600)),
		Input: []Field{
			{"n", NumberValue(0.25)},
			{Name: "text", Value: StringValue("a \"q\" \\ \n\x01 ü \xff")},
			{"none", Value{}},
			{"nan", NumberValue(math.NaN())},
			{"big", NumberValue(1e300)},
		},
		Score: 0.5, Label: "hot", InferenceMS: math.Inf(1), Version: "v1",
	}
	got := string(AppendPrediction(nil, p))
	// Written by hand from the comment of AppendPrediction.
	want := `{"timestamp":"2026-03-01T11:00:00.123456Z","input":{"n":0.25,"text":"a \"q\" \\ \n\u0001 ü ` + "\ufffd" +
		`","none":null,"nan":null,"big":1e+300},"score":0.5,"label":"hot","inference_ms":null,"model_version":"v1"}` + "\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if !json.Valid([]byte(got)) {
		t.Error("not JSON")
	}
}

func TestAppendRequest(t *testing.T) {
	q := Request{At: time.Unix(0, 0), Endpoint: "/predict", Method: "POST", Status: 503, ResponseMS: 1.5, Simulated: true}
	got := string(AppendRequest(nil, q))
	want := `{"timestamp":"1970-01-01T00:00:00Z","endpoint":"/predict","method":"POST","status_code":503,"response_ms":1.5,"simulated":true}` + "\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
