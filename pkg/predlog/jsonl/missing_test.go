package jsonl_test

import (
	"fmt"
	"testing"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/logtest"
)

// Words for missing values are missing among numbers, whichever comes first, and
// words among words.
func TestMissingWords(t *testing.T) {
	log := ""
	for _, word := range []string{"NA", "null", "None", "nan", ""} {
		log += logtest.Line(fmt.Sprintf(`{"n":1,"m":%q,"w":"a"}`, word)) + logtest.Line(fmt.Sprintf(`{"n":%q,"m":2,"w":"NA"}`, word))
	}
	rows, _, s := logtest.Reference(t, "log", log, predlog.Options{})
	if len(s.Rejects) > 0 || len(rows) != 10 {
		t.Errorf("%d rows, rejects %v", len(rows), s.Rejects)
	}
	for i, r := range rows {
		want := "1 <nil> a"
		if i%2 == 1 {
			want = "<nil> 2 NA"
		}
		if got := fmt.Sprint(r["n"], " ", r["m"], " ", r["w"]); got != want {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
	}
}
