package profiletest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/table"
)

// A Row is a row of the tests' log; nil fields are null.
type Row struct {
	At      any // time.Time
	Score   any
	Label   any
	MS      any
	Version any
	Amount  any // number
	Few     any // number of few values
	City    any // category
	Note    any // text
	Entity  any // whom the row belongs to
}

var rowFields = []arrow.Field{
	table.Field("timestamp", table.Micros, table.Timestamp),
	table.Field("score", arrow.PrimitiveTypes.Float64, table.Score),
	table.Field("label", arrow.BinaryTypes.String, table.Label),
	table.Field("inference_ms", arrow.PrimitiveTypes.Float64, table.Latency),
	table.Field("model_version", arrow.BinaryTypes.String, table.ModelID),
	table.Field("amount", arrow.PrimitiveTypes.Float64, table.Feature),
	table.Field("few", arrow.PrimitiveTypes.Float64, table.Feature),
	table.Field("city", arrow.BinaryTypes.String, table.Feature),
	table.Field("note", arrow.BinaryTypes.String, table.Text),
	table.Field("who", arrow.BinaryTypes.String, table.Entity),
}

// Batch returns rows as a batch of the table name.
func Batch(name string, rows []Row) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.Named(name, arrow.NewSchema(rowFields, nil)))
	defer b.Release()
	for _, r := range rows {
		for i, v := range []any{r.At, r.Score, r.Label, r.MS, r.Version, r.Amount, r.Few, r.City, r.Note, r.Entity} {
			switch v := v.(type) {
			case nil:
				b.Field(i).AppendNull()
			case time.Time:
				b.Field(i).(*array.TimestampBuilder).Append(arrow.Timestamp(v.UnixMicro()))
			case float64:
				b.Field(i).(*array.Float64Builder).Append(v)
			case string:
				b.Field(i).(*array.StringBuilder).Append(v)
			default:
				panic(fmt.Sprintf("no column for %T", v))
			}
		}
	}
	return b.NewRecordBatch()
}

var requestFields = []arrow.Field{
	table.Field("timestamp", table.Micros, table.Timestamp),
	table.Field("endpoint", arrow.BinaryTypes.String, table.Endpoint),
	table.Field("status_code", arrow.PrimitiveTypes.Int64, table.Status),
	table.Field("response_ms", arrow.PrimitiveTypes.Float64, table.Latency),
}

// A Request is a row of the tests' request log.
type Request struct {
	At       time.Time
	Endpoint string
	Status   int64
	MS       float64
}

// Requests returns requests as a batch of the table requests.
func Requests(rows []Request) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.Named("requests", arrow.NewSchema(requestFields, nil)))
	defer b.Release()
	for _, r := range rows {
		b.Field(0).(*array.TimestampBuilder).Append(arrow.Timestamp(r.At.UnixMicro()))
		b.Field(1).(*array.StringBuilder).Append(r.Endpoint)
		b.Field(2).(*array.Int64Builder).Append(r.Status)
		b.Field(3).(*array.Float64Builder).Append(r.MS)
	}
	return b.NewRecordBatch()
}

// Day is the first of the tests' logs.
var Day = time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)

// oddNumbers are values that break sums, searches and formats.
var oddNumbers = []float64{
	0, math.Copysign(0, -1), 1, -1, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64,
	1e300, -1e300, 1e-300, math.Inf(1), math.Inf(-1), math.NaN(), math.Float64frombits(0x7ff8000000000123), 0.1, 1 << 53, math.Nextafter(1, 2), math.Nextafter(1, 0),
}

func randomNumber(r *rand.Rand) any {
	switch r.IntN(12) {
	case 0:
		return nil
	case 1:
		return oddNumbers[r.IntN(len(oddNumbers))]
	case 2:
		return float64(r.IntN(5))
	}
	return r.NormFloat64() * 10
}

func randomRow(r *rand.Rand) Row {
	row := Row{
		At:     Day.Add(time.Duration(r.Int64N(int64(10*24*time.Hour)/1000)) * 1000),
		Score:  r.Float64(),
		Label:  []string{"yes", "no"}[r.IntN(2)],
		MS:     math.Exp(r.NormFloat64()),
		Amount: randomNumber(r),
		Few:    float64(r.IntN(4)),
		City:   fmt.Sprintf("city %d", min(r.IntN(40), r.IntN(40))),
		Note:   strings.Repeat("é,", r.IntN(9)),
	}
	if r.IntN(8) > 0 {
		row.Entity = fmt.Sprintf("customer %d", int(math.Exp(8*r.Float64())))
	}
	if r.IntN(10) == 0 {
		row.At, row.Score, row.Few, row.City = nil, nil, nil, nil
	}
	if r.IntN(2) == 0 {
		row.Version = fmt.Sprintf("v%d", r.IntN(3))
	}
	if r.IntN(20) == 0 {
		row.MS, row.City, row.Note = -1.0, "", "\xff\xfe broken"
	}
	return row
}

// RandomRows draws rows of ten days, with every kind of odd value, and repeats some.
func RandomRows(r *rand.Rand, n int) []Row {
	rows := make([]Row, n)
	for i := range rows {
		rows[i] = randomRow(r)
		if i > 0 && r.IntN(10) == 0 {
			rows[i] = rows[r.IntN(i)]
		}
	}
	return rows
}

// RandomRequests draws requests of twelve days.
func RandomRequests(r *rand.Rand, n int) []Request {
	rows := make([]Request, n)
	for i := range rows {
		rows[i] = Request{
			At:       Day.Add(time.Duration(r.Int64N(int64(12 * 24 * time.Hour)))),
			Endpoint: fmt.Sprintf("/e%d", r.IntN(100)), Status: []int64{200, 200, 404, 500, 0}[r.IntN(5)],
			MS: math.Exp(r.NormFloat64() * 3),
		}
	}
	return rows
}
