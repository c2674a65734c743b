package arrowlog

import (
	"encoding/json"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// settleRows are the rows by which it is decided which columns a log lacks.
const settleRows = 20

// settle shows the table the first rows.
func (a *Converter) settle(rec arrow.RecordBatch) {
	if a.settled || a.table.Kind != mapping.Predictions {
		return
	}
	a.settled = true
	var rows [][]mapping.Seen
	for i := range min(settleRows, int(rec.NumRows())) {
		rows = append(rows, seen(rec, i))
	}
	a.table.Columns = true
	a.table.Settle(rows)
}

// seen is row i of a batch as it is shown to the table.
func seen(rec arrow.RecordBatch, i int) []mapping.Seen {
	var line strings.Builder
	for j, f := range rec.Schema().Fields() {
		name, _ := json.Marshal(f.Name) // of text there is no error
		value, err := json.Marshal(rec.Column(j).GetOneForMarshal(i))
		if err != nil { // as for NaN
			value = []byte("null")
		}
		line.WriteString(map[bool]string{true: "{", false: ","}[j == 0])
		line.Write(name)
		line.WriteByte(':')
		line.Write(value)
	}
	line.WriteByte('}')
	return mapping.SeenIn([]byte(line.String()))
}
