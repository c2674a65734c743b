package feature

import (
	"math"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/predlog/record"
)

const sample = `{"version": 1,
 "model_sha256": {"json": "` + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" + `"},
 "raw": [{"name": "n", "type": "number"}, {"name": "c", "type": "category"}, {"name": "t", "type": "text"}, {"name": "score", "type": "number"}],
 "columns": [
  {"name": "a", "op": "number", "from": "n", "missing": 5},
  {"name": "b", "op": "number", "from": "n", "missing": 2010, "scale": -1, "offset": 2026},
  {"name": "c", "op": "number", "from": "n"},
  {"name": "d", "op": "map", "from": "c", "missing": "U", "map": {"x": 0.1, "U": 0.2, "1": 0.3}, "default": 0.4},
  {"name": "e", "op": "onehot", "from": "c", "missing": "U", "value": "U"},
  {"name": "f", "op": "present", "from": "t"},
  {"name": "g", "op": "length", "from": "t"},
  {"name": "h", "op": "count", "from": "t", "separator": ","},
  {"name": "i", "op": "match", "from": "t", "pattern": "\\bceo\\b"},
  {"name": "j", "op": "zero"},
  {"name": "k", "op": "number", "from": "score"}
 ]}`

var nan = float64(math.NaN())

// Counted by hand from the package comment.
var rows = []struct {
	in   []record.Value
	want []float64
}{
	{[]record.Value{{}, {}, {}, {}},
		[]float64{5, 16, nan, 0.2, 1, 0, 0, 0, 0, 0, nan}},
	{[]record.Value{record.NumberValue(2000), record.StringValue("x"), record.StringValue("The CEO, ü, ,b"), record.NumberValue(1)},
		[]float64{2000, 26, 2000, 0.1, 0, 1, 14, 3, 1, 0, 1}},
	{[]record.Value{record.StringValue(" 1.5e1 "), record.NumberValue(1), record.StringValue(""), record.NumberValue(0.1)},
		[]float64{15, 2011, 15, 0.3, 0, 0, 0, 0, 0, 0, 0.1}},
	{[]record.Value{record.StringValue("n/a"), record.StringValue("other"), record.StringValue("ceos"), {}},
		[]float64{5, 16, nan, 0.4, 0, 1, 4, 1, 0, 0, nan}},
	{[]record.Value{record.NumberValue(-0.5), record.StringValue(""), record.StringValue(" , "), {}},
		[]float64{-0.5, 2026.5, -0.5, 0.2, 1, 1, 3, 0, 0, 0, nan}},
}

func same(a, b float64) bool { return a == b || a != a && b != b }

func parse(t *testing.T, s string) *Pipeline {
	t.Helper()
	p, err := Parse(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRow(t *testing.T) {
	p := parse(t, sample)
	if got := strings.Join(p.Columns(), ""); got != "abcdefghijk" {
		t.Errorf("columns %q", got)
	}
	out := make([]float64, len(p.Columns()))
	for i, r := range rows {
		if err := p.Row(r.in, out); err != nil {
			t.Fatal(err)
		}
		for j := range out {
			if !same(out[j], r.want[j]) {
				t.Errorf("row %d column %s: want %v, got %v", i, p.Columns()[j], r.want[j], out[j])
			}
		}
	}
	if err := p.Row(rows[0].in[1:], out); err == nil {
		t.Error("a short row is no error")
	}
	if err := p.Row(rows[0].in, out[1:]); err == nil {
		t.Error("a short result is no error")
	}
}

// Batch must agree with Row on the same rows, whatever the columns' types.
func TestBatch(t *testing.T) {
	p := parse(t, sample)
	mem := memory.DefaultAllocator
	n := array.NewStringBuilder(mem)
	c := array.NewBuilder(mem, &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}).(*array.BinaryDictionaryBuilder)
	x := array.NewStringBuilder(mem)
	s := array.NewFloat64Builder(mem)
	for _, r := range rows {
		text := func(b interface {
			Append(string)
			AppendNull()
		}, v record.Value) {
			if v.Kind == record.Null {
				b.AppendNull()
			} else {
				b.Append(v.Text())
			}
		}
		text(n, r.in[0])
		if r.in[1].Kind == record.Null {
			c.AppendNull()
		} else if err := c.AppendString(r.in[1].Text()); err != nil {
			t.Fatal(err)
		}
		text(x, r.in[2])
		if r.in[3].Kind == record.Null {
			s.AppendNull()
		} else {
			s.Append(r.in[3].Num)
		}
	}
	// The table's own score comes first and is not the input field.
	own := array.NewFloat64Builder(mem)
	own.AppendValues(make([]float64, len(rows)), nil)
	arrays := []arrow.Array{own.NewArray(), x.NewArray(), s.NewArray(), c.NewArray(), n.NewArray()}
	names := []string{"score", "t", "input.score", "c", "n"}
	fields := make([]arrow.Field, len(names))
	for i := range fields {
		fields[i] = arrow.Field{Name: names[i], Type: arrays[i].DataType(), Nullable: true}
	}
	rec := array.NewRecordBatch(arrow.NewSchema(fields, nil), arrays, int64(len(rows)))
	out := make([]float64, len(rows)*len(p.Columns()))
	if err := p.Batch(rec, out); err != nil {
		t.Fatal(err)
	}
	row := make([]float64, len(p.Columns()))
	for i, r := range rows {
		if err := p.Row(r.in, row); err != nil {
			t.Fatal(err)
		}
		for j := range row {
			if got := out[i*len(row)+j]; !same(got, row[j]) {
				t.Errorf("row %d column %s: Row %v, Batch %v", i, p.Columns()[j], row[j], got)
			}
		}
	}

	if err := p.Batch(rec.NewSlice(0, 0), nil); err != nil {
		t.Errorf("a batch without rows: %v", err)
	}
	none := array.NewRecordBatch(arrow.NewSchema(nil, nil), nil, 1)
	if err := p.Batch(none, row); err == nil {
		t.Error("a batch without any raw column is no error")
	}
	part := array.NewRecordBatch(arrow.NewSchema(fields[4:], nil), arrays[4:], int64(len(rows)))
	if got := strings.Join(p.missing(part.Schema()), " "); got != "c t score" {
		t.Errorf("missing %q", got)
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{`"version": 1`, `"version": 2`, `version: want 1, got 2`},
		{`"version": 1`, `"version": "1"`, `version: want a number, got string`},
		{`"version": 1`, `"version": null`, `version: holds null`},
		{`"version": 1`, `"version": 1, "extra": 0`, `extra: a features file has no extra`},
		{`"version": 1`, `"version": 1, "version": 1`, `byte 24: key "version" is there twice`},
		{`"version": 1,`, ``, `version: missing`},
		{`0123456789abcdef`, ``, `model_sha256.json: want 64 hexadecimal digits`},
		{`"type": "text"`, `"type": "date"`, `raw[2].type: want number, category or text, got "date"`},
		{`{"name": "c", "type"`, `{"name": "n", "type"`, `raw[1].name: "n" is declared twice`},
		{`{"name": "b", "op"`, `{"name": "a", "op"`, `columns[1].name: "a" is declared twice`},
		{`"op": "map"`, `"op": "mop"`, `columns[3].op: want number, map, onehot, present, length, count, match or zero, got "mop"`},
		{`"from": "n", "missing": 5`, `"from": "m", "missing": 5`, `columns[0].from: "m" is no raw field`},
		{`"from": "n", "missing": 5`, `"missing": 5`, `columns[0].from: missing`},
		{`"from": "n", "missing": 5`, `"from": "n", "missing": "5"`, `columns[0].missing: want a number, got string`},
		{`"op": "zero"`, `"op": "zero", "value": "x"`, `columns[9].value: op zero has no value`},
		{`"x": 0.1`, `"x": "0.1"`, `columns[3].map.x: want a number, got string`},
		{`"x": 0.1`, `"x": null`, `columns[3].map: holds null`},
		{`"x": 0.1`, `"x": 1e999`, `columns[3].map.x: want a number, got number 1e999`},
		{`\\bceo\\b`, `(`, "columns[8].pattern: error parsing regexp: missing closing ): `(?i)(`"},
		{`"separator": ","`, `"separator": ""`, `columns[7].separator: empty`},
		{`, "separator": ","`, ``, `columns[7].separator: missing`},
		{`{"name": "j", "op": "zero"}`, `null`, `columns[9]: want an object, got null`},
		{sample, `[]`, `want an object, got array`},
		{sample, `{}`, `version: missing`},
		{sample, ``, `unexpected end of JSON input`},
		{sample, `{"version": 1`, `unexpected end of JSON input`},
		{sample, `{"version": 1} {}`, `invalid character '{' after top-level value`},
		{sample, "\"\xff\"", `not UTF-8`},
	} {
		if !strings.Contains(sample, test.old) {
			t.Fatalf("%q is not in the sample", test.old)
		}
		_, err := Parse(strings.NewReader(strings.Replace(sample, test.old, test.new, 1)))
		if err == nil {
			t.Errorf("%s → %s: no error", test.old, test.new)
		} else if err.Error() != test.want {
			t.Errorf("%s → %s:\ngot  %s\nwant %s", test.old, test.new, err, test.want)
		}
	}
	if _, err := Open("absent.json"); err == nil || err.Error() != "absent.json: no such file or directory" {
		t.Errorf("absent file: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`{"version":1,"raw":[],"columns":[[[[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(strings.NewReader(string(data)))
		if err != nil {
			return
		}
		if err := p.Row(make([]record.Value, len(p.Raw())), make([]float64, len(p.Columns()))); err != nil {
			t.Error(err)
		}
	})
}

// What a service does that takes "" for a text, and counts blank parts.
func TestRules(t *testing.T) {
	p := parse(t, `{"version": 1, "missing": [-999, 7], "raw": [{"name": "s", "type": "text"}, {"name": "n", "type": "number"}], "columns": [
		{"name": "a", "op": "map", "from": "s", "map": {"": 1, "none": 2}, "missing": "none", "empty": "value"},
		{"name": "b", "op": "map", "from": "s", "map": {"": 1, "none": 2}, "missing": "none"},
		{"name": "c", "op": "onehot", "from": "s", "value": "", "empty": "value"},
		{"name": "d", "op": "present", "from": "s", "empty": "value"},
		{"name": "e", "op": "count", "from": "s", "separator": ",", "blanks": "count"},
		{"name": "f", "op": "count", "from": "s", "separator": ","},
		{"name": "g", "op": "number", "from": "n"}]}`)
	null := record.Value{}
	for _, c := range []struct {
		s, n record.Value
		want []float64
	}{
		{record.StringValue(""), record.NumberValue(-999), []float64{1, 2, 1, 1, 1, 0, nan}},
		{null, record.NumberValue(7), []float64{2, 2, 0, 0, 0, 0, nan}},
		{record.StringValue("a, ,b"), record.NumberValue(-998), []float64{nan, nan, 0, 1, 3, 2, -998}},
	} {
		out := make([]float64, len(c.want))
		if err := p.Row([]record.Value{c.s, c.n}, out); err != nil {
			t.Fatal(err)
		}
		for i, want := range c.want {
			if !same(out[i], want) {
				t.Errorf("%v, column %d: got %v, want %v", c.s, i, out[i], want)
			}
		}
	}
	_, err := Parse(strings.NewReader(`{"version": 1, "raw": [{"name": "s", "type": "text"}], "columns": [{"name": "a", "op": "present", "from": "s", "empty": "text"}]}`))
	if err == nil || err.Error() != `columns[0].empty: want missing or value, got "text"` {
		t.Errorf("got %v", err)
	}
}
