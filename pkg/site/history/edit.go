package history

import (
	"cmp"
	"slices"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// Remove returns the rows without the nights of a site whose page has that name, such as
// 2026-01-05, and how many nights these were.
func Remove(rows []verdict.Night, site, page string) (left []verdict.Night, removed int) {
	rows = slices.Clone(rows)
	pages(rows, site)
	for _, n := range grouped(rows, site) {
		if n[0].Page == page {
			removed++
		}
	}
	return slices.DeleteFunc(rows, func(n verdict.Night) bool { return n.Site == site && n.Page == page }), removed
}

// Union returns the nights of both histories, and how many both have: of these the rows
// of a stay.
func Union(a, b []verdict.Night) (all []verdict.Night, both int) {
	all = slices.Clone(a)
	for _, site := range Sites(b) {
		mine := grouped(a, site)
		for _, night := range grouped(b, site) {
			if slices.ContainsFunc(mine, func(n []verdict.Night) bool { return same(&n[0], &night[0]) }) {
				both++
				continue
			}
			all = append(all, night...)
		}
	}
	sorted(all)
	// Two nights of one day may have had a page of one name.
	for _, site := range Sites(all) {
		taken := map[string]bool{}
		for _, night := range grouped(all, site) {
			for i := range night {
				if taken[night[0].Page] {
					night[i].Page = ""
				}
			}
			taken[night[0].Page] = true
		}
		pages(all, site)
	}
	return all, both
}

// Rename gives the nights of a site another name, and says how many they are. There must
// be none of that name.
func Rename(rows []verdict.Night, from, to string) int {
	n := len(grouped(rows, from))
	for i := range rows {
		if rows[i].Site == from {
			rows[i].Site = to
		}
	}
	sorted(rows)
	return n
}

// Sites are the names of the sites of a history, in order.
func Sites(rows []verdict.Night) []string {
	var out []string
	for i := range rows {
		if !slices.Contains(out, rows[i].Site) {
			out = append(out, rows[i].Site)
		}
	}
	slices.Sort(out)
	return out
}

// sorted sorts nights by site and time.
func sorted(rows []verdict.Night) {
	slices.SortStableFunc(rows, func(a, b verdict.Night) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), a.PeriodEnd.Compare(b.PeriodEnd))
	})
}
