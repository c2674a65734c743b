package sim

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
)

// Rows of an entity are alike, or half alike, and as many as the kind says; the log
// of independent rows is what it was.
func TestEntities(t *testing.T) {
	const rows = 3000
	for _, kind := range EntityKinds {
		o := options(t, "none", 5, rows)
		o.Entities, o.Entity = Entities(kind), "customer"
		log := decode[prediction](t, predictionLog(t, o))
		if len(log) != rows {
			t.Fatalf("%s: %d rows", kind, len(log))
		}
		byEntity := map[any][]prediction{}
		for _, p := range log {
			byEntity[p.Input["customer"]] = append(byEntity[p.Input["customer"]], p)
		}
		most, same, pairs := 0, 0, 0
		for _, list := range byEntity {
			most = max(most, len(list))
			for _, p := range list[1:] {
				for name, v := range p.Input {
					if name != "customer" {
						pairs++
						if fmt.Sprint(v) == fmt.Sprint(list[0].Input[name]) {
							same++
						}
					}
				}
			}
		}
		alike, mean := float64(same)/float64(pairs), rows/float64(len(byEntity))
		switch Entities(kind) {
		case sessions:
			if most > longSession || alike != 1 || math.Abs(mean-5.5) > 0.4 {
				t.Errorf("%s: %v rows an entity, %d at most, alike in %v", kind, mean, most, alike)
			}
		case pareto:
			if most <= 3*longSession || alike != 1 {
				t.Errorf("%s: %v rows an entity, %d at most, alike in %v", kind, mean, most, alike)
			}
		case half:
			// A value is the first row's if both are the entity's, or by chance.
			if most > longSession || alike < 0.25 || alike > 0.75 {
				t.Errorf("%s: %v rows an entity, %d at most, alike in %v", kind, mean, most, alike)
			}
		}
	}
}

// The outcomes of chosen rows are those of likelier ones.
func TestSelectedOutcomes(t *testing.T) {
	const rows = 4000
	var all, chosen float64
	var n int
	for _, y := range outcomesOf(t, options(t, "none", 5, rows), Knowledge{}) {
		all += y / rows
	}
	for _, y := range outcomesOf(t, options(t, "none", 5, rows), Knowledge{Selected: 0.3}) {
		chosen += y
		n++
	}
	if share := float64(n) / rows; math.Abs(share-0.3) > 0.05 {
		t.Errorf("%v of the outcomes are known", share)
	}
	if chosen/float64(n) < all+0.1 {
		t.Errorf("positive rate %v among the chosen, %v in all", chosen/float64(n), all)
	}
}

// outcomesOf are the outcomes that are known, 0 or 1.
func outcomesOf(t *testing.T, o Options, k Knowledge) (known []float64) {
	t.Helper()
	p, _ := sample()
	var b bytes.Buffer
	if err := Outcomes(&b, p, o, k); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		switch strings.Split(line, ",")[1] {
		case "0":
			known = append(known, 0)
		case "1":
			known = append(known, 1)
		}
	}
	return known
}
