package read_test

import (
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/profile/read"
)

// A frame of another program holds endpoints as its log has them.
func TestEndpointsOfAnyType(t *testing.T) {
	const rows = `["/a?mail=x@y.z", null, "/a", "http://u:p@h/users/7", "/a?mail=x@y.z"]`
	for _, of := range []arrow.DataType{
		arrow.BinaryTypes.String, arrow.BinaryTypes.LargeString, arrow.BinaryTypes.StringView,
		&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String},
	} {
		col, _, err := array.FromJSON(memory.DefaultAllocator, of, strings.NewReader(rows))
		if err != nil {
			t.Fatal(err)
		}
		rec := array.NewRecordBatch(arrow.NewSchema([]arrow.Field{{Name: "endpoint", Type: of, Nullable: true}}, nil), []arrow.Array{col}, -1)
		at := read.FixedOf(rec.Schema(), "", "").Endpoint
		var got []string
		for i := range int(rec.NumRows()) {
			got = append(got, read.Endpoints(rec, at)(i))
		}
		if s, want := strings.Join(got, "|"), "/a||/a|/users/{id}|/a"; s != want {
			t.Errorf("%s: %s, want %s", of, s, want)
		}
	}
}
