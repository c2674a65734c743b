package main

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"
)

// The policy keeps its promises at a size that fits a test. The seeds are
// fixed; of fresh ones a policy whose false-alarm rate were 2 % a cell would
// break the bar of 5 % by chance in one of 20 cells.
func TestPromises(t *testing.T) {
	r, err := run(small, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range r.broken() {
		t.Error(broken)
	}
	if testing.Verbose() {
		t.Log(r.document(""))
	}
}

// The table that the site reads is that of the document.
func TestTheDataIsTheDocuments(t *testing.T) {
	document, err := os.ReadFile("../../docs/calibration.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(document), "# ") {
		t.Errorf("the document begins with %.40q, want its title", document)
	}
	_, text, _ := strings.Cut(string(document), "| columns | reference rows | rows a night | at warn or above, % | interval |")
	text, _, _ = strings.Cut(text, "\n\n")
	want := [][]string{{"columns", "reference_rows", "night_rows", "loud_percent", "low_percent", "high_percent"}}
	for _, line := range strings.Split(text, "\n")[2:] {
		cells := strings.Split(line, " | ")
		columns, _, _ := strings.Cut(strings.TrimPrefix(cells[0], "| "), " ")
		lo, hi, _ := strings.Cut(cells[4], "–")
		want = append(want, []string{columns, cells[1], cells[2], cells[3], lo, hi})
	}
	data, err := os.ReadFile("../../docs/calibration.csv")
	if err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil || len(got) < 20 || !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%d rows of calibration.csv, %d of calibration.md, or others: make calibration writes both; %v", len(got), len(want), err)
	}
}
