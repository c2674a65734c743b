package site

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"maps"
	"strings"
	"sync"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

//go:embed templates
var assets embed.FS

// Options say how a site is made.
type Options struct {
	Title   string          // title for people; empty takes the run's
	URL     string          // where the site will be, for links from other places; may be empty
	History []verdict.Night // every night, this one included, as history.Add makes them; none leaves the history page out
	Calm    int             // after how many calm nights a finding has cleared; 0: history.CalmNights
}

// draw makes the picture of a chart. Tests keep what was drawn before.
var draw = gallery.Drawing.PNG

// builder makes the files of one site.
type builder struct {
	*view.View
	o      Options
	single bool // one self-contained page
	pages  []*page
	files  map[string][]byte
	tables []string // files of data, written apart
}

func newBuilder(r *report.Tables, o Options) *builder {
	v := view.New(r, o.History, o.Calm, &gallery.Gallery{Draw: draw})
	r.Standing = v.Course.Standing
	return &builder{View: v, o: o, files: map[string][]byte{}}
}

// A page is one HTML file and what its template reads.
type page struct {
	File     string // from the site's root
	Title    string
	Template string
	Script   bool
	Body     any
	Site     *frame

	foot   string
	Source *source
}

// A frame is what all pages of a site share.
type frame struct {
	Title, URL      string
	Level           string
	Headline        string
	Because         string // the rule that gives the level, where it needs one
	Since           string // since when the scores have moved; empty where they have not
	Period          string
	Rows, RefRows   int64
	Policy          string
	Updated         string // the newest prediction, or timestamp
	JudgedAt        string // the run's own time; empty where that is the newest timestamp
	Simulated       bool
	SampleReference bool
	Coverage        string // empty when complete
	Places          []*place
	Data            []string // names of the published tables
	Single          bool
	Style           template.CSS
	Script          template.JS
}

// title is the site's name.
func (b *builder) title() string {
	for _, t := range []string{b.o.Title, b.Report.Run.Title, b.Report.Run.Site} {
		if t != "" && t != "default" { // a site that nobody named
			return t
		}
	}
	return "Model report"
}

func (b *builder) frame() *frame {
	run := b.Report.Run
	f := &frame{
		Title: b.title(), URL: b.o.URL,
		Level: run.Level, Headline: headline(b.View), Because: wording.Sentence(capital(run.Because)), Since: drifting(b.View),
		Period: words.Span(run.PeriodStart, run.PeriodEnd),
		Rows:   run.Rows, RefRows: run.ReferenceRows, Policy: run.Policy,
		Updated: words.Stamp(run.Now), JudgedAt: judgedAt(&run),
		Simulated: run.Simulated, SampleReference: run.SampleReference,
		Single: b.single,
	}
	if run.NowGiven {
		f.Updated = words.Stamp(run.Newest)
	}
	if run.Coverage > 0 && run.Coverage < 1 {
		f.Coverage = words.Percent(run.Coverage)
	}
	for _, t := range b.Report.Published() {
		f.Data = append(f.Data, t.Name)
	}
	if len(b.History) > 0 {
		f.Data = append(f.Data, "history")
	}
	return f
}

// add registers a page.
func (b *builder) add(f *frame, p *page) {
	p.Site = f
	b.pages = append(b.pages, p)
}

// judgedAt is the run's own time, where it has one.
func judgedAt(run *verdict.Run) string {
	if !run.NowGiven {
		return ""
	}
	return words.Stamp(run.Now)
}

// Root is the way from the page to the site's root.
func (p *page) Root() string { return strings.Repeat("../", strings.Count(p.File, "/")) }

// At returns the way from the page to a file of the site.
func (p *page) At(file string) string { return p.Root() + file }

// Foot says what the page rests on.
func (p *page) Foot() string {
	if p.foot != "" {
		return p.foot
	}
	s := p.Site
	judged := "No predictions"
	if s.Rows > 0 {
		judged = words.Count(s.Rows, "prediction", "predictions") + ", " + s.Period
	}
	foot := fmt.Sprintf("%s; compared with %s; policy %s.", judged, words.Count(s.RefRows, "reference row", "reference rows"), s.Policy)
	if s.Updated != words.None {
		foot += " Data up to " + s.Updated + "."
	}
	if s.JudgedAt != "" {
		foot += " Judged at " + s.JudgedAt + "."
	}
	return foot
}

// Image returns a picture with its way from the page.
func (p *page) Image(pic *gallery.Picture) *gallery.Picture {
	if pic == nil || pic.Src == "" || p.Root() == "" || strings.HasPrefix(string(pic.Src), "data:") {
		return pic
	}
	there := *pic
	there.Src = template.URL(p.Root()) + pic.Src
	return &there
}

// Figure is Image for a figure.
func (p *page) Figure(f *gallery.Figure) *gallery.Figure {
	if f == nil {
		return nil
	}
	there := *f
	there.Picture = p.Image(f.Picture)
	return &there
}

// Policy is the page's Content-Security-Policy: nothing but the site's own stylesheet,
// pictures and script, and of a single page, by hash, those that it carries.
func (p *page) Policy() string {
	policy := "default-src 'none'; img-src 'self' data:; style-src " + own(p, string(p.Site.Style))
	if p.Script {
		policy += "; script-src " + own(p, string(p.Site.Script))
		if p.Template == "drift" {
			policy += "; connect-src 'self'" // the index that a search reads
		}
	}
	return policy + "; base-uri 'none'; form-action 'none'"
}

// own is what a page may take of its site: a file of it, and a single page what stands
// in it.
func own(p *page, text string) string {
	if p.Site.Single {
		return hashOf(text)
	}
	return "'self'"
}

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func asset(name string) []byte {
	raw, err := assets.ReadFile("templates/" + name)
	if err != nil {
		panic(err) // embedded: a missing one is a bug
	}
	return raw
}

// pageTemplates are parsed by the first page: other commands of the program need none.
var pageTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"word": wording.Level, "class": wording.Class, "check": func(check string) string { return verdict.TraitsOf(check).Title }, "test": testWord, "subject": wording.Subject, "statistic": statisticWord, "measureWord": measureWord,
		"sentence": wording.Sentence, "letter": chart.Letter, "part": func(n int) int { return n - 1 }, "anchor": view.AnchorOf,
		"count": words.Whole, "plural": words.Count, "number": words.Number, "column": words.Column, "signedColumn": words.SignedColumn, "interval": words.Interval,
		"percent": words.Percent, "percentBeside": wording.PercentBeside, "percentDown": words.PercentDown, "points": words.Points, "pvalue": words.PValue, "psi": words.PSI,
		"measure": words.Measure, "effect": words.Effect, "milliseconds": words.Milliseconds, "times": words.Times,
		"day": words.Day, "stamp": words.Stamp, "moment": words.Moment,
		"urgent": func(level string) bool { return verdict.Severity(level) >= verdict.Severity(verdict.Warn) },
		"rank":   verdict.Severity,
		"weak":   func(level string) bool { return level == verdict.Insufficient },
	}).ParseFS(assets, "templates/*.html"))
})

// execute writes the pages, after the pictures.
func (b *builder) execute(f *frame) error {
	maps.Copy(b.files, b.Gallery.Files(b.single))
	f.Script = template.JS(asset("site.js"))
	f.Style = template.CSS(asset("style.css"))
	made := map[string]*template.Template{}
	for _, p := range b.pages {
		t := made[p.Template]
		if t == nil {
			var err error
			if t, err = pageTemplates().Clone(); err != nil {
				return err
			}
			// A copy: executing escapes the tree, and another site may be cloning it.
			if _, err := t.AddParseTree("main", pageTemplates().Lookup(p.Template).Tree.Copy()); err != nil {
				return err
			}
			made[p.Template] = t
		}
		var out bytes.Buffer
		if err := t.ExecuteTemplate(&out, "layout", p); err != nil {
			return fmt.Errorf("site: %s: %w", p.File, err)
		}
		b.files[p.File] = view.Anchored(out.Bytes())
	}
	if !b.single {
		b.files["style.css"], b.files["site.js"] = asset("style.css"), asset("site.js")
	}
	return nil
}

// Description is the page for who sees a link to it: the run's verdict and headline.
func (p *page) Description() string {
	s := p.Site
	return wording.Level(s.Level) + ": " + s.Headline
}

// Address is where the page will be; empty where nobody said.
func (p *page) Address() string {
	if p.Site.URL == "" || p.Site.Single {
		return ""
	}
	return strings.TrimSuffix(p.Site.URL, "/") + "/" + p.File
}
