package profile

import (
	"github.com/apache/arrow-go/v18/arrow"

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
	fixed := fixedOf(rec.Schema(), "")
	timeOf, err := times(rec, fixed.at)
	if err != nil {
		return err
	}
	ms, endpoint, status := numbers(rec, fixed.ms), texts(rec, fixed.endpoint), numbers(rec, fixed.status)
	for i := range int(rec.NumRows()) {
		at, timed := timeOf(i)
		c := call{at: at, timed: timed, status: status(i), ms: ms(i), endpoint: endpoint(i)}
		if timed {
			if w := f.windows.at(f.windows.start(at)); w != nil {
				w.addRequest(&c)
			}
			if at <= f.from || at > f.until {
				continue
			}
		}
		f.traffic.add(&c)
	}
	return nil
}
