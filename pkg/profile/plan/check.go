package plan

import (
	"fmt"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// check says what makes a plan unusable.
func (p *Plan) check() error {
	if p.Window < 0 || p.Window%time.Microsecond != 0 {
		return fmt.Errorf("plan: window %s is no length of a window", p.Window)
	}
	if _, err := location(p.Week.Zone); err != nil || slices.Min(p.Week.Days[:]) < 0 {
		return fmt.Errorf("plan: its days of the week are none")
	}
	if p.SampleRows <= 0 {
		return fmt.Errorf("plan: a sample of %d rows is none", p.SampleRows)
	}
	if len(p.Columns) > caps.Columns.N {
		return fmt.Errorf("plan: %d columns, at most %d", len(p.Columns), caps.Columns.N)
	}
	seen := make(map[string]bool)
	for _, c := range p.Columns {
		if c.Name == "" || seen[c.Name] {
			return fmt.Errorf("plan: column %q is nameless or there twice", c.Name)
		}
		seen[c.Name] = true
		switch {
		case len(c.Names) > caps.Names.N:
			return fmt.Errorf("plan: column %s: %d categories, at most %d", c.Name, len(c.Names), caps.Names.N)
		case len(c.Known) > caps.KnownNames.N || !slices.IsSorted(c.Known) || int64(len(c.Names)+len(c.Known)) > c.Distinct || c.Once < 0 || c.Twice < 0 || c.Once > c.Distinct-c.Twice:
			return fmt.Errorf("plan: column %s: its other categories do not fit", c.Name)
		}
		if !slices.Contains([]view.Kind{view.NumberKind, view.CategoryKind, view.TextKind}, c.Kind) {
			return fmt.Errorf("plan: column %s: kind %q is unknown", c.Name, c.Kind)
		}
		for _, g := range []*Grid{c.Grid, c.Length, c.Commas} {
			if g == nil {
				continue
			}
			if err := g.check(); err != nil {
				return fmt.Errorf("plan: column %s: %w", c.Name, err)
			}
		}
	}
	for i, name := range p.Segments {
		if p.Splits(name) != nil || slices.Contains(p.Segments[:i], name) {
			return fmt.Errorf("plan: rows cannot be taken apart by column %q", name)
		}
	}
	return nil
}

// check says what makes a grid unusable.
func (g *Grid) check() error {
	ascending := func(x []float64) bool {
		for i, v := range x {
			if v-v != 0 || i > 0 && !(v > x[i-1]) {
				return false
			}
		}
		return true
	}
	switch {
	case len(g.Edges) > maxDistinct+64:
		return fmt.Errorf("%d edges are too many", len(g.Edges))
	case !ascending(g.Edges) || !ascending(g.Bins):
		return fmt.Errorf("edges are not finite and ascending")
	case len(g.Bins) >= maxBins:
		return fmt.Errorf("%d bins are too many", len(g.Bins))
	case g.Normal != nil && len(g.Normal) != 2*len(g.Edges)+1:
		return fmt.Errorf("%d normal scores are not those of %d edges", len(g.Normal), len(g.Edges))
	case g.Center-g.Center != 0 || g.Inverse-g.Inverse != 0:
		return fmt.Errorf("scale is not finite")
	}
	for _, b := range g.Bins {
		if _, ok := slices.BinarySearch(g.Edges, b); !ok || b >= g.Edges[len(g.Edges)-1] {
			return fmt.Errorf("bin at %v is on no inner edge", b)
		}
	}
	return nil
}
