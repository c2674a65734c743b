package site

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/site/export"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/guide"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/nights"
	"github.com/leadsman/leadsman/pkg/site/parts"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/service"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// marker is the file by which a directory is known to be a site of leadsman's,
// which may be replaced.
const marker = ".leadsman"

// build makes all pages and pictures in memory.
func build(r *report.Tables, o Options) (*builder, error) {
	b := newBuilder(r, o)
	f := b.frame()
	// The overview links only to pages that are there, so it is made last.
	var pages []*page
	has := map[string]bool{}
	put := func(file, title, template string, script bool, body any, from ...string) {
		has[file] = true
		p := &page{File: file, Title: title, Template: template, Script: script, Body: body, Source: sourceOf(b.Report, "", from...)}
		pages = append(pages, p)
	}
	for i, s := range b.Features {
		if i < b.Paged() {
			s.Href = "feature/" + b.Slug(s.Name) + ".html"
		}
	}
	if len(b.Features) > 0 {
		for _, v := range driftParts(driftPage(b.View)) {
			put(driftFile(v.Part), "Data drift", "drift", true, v, "findings", "bins", "trend")
		}
		b.files["search.json"] = searchIndex(b.View)
	}
	if b.Score != nil || b.Label != nil {
		for _, s := range []*view.Subject{b.Score, b.Label} {
			if s != nil {
				s.Href = "scores.html"
			}
		}
		put("scores.html", "Scores", "scores", true, scoresPage(b.View), "findings", "bins", "statistics", "trend")
	}
	if v := whyPage(b.View); v != nil {
		put("why.html", "Why the scores moved", "why", true, v, "contributions")
	}
	if v := modelPage(b.View); v != nil {
		put("model.html", "Model quality", "model", true, v, "outcomes", "estimates", "triggers")
	}
	if v := parts.Page(b.View); v != nil {
		put("segments.html", "Segments", "segments", true, v, "segments", "findings", "bins")
	}
	if v := service.Speed(b.service()); v != nil {
		put("speed.html", "Speed", "speed", true, v, "latency", "trend", "findings")
	}
	if v := service.API(b.service()); v != nil {
		put("api.html", "API", "api", true, v, "traffic", "trend", "findings", "health")
	}
	if v := qualityPage(b.View); !v.empty() {
		put("quality.html", "Data quality", "quality", true, v, "findings", "statistics", "rejects")
	}
	if v := correlationsPage(b.View); v != nil {
		put("correlations.html", "Correlations", "correlations", true, v, "correlations", "findings")
	}
	if v := service.Predictions(b.Report); v != nil {
		put("predictions.html", "Predictions", "predictions", true, v, "recent")
	}
	if v := service.Bench(b.service()); v != nil {
		put("benchmark.html", "Benchmark", "benchmark", true, v)
	}
	if v := nights.All(b.View); v != nil {
		put("history.html", "History", "history", true, v)
	}
	if v := nights.Compare(b.View); v != nil {
		put("compare.html", "Side by side", "compare", true, v)
	}
	put("guide.html", "How to read this", "guide", false, guide.Page(b.Report, template.Must(pageTemplates().Clone())))
	for _, s := range b.Subjects {
		if s.Href == "" {
			switch {
			case s.Asked(verdict.CheckLatency):
				s.Href = pageOf(has, "speed.html")
			case s.Asked(verdict.CheckMultivariate):
				s.Href = pageOf(has, "drift.html")
			case s.Asked(verdict.CheckContribution):
				s.Href = pageOf(has, "why.html")
			case s.Asked(verdict.CheckRetrain):
				s.Href = pageOf(has, "model.html")
			case s.Asked(verdict.CheckCorrelation):
				s.Href = pageOf(has, "correlations.html")
			case slices.ContainsFunc(s.Findings, func(f verdict.Finding) bool { return verdict.TraitsOf(f.Check).Sound }):
				s.Href = pageOf(has, "quality.html")
			default:
				s.Href = pageOf(has, "api.html")
			}
		}
	}
	b.add(f, &page{File: "index.html", Title: "Overview", Template: "overview", Script: true, Body: overviewPage(b.View, has), Source: sourceOf(b.Report, "", "findings", "run", "bins", "trend")})
	for _, p := range pages {
		b.add(f, p)
	}
	f.Places = placesOf(func(file string) bool { return has[file] || file == "index.html" })
	for i, s := range b.Features {
		if i == b.Paged() {
			break
		}
		v := featurePage(b.View, i, s)
		if i > 0 {
			v.Prev = &view.Link{Href: b.Features[i-1].Href, Text: b.Features[i-1].Name}
		}
		if i+1 < b.Paged() {
			v.Next = &view.Link{Href: b.Features[i+1].Href, Text: b.Features[i+1].Name}
		}
		b.add(f, &page{File: s.Href, Title: s.Name, Template: "feature", Script: true, Body: v, Source: sourceOf(b.Report, subjectFilter(s.Name), "findings", "bins", "statistics")})
	}
	for _, p := range nights.Pages(b.View) {
		b.add(f, &page{File: p.File, Title: p.Title, Template: "night", Body: p.Body, foot: p.Foot})
	}
	if err := b.execute(f); err != nil {
		return nil, err
	}
	if err := b.export(); err != nil {
		return nil, err
	}
	for _, name := range f.Data {
		b.tables = append(b.tables, "data/"+name+".parquet")
		if name != history.Table {
			b.tables = append(b.tables, "data/"+name+".csv")
		}
	}
	b.files[marker] = b.manifest()
	return b, nil
}

// service is what the pages of the service are made from.
func (b *builder) service() service.View {
	return service.View{Report: b.Report, Findings: b.Findings, Gallery: b.Gallery}
}

// export makes the files for machines.
func (b *builder) export() error {
	v := export.View{Title: b.title(), URL: b.o.URL, Headline: headline(b.View), Since: drifting(b.View), Tables: b.Report, Findings: b.Findings}
	var areas []export.Area
	for _, t := range tilesOf(b.View, nil) {
		areas = append(areas, export.Area{Name: t.Name, Level: t.Level, Text: strings.Trim(t.Value+", "+t.Note, ", ")})
	}
	nights := b.History
	if len(nights) == 0 {
		nights = history.Add(nil, history.Tonight(b.Report), b.o.Calm)
	}
	b.files["report.json"] = export.JSON(b.Report)
	b.files["report.schema.json"] = export.Schema()
	b.files["annotations.txt"] = export.Annotations(v)
	b.files["summary.md"] = export.Markdown(v, areas, adviceOf(b.View))
	b.files["badge.svg"] = export.Badge(b.Report.Run.Level)
	b.files["icon.svg"] = export.Icon(b.Report.Run.Level)
	b.files["metrics.prom"] = export.Prometheus(v)
	var err error
	if b.files["junit.xml"], err = export.JUnit(v); err != nil {
		return err
	}
	b.files["feed.xml"], err = export.Atom(v, history.Entries(nights, b.Report.Run.Site))
	return err
}

// WriteDir writes the site of a report as the directory dir: whole, or not at all. A
// directory that is there already is replaced if it is empty or a site written
// before, and refused otherwise.
func WriteDir(dir string, r *report.Tables, o Options) error {
	dir, err := replaceable(dir)
	if err != nil {
		return err
	}
	b, err := build(r, o)
	if err != nil {
		return err
	}
	out, err := files.CreateDir(dir)
	if err != nil {
		return err
	}
	defer out.Abort()
	if err := b.write(out); err != nil {
		return err
	}
	ours, err := written(dir)
	if err != nil {
		return err
	}
	return out.Commit(ours)
}

// manifest is the marker's text: which files render wrote. Others that someone
// puts beside them stay when the site is replaced.
func (b *builder) manifest() []byte {
	names := slices.Concat(slices.Collect(maps.Keys(b.files)), b.tables)
	slices.Sort(names)
	return []byte("This directory is a site that leadsman's render wrote; render may replace these files:\n" + strings.Join(names, "\n") + "\n")
}

// written reads the manifest of the site in dir.
func written(dir string) (map[string]bool, error) {
	raw, err := os.ReadFile(filepath.Join(dir, marker))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	ours := map[string]bool{marker: true}
	for _, line := range strings.Split(string(raw), "\n") {
		for ; line != "" && line != "."; line = path.Dir(line) {
			ours[line] = true // with the directories on the way
		}
	}
	return ours, err
}

// replaceable returns the directory that dir names, links followed, and an
// error if it must not be replaced.
func replaceable(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("site: no directory")
	}
	name := dir
	dir, err := files.Resolve(dir)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		return dir, nil
	}
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", fmt.Errorf("%s: is a file, want a directory", name)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, marker)); err != nil && len(entries) > 0 {
		return "", fmt.Errorf("%s: holds files that render did not write; name an empty or a new directory", name)
	}
	return dir, nil
}

// writers is how many files are written at once: each waits for the disk.
const writers = 8

// write writes all files below dir.
func (b *builder) write(dir *files.Dir) error {
	names := slices.Sorted(maps.Keys(b.files))
	failed := make([]error, writers)
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := w; i < len(names) && failed[w] == nil; i += writers {
				failed[w] = dir.WriteFile(names[i], b.files[names[i]])
			}
		})
	}
	group.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return b.writeData(dir)
}

// writeData writes the tables that were read, cleaned, as Parquet: a run like any other.
func (b *builder) writeData(dir *files.Dir) error {
	out := table.ParquetIn(dir, "data")
	defer out.Abort()
	for _, t := range b.Report.Published() {
		rec := t.Encode()
		err := errors.Join(out.Write(rec), writeCSV(dir, t.Name, rec))
		rec.Release()
		if err != nil {
			return err
		}
	}
	if len(b.History) > 0 {
		rec := table.Encode(history.Table, b.History)
		err := out.Write(rec)
		rec.Release()
		if err != nil {
			return err
		}
	}
	return out.Close()
}

// writeCSV writes a table beside its Parquet file, for spreadsheets: no text of it runs
// as a formula. The history has none: its rows hold what pages are drawn of.
func writeCSV(dir *files.Dir, name string, rec arrow.RecordBatch) error {
	var out bytes.Buffer
	v := table.NewView(&out, name, "csv")
	v.Safe = true
	if err := errors.Join(v.Write(rec), v.Close()); err != nil {
		return err
	}
	return dir.WriteFile("data/"+name+".csv", out.Bytes())
}

// WriteSingle writes the report as one HTML page that needs no other file.
func WriteSingle(w io.Writer, r *report.Tables, o Options) error {
	b := newBuilder(r, o)
	b.single = true
	f := b.frame()
	f.Data = nil
	v := &singleBody{overview: overviewPage(b.View, nil)}
	for i, s := range b.Features {
		if b.Drawn(i, s) {
			v.Features = append(v.Features, featurePage(b.View, i, s))
		}
	}
	if b.Score != nil || b.Label != nil {
		v.Scores = scoresPage(b.View)
	}
	if why := whyPage(b.View); why != nil {
		v.Shares = why.Figure
	}
	b.add(f, &page{File: "single.html", Title: "Drift report", Template: "single", Script: true, Body: v})
	if err := b.execute(f); err != nil {
		return err
	}
	_, err := io.Copy(w, bytes.NewReader(b.files["single.html"]))
	return err
}

type singleBody struct {
	*overview
	Features []*featureBody
	Scores   *scoresBody
	Shares   *gallery.Figure
}
