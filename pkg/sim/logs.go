package sim

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// A Source is where rows come from: a [Population] or a [File].
type Source interface {
	// Names returns the names of the columns.
	Names() []string
	rows(r *rand.Rand) rowDrawer
}

// rowDrawer draws the rows of one chunk one after another.
type rowDrawer interface {
	row(nudges []nudge) drawn
}

// drawn is one row. Its values may be changed, and are valid until the next
// row is drawn.
type drawn struct {
	values  []record.Value
	outcome bool
	chance  float64 // of a positive outcome; of a Population
	entity  int     // number of the entity in the chunk, from 1 on; 0 for none
	logged  *logged // nil but for a File that is a prediction log
}

// Options describe a log.
type Options struct {
	Seed     uint64
	Rows     int64 // predictions
	Start    time.Time
	Period   time.Duration
	Scenario *Scenario        // nil is none
	ID       string           // name of a logged field that identifies each row; empty for none
	Entities Entities         // how rows belong together
	Classes  Classes          // of outcomes, and of the scores of a model; nil: two kinds and one score
	Entity   string           // name of a logged field that says whom a row belongs to; empty for none
	Progress func(rows int64) // told how many more rows were written; may be nil
}

func (o *Options) scenario() *Scenario {
	if o.Scenario == nil {
		return &Scenario{Name: "none"}
	}
	return o.Scenario
}

// source returns src with the dependence of rows that the options ask for.
func (o *Options) source(src Source) (Source, error) {
	if keep := o.scenario().wander; keep > 0 {
		p, ok := src.(*Population)
		if !ok {
			return nil, fmt.Errorf("scenario %s: wants rows of a population", o.Scenario.Name)
		}
		src = p.wandering(keep)
	}
	if o.Entities != "" {
		src = grouped{src, o.Entities}
	}
	return src, nil
}

func (o *Options) clock() (*clock, error) {
	if o.Rows < 0 {
		return nil, errors.New("want no negative number of rows")
	}
	return newClock(o.Seed, o.Rows, o.Start, o.Period)
}

// Predictions writes the prediction log of a service that scored o.Rows rows
// of src with s, in order of time.
func Predictions(w io.Writer, src Source, s *Scorer, o Options) error {
	c, err := o.clock()
	if err != nil {
		return err
	}
	p, err := o.scenario().plan(src.Names())
	if err != nil {
		return err
	}
	if p.positives > 0 {
		if _, ok := src.(*Population); !ok {
			return fmt.Errorf("scenario %s: needs rows with a known outcome, drawn from a population", p.Name)
		}
	}
	if len(o.Classes) > 0 && s == nil {
		return errors.New("classes: the scores are of a log: want a model")
	}
	if src, err = o.source(src); err != nil {
		return err
	}
	return inOrder(w, c.rows, o.Progress, func(chunk int64, dst []byte) ([]byte, error) {
		return predictions(dst, chunk, c, p, src, s, &o)
	})
}

// Requests writes the request log of the same service: the requests that
// carried the o.Rows rows, those that failed, and health checks.
func Requests(w io.Writer, o Options) error {
	c, err := o.clock()
	if err != nil {
		return err
	}
	return inOrder(w, c.rows, o.Progress, func(chunk int64, dst []byte) ([]byte, error) {
		for _, q := range c.requests(chunk, o.scenario()) {
			dst = record.AppendRequest(dst, q)
		}
		return dst, nil
	})
}

// predictions appends the lines of a chunk to dst.
func predictions(dst []byte, chunk int64, c *clock, p *plan, src Source, s *Scorer, o *Options) ([]byte, error) {
	calls, _, _ := c.calls(chunk, p.Scenario)
	r := stream(c.seed, "rows", chunk)
	drawer := src.rows(r)
	nudges := make([]nudge, len(p.names))
	extra := stream(c.seed, "changes", chunk)

	// The rows are drawn first, so that the model can score them at once.
	n := int(min(chunkRows, c.rows-chunk*chunkRows))
	values := make([]record.Value, 0, n*len(p.names))
	found := make([]drawn, 0, n)
	var b *scoring
	if s != nil {
		b = s.scoring(p.names)
	}
	for _, one := range calls {
		strength := p.strength(c, one.at)
		for i := one.first; i < one.first+one.rows; i++ {
			row := p.draw(drawer, extra, strength, nudges)
			p.change(row.values, chunk*chunkRows+int64(i), c.rows, strength, extra.Float64)
			values = append(values, row.values...)
			found = append(found, row)
			if b != nil {
				if err := b.add(p.logged(row.values)); err != nil {
					return nil, err
				}
			}
		}
	}
	var scores []float32
	if b != nil {
		var err error
		if scores, err = b.scores(); err != nil {
			return nil, err
		}
	}
	line := record.Prediction{Simulated: true}
	spare := make([]float64, len(o.Classes))
	hosts := stream(c.seed, "hosts", chunk)
	for _, one := range calls {
		line.At = c.start.Add(one.at)
		for k, ms := range one.inference {
			i := one.first + k
			line.Input = p.fields(line.Input[:0], values[i*len(p.names):(i+1)*len(p.names)])
			if o.ID != "" {
				line.Input = append(line.Input, record.Field{Name: o.ID, Value: record.StringValue(rowID(chunk, i))})
			}
			if o.Entity != "" {
				line.Input = append(line.Input, record.Field{Name: o.Entity, Value: record.StringValue(entityID(chunk, i, found[i].entity))})
			}
			line.InferenceMS = ms
			if s != nil {
				host := p.host(hosts)
				line.Score = host.scored(float64(scores[i]))
				line.Label, line.Version = s.label(line.Score), s.Version+host.version
				if len(o.Classes) > 0 {
					line.Scores, line.Label = o.Classes.scores(line.Score, spare, line.Scores[:0])
				}
			} else {
				was := found[i].logged
				line.Score, line.Label, line.Version = was.score, was.label, was.version
			}
			dst = record.AppendPrediction(dst, line)
		}
	}
	return dst, nil
}

// draw draws a row; where the scenario sets the share of positives, rows are
// drawn until one has the outcome that the row is to have.
func (p *plan) draw(d rowDrawer, r *rand.Rand, strength float64, n []nudge) drawn {
	n = p.nudges(strength, n)
	if p.positives == 0 {
		return d.row(n)
	}
	want := r.Float64() < p.positives
	for {
		if row := d.row(n); row.outcome == want {
			return row
		}
	}
}

// logged returns the values as the model gets them: a field that is not logged
// is not there to score either.
func (p *plan) logged(values []record.Value) []record.Value {
	for k, c := range p.changes {
		if c.remove {
			values[p.at[k]] = record.Value{}
		}
	}
	return values
}

// inOrder writes what fill appends for each chunk of rows, in order, while
// several processors make the next ones.
func inOrder(w io.Writer, rows int64, progress func(int64), fill func(chunk int64, dst []byte) ([]byte, error)) error {
	type result struct {
		bytes []byte
		err   error
	}
	ahead := 2 * runtime.GOMAXPROCS(0)
	chunks := (rows + chunkRows - 1) / chunkRows
	var pending []chan result
	var spare [][]byte
	// Whatever ends the loop, no goroutine stays behind: each has room for its
	// result.
	next := int64(0)
	for done := int64(0); done < chunks; done++ {
		for ; next < chunks && next < done+int64(ahead); next++ {
			to := make(chan result, 1)
			var dst []byte
			if n := len(spare); n > 0 {
				dst, spare = spare[n-1], spare[:n-1]
			}
			go func(chunk int64) {
				bytes, err := fill(chunk, dst[:0])
				to <- result{bytes, err}
			}(next)
			pending = append(pending, to)
		}
		one := <-pending[0]
		pending = slices.Delete(pending, 0, 1)
		if one.err != nil {
			return one.err
		}
		if _, err := w.Write(one.bytes); err != nil {
			return err
		}
		spare = append(spare, one.bytes)
		if progress != nil {
			progress(min(chunkRows, rows-done*chunkRows))
		}
	}
	return nil
}
