package history_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestHistoryKeepsOneOfEachNight(t *testing.T) {
	r := sitetest.Report()
	old := sitetest.Nights(r, 3)
	perNight := len(history.Tonight(r))
	if len(old) != 3*perNight {
		t.Fatalf("%d rows of 3 nights, want %d", len(old), 3*perNight)
	}
	once := history.Add(old, history.Tonight(r), 0)
	r.Run.Headline = "second try"
	twice := history.Add(once, history.Tonight(r), 0)
	if len(twice) != 4*perNight {
		t.Errorf("%d rows after the same night twice, want %d", len(twice), 4*perNight)
	}
	if last := twice[len(twice)-1]; last.Headline != "second try" {
		t.Errorf("the night was not replaced: %q", last.Headline)
	}
	other := *r
	other.Run.Site = "another"
	if got := history.Add(twice, history.Tonight(&other), 0); len(got) != 5*perNight || len(history.Nightly(got, "harbour")) != 4 {
		t.Errorf("%d rows with another site's night, want %d", len(got), 5*perNight)
	}

	var file bytes.Buffer
	if err := history.Write(&file, twice); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "history.parquet")
	os.WriteFile(path, file.Bytes(), 0o644)
	in := table.Open(table.Input{Name: path})
	in.Plain = history.Table
	defer in.Close()
	back, err := history.Read(in)
	if err != nil || len(back) != len(twice) {
		t.Fatalf("%d rows read back, want %d: %v", len(back), len(twice), err)
	}
	for i, n := range back {
		if n.Sentence != twice[i].Sentence || n.Bins != twice[i].Bins || !n.PeriodEnd.Equal(twice[i].PeriodEnd) || math.IsNaN(n.Effect) != math.IsNaN(twice[i].Effect) {
			t.Fatalf("row %d came back as %+v", i, n)
		}
	}
}

func TestHistoryHoldsTheBinsOfAnOldNight(t *testing.T) {
	for _, n := range history.Tonight(sitetest.Report()) {
		if n.Subject == "industry" && n.Check == verdict.CheckDistribution {
			// The fixture's counts, by hand.
			want := `[["category",null,null,"Software",115,250],["category",null,null,"Finance",70,240],["category",null,null,"Health",50,190],` +
				`["category",null,null,"Education",40,150],["rare",null,null,"rare",22,93],["missing",null,null,"missing",6,91]]`
			if n.Bins != want {
				t.Errorf("bins %s, want %s", n.Bins, want)
			}
			return
		}
	}
	t.Error("no row of industry")
}

func TestBinsComeBackAsTheyWere(t *testing.T) {
	r := sitetest.Report()
	packed := 0
	for _, n := range history.Tonight(r) {
		var want []verdict.Bin
		for _, b := range r.Bins {
			if n.Check == verdict.CheckDistribution && b.Subject == n.Subject {
				b.PSIShare = math.NaN() // not kept
				want = append(want, b)
			}
		}
		// NaN differs from itself, so the bins are compared as they are written.
		if got := history.Bins(n.Subject, n.Bins); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %+v, want %+v", n.Subject, got, want)
		}
		packed += len(want)
	}
	if packed < len(r.Bins)/2 {
		t.Errorf("%d of %d bins compared", packed, len(r.Bins))
	}
	for _, odd := range []string{"", "{}", "[[1]]", `[["interval",null,null,"a","1",2]]`, `[[1,2,3,4,5,6,7]]`, "[null]"} {
		if got := history.Bins("x", odd); len(got) > 0 {
			t.Errorf("%s: %v", odd, got)
		}
	}
}

// A history that a newer leadsman wrote is read where it only knows more, and refused,
// never begun anew, where its meaning is another.
func TestHistoryOfANewerVersion(t *testing.T) {
	nights := sitetest.Nights(sitetest.Report(), 2)
	for _, c := range []struct{ version, want string }{
		{"1.9", ""},
		{"2.0", "table history: has version 2.0 of the stream, this leadsman reads 1.0"},
	} {
		rec := table.Encode(history.Table, nights)
		schema, more := rec.Schema(), array.MakeArrayOfNull(memory.DefaultAllocator, arrow.PrimitiveTypes.Int64, int(rec.NumRows()))
		schema = table.WithMeta(arrow.NewSchema(append(schema.Fields(), arrow.Field{Name: "moons", Type: more.DataType(), Nullable: true}), nil), table.KeyTable, history.Table, table.KeyVersion, c.version)
		var file bytes.Buffer
		v := table.NewView(&file, history.Table, "parquet")
		if err := v.Write(array.NewRecordBatch(schema, append(rec.Columns(), more), rec.NumRows())); err != nil {
			t.Fatal(err)
		}
		if err := v.Close(); err != nil {
			t.Fatal(err)
		}
		in := table.NewReader("history.parquet", &file)
		got, err := history.Read(in)
		in.Close()
		said := ""
		if err != nil {
			said = err.Error()
		}
		if !strings.HasSuffix(said, c.want) || (c.want == "") != (said == "") || c.want == "" && len(got) != len(nights) {
			t.Errorf("version %s: %d rows, want %d; %q, want %q", c.version, len(got), len(nights), said, c.want)
		}
	}
}

// The night's PSI of the scores is the highest score's, not that of the scores of a class.
func TestANightsScoreIsTheHighest(t *testing.T) {
	var r report.Tables
	for i, c := range [][2]string{{"score", verdict.RoleScore}, {"score_a", verdict.RoleClassScore}, {"score_x", verdict.RoleFeature}} {
		f := verdict.NewFinding(c[0], c[1], "number", verdict.CheckDistribution)
		f.Level, f.EffectUnit, f.Effect, f.Rank = verdict.OK, "PSI", 0.01+float64(i), int64(i+1)
		r.Findings = append(r.Findings, f)
	}
	for _, n := range history.Tonight(&r) {
		if n.ScorePSI != 0.01 {
			t.Errorf("%s: %v", n.Subject, n.ScorePSI)
		}
	}
}
