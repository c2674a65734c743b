package history_test

import (
	"bytes"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/table"
)

// Whatever the bytes, a history is read or refused; what is read can be told.
func FuzzRead(f *testing.F) {
	var whole bytes.Buffer
	if err := history.Write(&whole, sitetest.Nights(sitetest.Report(), 2)); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	// Without its digest it is another program's, and damage is not told at once.
	f.Add(bytes.Replace(whole.Bytes(), []byte("leadsman.sha256"), []byte("leadsman.sha257"), 1))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		in := table.NewReader("x", bytes.NewReader(raw))
		in.Plain = history.Table
		defer in.Close()
		nights, err := history.Read(in)
		if err != nil {
			return
		}
		for _, n := range history.Nightly(nights, "harbour") {
			history.Bins(n.Subject, n.Bins)
		}
	})
}
