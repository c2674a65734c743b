package table

import (
	"encoding/json"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// IndexOf returns the columns that are the named index of a pandas frame, as pandas
// notes it in the metadata of a schema. They name the rows: what is judged of rows is
// in the others.
func IndexOf(s *arrow.Schema) map[string]bool {
	text, ok := MetaOf(s, parquetfile.PandasKey)
	if !ok {
		return nil
	}
	var frame struct {
		Index []any `json:"index_columns"` // names, or objects that describe a range
	}
	if json.Unmarshal([]byte(text), &frame) != nil {
		return nil
	}
	index := make(map[string]bool)
	for _, entry := range frame.Index {
		if name, ok := entry.(string); ok && !IsIndex(name) {
			index[name] = true
		}
	}
	return index
}
