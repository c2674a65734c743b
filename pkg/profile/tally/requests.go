package tally

import (
	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/count"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/table"
)

// AddRequests counts a batch of API requests.
func (f *Profile) AddRequests(rec arrow.RecordBatch) error {
	if v, _ := table.MetaOf(rec.Schema(), table.KeySimulated); v == "true" {
		f.simulated = true
	}
	if err := f.note(table.NameOf(rec.Schema())); err != nil {
		return err
	}
	fixed := read.FixedOf(rec.Schema(), "", "")
	timeOf, err := read.Times(rec, fixed.At)
	if err != nil {
		return err
	}
	ms, endpoint, status := read.Numbers(rec, fixed.MS), read.Endpoints(rec, fixed.Endpoint), read.Numbers(rec, fixed.Status)
	for i := range int(rec.NumRows()) {
		at, timed := timeOf(i)
		c := count.Request{At: at, Timed: timed, Status: status(i), MS: ms(i), Endpoint: endpoint(i)}
		if timed {
			if w := f.windows.At(f.windows.Start(at)); w != nil {
				w.AddRequest(&c)
			}
			if at <= f.from || at > f.until {
				continue
			}
		}
		f.traffic.Add(&c)
	}
	return nil
}
