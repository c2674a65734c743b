package profile

import (
	"fmt"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// check says what makes a plan that was read unusable.
func (p *Plan) check() error {
	if p.Window < 0 || p.Window%time.Microsecond != 0 {
		return fmt.Errorf("plan: window %s is no length of a window", p.Window)
	}
	if p.SampleRows <= 0 {
		return fmt.Errorf("plan: a sample of %d rows is none", p.SampleRows)
	}
	if len(p.columns) > maxColumns {
		return fmt.Errorf("plan: %d columns, at most %d", len(p.columns), maxColumns)
	}
	seen := make(map[string]bool)
	for _, c := range p.columns {
		if c.name == "" || seen[c.name] {
			return fmt.Errorf("plan: column %q is nameless or there twice", c.name)
		}
		seen[c.name] = true
		if len(c.names) > maxNames {
			return fmt.Errorf("plan: column %s: %d categories, at most %d", c.name, len(c.names), maxNames)
		}
		if !slices.Contains([]view.Kind{view.NumberKind, view.CategoryKind, view.TextKind}, c.kind) {
			return fmt.Errorf("plan: column %s: kind %q is unknown", c.name, c.kind)
		}
		for _, g := range []*grid{c.grid, c.length, c.commas} {
			if g == nil {
				continue
			}
			if err := g.check(); err != nil {
				return fmt.Errorf("plan: column %s: %w", c.name, err)
			}
		}
	}
	return nil
}

func (g *grid) check() error {
	ascending := func(x []float64) bool {
		for i, v := range x {
			if v-v != 0 || i > 0 && !(v > x[i-1]) {
				return false
			}
		}
		return true
	}
	switch {
	case len(g.edges) > maxDistinct+64:
		return fmt.Errorf("%d edges are too many", len(g.edges))
	case !ascending(g.edges) || !ascending(g.bins):
		return fmt.Errorf("edges are not finite and ascending")
	case len(g.bins) >= maxBins:
		return fmt.Errorf("%d bins are too many", len(g.bins))
	case g.center-g.center != 0 || g.inverse-g.inverse != 0:
		return fmt.Errorf("scale is not finite")
	}
	for _, b := range g.bins {
		if _, ok := slices.BinarySearch(g.edges, b); !ok || b >= g.edges[len(g.edges)-1] {
			return fmt.Errorf("bin at %v is on no inner edge", b)
		}
	}
	return nil
}
