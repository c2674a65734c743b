package table

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

var (
	utc      = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	duration = &arrow.DurationType{Unit: arrow.Millisecond}
	point    = arrow.StructOf(arrow.Field{Name: "x", Type: arrow.PrimitiveTypes.Float64, Nullable: true})
)

func dictionaryOf(t arrow.DataType) arrow.DataType {
	return &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: t}
}

// Types, two values of each as JSON (the first null), and what readers make of the
// second: by hand.
var typeCases = []struct {
	t    arrow.DataType
	json string
	kind Kind
	want any
}{
	{arrow.PrimitiveTypes.Int8, `[null, -3]`, Numbered, -3.0},
	{arrow.PrimitiveTypes.Uint64, `[null, 3]`, Numbered, 3.0},
	{arrow.FixedWidthTypes.Float16, `[null, 0.5]`, Numbered, 0.5},
	{arrow.PrimitiveTypes.Float32, `[null, 0.5]`, Numbered, 0.5},
	{&arrow.Decimal32Type{Precision: 7, Scale: 2}, `[null, "-12.30"]`, Numbered, -12.3},
	{&arrow.Decimal64Type{Precision: 18, Scale: 3}, `[null, "900719925474099.301"]`, Numbered, 900719925474099.301},
	{&arrow.Decimal128Type{Precision: 38, Scale: 10}, `[null, "0.1"]`, Numbered, 0.1},
	{&arrow.Decimal256Type{Precision: 70, Scale: 30}, `[null, "2.675"]`, Numbered, 2.675},
	{arrow.FixedWidthTypes.Time32s, `[null, "01:00:05"]`, Numbered, 3605.0},
	{arrow.FixedWidthTypes.Time64us, `[null, "00:00:00.5"]`, Numbered, 0.5},
	{duration, `[null, 1500]`, Numbered, 1.5},
	{arrow.BinaryTypes.String, `[null, "a"]`, worded, "a"},
	{arrow.BinaryTypes.LargeString, `[null, "a"]`, worded, "a"},
	{arrow.BinaryTypes.StringView, `[null, "a"]`, worded, "a"},
	{extensions.NewUUIDType(), `[null, "00000000-0000-0000-0000-00000000000a"]`, worded, "00000000-0000-0000-0000-00000000000a"},
	{arrow.FixedWidthTypes.Boolean, `[null, true]`, boolean, true},
	{extensions.NewBool8Type(), `[null, true]`, boolean, true},
	{arrow.FixedWidthTypes.Date32, `[null, "1970-01-03"]`, Timed, 2.0},
	{arrow.FixedWidthTypes.Date64, `[null, "1969-12-31"]`, Timed, -1.0},
	{utc, `[null, "1970-01-01T00:00:01.5Z"]`, Timed, 1.5},
	{dictionaryOf(arrow.BinaryTypes.String), `[null, "a"]`, worded, "a"},
	{dictionaryOf(arrow.PrimitiveTypes.Int64), `[null, 7]`, Numbered, 7.0},
	{dictionaryOf(&arrow.Decimal128Type{Precision: 9, Scale: 2}), `[null, "1.25"]`, Numbered, 1.25},
	{dictionaryOf(arrow.FixedWidthTypes.Date32), `[null, "1970-01-03"]`, Timed, 2.0},
	{arrow.RunEndEncodedOf(arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Float64), `[null, 2.5]`, Numbered, 2.5},
	{point, `[null, {"x": 1}]`, record, nil},
	{arrow.Null, `[null, null]`, Empty, nil},
	{arrow.ListOf(arrow.PrimitiveTypes.Float64), `[null, [1]]`, unread, nil},
	{arrow.LargeListOf(arrow.PrimitiveTypes.Float64), `[null, [1]]`, unread, nil},
	{arrow.FixedSizeListOf(1, arrow.PrimitiveTypes.Float64), `[null, [1]]`, unread, nil},
	{arrow.ListViewOf(arrow.PrimitiveTypes.Float64), `[null, [1]]`, unread, nil},
	{arrow.MapOf(arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int64), `[null, [{"key": "a", "value": 1}]]`, unread, nil},
	{arrow.BinaryTypes.Binary, `[null, "YQ=="]`, unread, nil},
	{arrow.BinaryTypes.BinaryView, `[null, "YQ=="]`, unread, nil},
	{&arrow.FixedSizeBinaryType{ByteWidth: 1}, `[null, "YQ=="]`, unread, nil},
	{arrow.FixedWidthTypes.MonthInterval, `[null, {"months": 1}]`, unread, nil},
	{arrow.FixedWidthTypes.MonthDayNanoInterval, `[null, {"months": 1, "days": 0, "nanoseconds": 0}]`, unread, nil},
	{dictionaryOf(arrow.BinaryTypes.Binary), `[null, "YQ=="]`, unread, nil},
	{arrow.SparseUnionOf(nil, nil), "", unread, nil},
}

func arrayOf(t *testing.T, dt arrow.DataType, text string) arrow.Array {
	t.Helper()
	if e, ok := dt.(*arrow.RunEndEncodedType); ok { // arrow-go reads none from JSON
		ends, _, _ := array.FromJSON(memory.DefaultAllocator, e.RunEnds(), strings.NewReader(`[1, 2]`))
		return array.NewRunEndEncodedArray(ends, arrayOf(t, e.Encoded(), text), 2, 0)
	}
	a, _, err := array.FromJSON(memory.DefaultAllocator, dt, strings.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", dt, err)
	}
	return a
}

func TestKinds(t *testing.T) {
	for _, c := range typeCases {
		if got := KindOf(c.t); got != c.kind {
			t.Errorf("%s: %q, want %q", c.t, got, c.kind)
		}
		if c.json == "" {
			continue
		}
		col := arrayOf(t, c.t, c.json)
		rec := array.NewRecordBatch(arrow.NewSchema([]arrow.Field{{Name: "c", Type: c.t, Nullable: true}}, nil), []arrow.Array{col}, 2)
		got, left := Readable(rec)
		if c.kind == unread || c.kind == record {
			if len(left) != 1 || left[0].Column != "c" || left[0].Why != TypeName(c.t) || got.NumCols() != 0 || got.NumRows() != 2 {
				t.Errorf("%s: %d columns of %d rows, %v left out", c.t, got.NumCols(), got.NumRows(), left)
			}
			continue
		}
		plain := got.Column(0)
		if len(left) != 0 || c.kind != Empty && (!plain.IsNull(0) || plain.IsNull(1)) {
			t.Errorf("%s: left out %v, nulls %v", c.t, left, plain)
			continue
		}
		var value any
		if text, ok := Strings(plain); ok {
			value = text(1)
		} else if b, ok := plain.(*array.Boolean); ok {
			value = b.Value(1)
		} else if number, ok := Numbers(plain); ok {
			value = number(1)
		}
		if !reflect.DeepEqual(value, c.want) {
			t.Errorf("%s: %v, want %v", c.t, value, c.want)
		}
		if unit, _ := got.Schema().Field(0).Metadata.GetValue(KeyUnit); c.kind == Timed && unit != UnitOf(c.t) {
			t.Errorf("%s: unit %q, want %q", c.t, unit, UnitOf(c.t))
		}
	}
}

// The document lists the types as KindOf knows them.
func TestTypesDocument(t *testing.T) {
	document, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	units := map[string]string{"d": ", in days since 1970-01-01", "s": ", in seconds"}
	for _, c := range typeCases {
		as := string(c.kind)
		switch c.kind {
		case unread:
			as = "left out, named on stderr"
		case record:
			as = "the input fields of a log; left out elsewhere"
		case Empty:
			as = "a column without values"
		case Timed:
			as = "the time of a row; elsewhere a number" + units[UnitOf(c.t)]
			if UnitOf(c.t) == "s" {
				as += " since 1970-01-01"
			}
		default:
			as += units[UnitOf(c.t)]
		}
		if line := fmt.Sprintf("| `%s` | %s |\n", strings.TrimSuffix(TypeName(c.t), "<>"), as); !strings.Contains(string(document), line) {
			t.Errorf("docs/formats.md lacks: %s", line)
		}
	}
}

// Decimals keep the digits of ids, and lose the zeros behind the point.
func TestDecimals(t *testing.T) {
	for _, c := range []struct {
		t          arrow.DataType
		text, want string
	}{
		{&arrow.Decimal128Type{Precision: 38}, "12345678901234567890123456789", "12345678901234567890123456789"},
		{&arrow.Decimal128Type{Precision: 10, Scale: 2}, "12.50", "12.5"},
		{&arrow.Decimal128Type{Precision: 10, Scale: 2}, "-0.05", "-0.05"},
		{&arrow.Decimal64Type{Precision: 10, Scale: 2}, "1000.00", "1000"},
		{&arrow.Decimal256Type{Precision: 50, Scale: 3}, "0", "0"},
	} {
		text, ok := Decimals(arrayOf(t, c.t, `["`+c.text+`"]`))
		if !ok || text(0) != c.want {
			t.Errorf("%s as %s: %v, want %s", c.text, c.t, text(0), c.want)
		}
	}
	if _, ok := Decimals(arrayOf(t, arrow.PrimitiveTypes.Int64, `[1]`)); ok {
		t.Error("integers are decimals")
	}
}

// A dictionary may hold null as one of its values.
func TestNullInDictionary(t *testing.T) {
	words := arrayOf(t, arrow.BinaryTypes.String, `["a", null]`)
	col := Plain(array.NewDictionaryArray(dictionaryOf(arrow.BinaryTypes.String), arrayOf(t, arrow.PrimitiveTypes.Int8, `[1, 0, null]`), words))
	if text, ok := Strings(col); !ok || !col.IsNull(0) || text(1) != "a" || !col.IsNull(2) {
		t.Errorf("%v", col)
	}
}

func TestIsIndex(t *testing.T) {
	for name, want := range map[string]bool{"__index_level_0__": true, "__index_level_12__": true, "index": false, "__index_level___": false, "Unnamed: 0": true, "Unnamed: 0.1": true, "Unnamed: 3": false} {
		if IsIndex(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}
