package record

import (
	"strconv"
	"time"

	"github.com/leadsman/leadsman/pkg/predlog/jsontext"
)

// Prediction is one line of the prediction log.
type Prediction struct {
	At          time.Time
	Input       []Field // in the order in which they are written
	Score       float64
	Scores      []Field // of each of several classes, in place of Score
	Label       string
	InferenceMS float64
	Version     string // of the model
	Simulated   bool   // the line comes from no real model in service
}

// Request is one line of the request log.
type Request struct {
	At         time.Time
	Endpoint   string
	Method     string
	Status     int
	ResponseMS float64
	Simulated  bool
}

// AppendPrediction appends p to dst as one line of JSON with its newline:
//
//	{"timestamp":…,"input":{…},"score":…,"label":…,"inference_ms":…,"model_version":…}
//
// "scores":{…} in place of "score" where there are such of classes, and
// "simulated":true at the end when p is simulated. The time is UTC in RFC 3339 with at
// most microseconds; numbers are the shortest that read back the same; NaN and
// infinities become null.
func AppendPrediction(dst []byte, p Prediction) []byte {
	dst = append(dst, `{"timestamp":`...)
	dst = appendTime(dst, p.At)
	dst = append(dst, `,"input":{`...)
	dst = appendFields(dst, p.Input)
	if len(p.Scores) == 0 {
		dst = append(dst, `},"score":`...)
		dst = jsontext.AppendNumber(dst, p.Score)
	} else {
		dst = append(dst, `},"scores":{`...)
		dst = appendFields(dst, p.Scores)
		dst = append(dst, '}')
	}
	dst = append(dst, `,"label":`...)
	dst = jsontext.AppendString(dst, p.Label)
	dst = append(dst, `,"inference_ms":`...)
	dst = jsontext.AppendNumber(dst, p.InferenceMS)
	dst = append(dst, `,"model_version":`...)
	dst = jsontext.AppendString(dst, p.Version)
	return appendEnd(dst, p.Simulated)
}

func appendFields(dst []byte, fields []Field) []byte {
	for i, f := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = jsontext.AppendString(dst, f.Name)
		dst = append(dst, ':')
		dst = appendValue(dst, f.Value)
	}
	return dst
}

// AppendRequest appends q to dst as one line of JSON with its newline:
//
//	{"timestamp":…,"endpoint":…,"method":…,"status_code":…,"response_ms":…}
//
// under the rules of [AppendPrediction].
func AppendRequest(dst []byte, q Request) []byte {
	dst = append(dst, `{"timestamp":`...)
	dst = appendTime(dst, q.At)
	dst = append(dst, `,"endpoint":`...)
	dst = jsontext.AppendString(dst, q.Endpoint)
	dst = append(dst, `,"method":`...)
	dst = jsontext.AppendString(dst, q.Method)
	dst = append(dst, `,"status_code":`...)
	dst = strconv.AppendInt(dst, int64(q.Status), 10)
	dst = append(dst, `,"response_ms":`...)
	dst = jsontext.AppendNumber(dst, q.ResponseMS)
	return appendEnd(dst, q.Simulated)
}

func appendEnd(dst []byte, simulated bool) []byte {
	if simulated {
		dst = append(dst, `,"simulated":true`...)
	}
	return append(dst, '}', '\n')
}

func appendTime(dst []byte, t time.Time) []byte {
	dst = append(dst, '"')
	dst = t.UTC().Truncate(time.Microsecond).AppendFormat(dst, time.RFC3339Nano)
	return append(dst, '"')
}

func appendValue(dst []byte, v Value) []byte {
	switch v.Kind {
	case Number:
		return jsontext.AppendNumber(dst, v.Num)
	case String:
		return jsontext.AppendString(dst, v.Str)
	}
	return append(dst, "null"...)
}
