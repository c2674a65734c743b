package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// levelNumber is a level for machines that compare.
var levelNumber = map[string]int{verdict.OK: 0, verdict.Insufficient: 1, verdict.Warn: 2, verdict.Alert: 3}

// metrics is the run in Prometheus' text format, for its textfile collector.
func (b *builder) metrics() []byte {
	run := b.r.Run
	var out bytes.Buffer
	site := label("site", run.Site)
	family := func(name, help string, samples ...sample) {
		samples = slices.DeleteFunc(samples, func(s sample) bool { return math.IsNaN(s.value) || math.IsInf(s.value, 0) })
		if len(samples) == 0 {
			return
		}
		fmt.Fprintf(&out, "# HELP leadsman_%s %s\n# TYPE leadsman_%s gauge\n", name, help, name)
		for _, s := range samples {
			fmt.Fprintf(&out, "leadsman_%s{%s} %s\n", name, strings.Join(append([]string{site}, s.labels...), ","), strconv.FormatFloat(s.value, 'g', -1, 64))
		}
	}
	var levels []sample
	for _, a := range [][2]string{{"run", run.Level}, {"score", run.ScoreLevel}, {"features", run.FeatureLevel}, {"quality", run.QualityLevel}, {"latency", run.LatencyLevel}, {"api", run.APILevel}} {
		if n, ok := levelNumber[a[1]]; ok {
			levels = append(levels, sample{[]string{label("area", a[0])}, float64(n)})
		}
	}
	family("level", "Level of an area: 0 ok, 1 too few rows, 2 warning, 3 alert.", levels...)
	if !run.PeriodEnd.IsZero() {
		family("period_end_timestamp_seconds", "Newest prediction judged.", sample{nil, float64(run.PeriodEnd.Unix())})
	}
	family("predictions", "Predictions judged.", sample{nil, float64(run.Rows)})
	family("reference_rows", "Rows of the reference.", sample{nil, float64(run.ReferenceRows)})
	family("features", "Features compared.", sample{nil, float64(run.Features)})
	family("features_drifted", "Features at warning or alert.", sample{nil, float64(run.Drifted)})
	family("drift_share", "Drifted over judged features.", sample{nil, run.DriftShare})
	var effects []sample
	for _, s := range b.subjects {
		for _, f := range s.Findings {
			if f.Check == verdict.CheckDistribution {
				effects = append(effects, sample{[]string{label("subject", f.Subject), label("unit", f.EffectUnit)}, f.Effect})
			}
		}
	}
	family("effect", "How far a column's values moved, in unit.", effects...)
	var quantiles []sample
	for _, l := range b.r.Latency {
		if q, ok := map[string]string{"p50": "0.5", "p95": "0.95", "p99": "0.99"}[l.Kind]; ok {
			quantiles = append(quantiles, sample{[]string{label("subject", l.Subject), label("quantile", q)}, l.Value / 1000})
		}
	}
	family("latency_seconds", "Quantiles of the latency.", quantiles...)
	if t, ok := b.r.total("", 0); ok {
		family("requests", "Requests judged.", sample{nil, float64(t.Requests)})
		family("success_share", "Requests with a status below 400 over all.", sample{nil, share(t.Succeeded, t.Requests)})
	}
	var fired, aucs, moved []sample
	for _, t := range b.r.Triggers {
		is := 0.0
		if t.Fired {
			is = 1
		}
		fired = append(fired, sample{[]string{label("trigger", t.Name)}, is})
	}
	family("trigger_fired", "1 when a reason to retrain has fired.", fired...)
	if v, how := aucOf(b.r); how != "" {
		aucs = append(aucs, sample{[]string{label("by", how)}, v})
	}
	family("model_roc_auc", "ROC AUC of the model, by outcomes or estimated from the scores.", aucs...)
	at := map[string]int{}
	for _, s := range b.r.Segments {
		i, ok := at[s.Column]
		if !ok {
			i = len(moved)
			at[s.Column] = i
			moved = append(moved, sample{labels: []string{label("column", s.Column)}})
		}
		if s.Name != "" && verdict.Severity(s.Level) >= verdict.Severity(verdict.Warn) {
			moved[i].value++
		}
	}
	family("segments_moved", "Segments of a column in which something moved.", moved...)
	if v := b.together(); v != nil {
		family("domain_auc", "ROC AUC of telling production from reference by all features at once; 0.5 is chance.", sample{nil, v.Effect})
	}
	if h := b.r.health(); h != nil {
		up := 0.0
		if h.OK {
			up = 1
		}
		family("api_up", "1 when the API answered well when its health was asked.", sample{nil, up})
	}
	return out.Bytes()
}

type sample struct {
	labels []string
	value  float64
}

var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func label(name, value string) string {
	return name + `="` + labelEscapes.Replace(strings.ToValidUTF8(value, "\uFFFD")) + `"`
}

// junit is the findings as test cases: warnings and alerts fail, too few rows
// are skipped.
func (b *builder) junit() ([]byte, error) {
	type failure struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
	}
	type skipped struct {
		Message string `xml:"message,attr"`
	}
	type testcase struct {
		Class   string   `xml:"classname,attr"`
		Name    string   `xml:"name,attr"`
		Failure *failure `xml:"failure,omitempty"`
		Skipped *skipped `xml:"skipped,omitempty"`
	}
	var suite struct {
		XMLName  xml.Name   `xml:"testsuite"`
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"` // none ever, and required
		Skipped  int        `xml:"skipped,attr"`
		Time     string     `xml:"timestamp,attr,omitempty"`
		Cases    []testcase `xml:"testcase"`
	}
	suite.Name = b.title()
	if !b.r.Run.PeriodEnd.IsZero() {
		suite.Time = b.r.Run.PeriodEnd.UTC().Format("2006-01-02T15:04:05")
	}
	var findings []verdict.Finding
	for _, s := range b.subjects {
		findings = append(findings, s.Findings...)
	}
	for _, f := range b.r.Findings {
		if f.Window == "" && f.Segment != "" {
			findings = append(findings, f)
		}
	}
	for _, f := range findings {
		c := testcase{Class: "leadsman." + f.Role, Name: subjectWord(f.Subject) + ": " + checkWord(f.Check)}
		switch {
		case f.Segment != "":
			c.Class, c.Name = "leadsman.segment", clip(f.Segment, 100)+": "+c.Name
		case f.Check == verdict.CheckRetrain:
			c.Name = subjectWord(f.Subject) + ": " + triggerWord(f.Test)
		}
		switch f.Level {
		case verdict.Warn, verdict.Alert:
			c.Failure = &failure{f.Level, f.Sentence}
			suite.Failures++
		case verdict.OK:
		default:
			c.Skipped = &skipped{f.Sentence}
			suite.Skipped++
		}
		suite.Cases = append(suite.Cases, c)
	}
	suite.Tests = len(suite.Cases)
	return document(suite)
}

// feedEntries bounds the feed: readers want what is new.
const feedEntries = 50

// feed is an Atom feed of the nights whose level differs from the night before,
// newest first; without a history, of this night.
func (b *builder) feed() ([]byte, error) {
	type text struct {
		Type string `xml:"type,attr,omitempty"`
		Body string `xml:",chardata"`
	}
	type href struct {
		Href string `xml:"href,attr"`
	}
	type entry struct {
		ID      string `xml:"id"`
		Title   text   `xml:"title"`
		Updated string `xml:"updated"`
		Link    *href  `xml:"link,omitempty"`
		Content text   `xml:"content"`
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Title   text     `xml:"title"`
		Updated string   `xml:"updated"`
		Author  string   `xml:"author>name"`
		Link    *href    `xml:"link,omitempty"`
		Entries []entry  `xml:"entry"`
	}
	nights := nightly(b.o.History, b.r.Run.Site)
	if len(nights) == 0 {
		nights = b.r.Tonight()[:1]
	}
	var link *href
	if b.o.URL != "" {
		link = &href{b.o.URL}
	}
	at := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	feed.ID, feed.Link = name(b.r.Run.Site), link
	feed.Title, feed.Author = text{"text", b.title()}, "leadsman"
	for i, n := range nights {
		if i > 0 && n.Level == nights[i-1].Level {
			continue
		}
		feed.Updated = at(n.PeriodEnd)
		was := ""
		if i > 0 {
			was = " Before: " + levelWord(nights[i-1].Level) + "."
		}
		feed.Entries = append(feed.Entries, entry{
			ID: name(n.Site, at(n.PeriodEnd)), Title: text{"text", b.title() + ": " + levelWord(n.Level)},
			Updated: at(n.PeriodEnd), Link: link, Content: text{"text", sentence(n.Headline) + was},
		})
	}
	slices.Reverse(feed.Entries)
	feed.Entries = feed.Entries[:min(len(feed.Entries), feedEntries)]
	return document(feed)
}

// name is a lasting identifier made of parts: a UUID of version 8 by their hash.
func name(parts ...string) string {
	sum := sha256.Sum256([]byte("leadsman\x00" + strings.Join(parts, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func document(v any) ([]byte, error) {
	raw, err := xml.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	return append([]byte(xml.Header), append(raw, '\n')...), nil
}
