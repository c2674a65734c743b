package site

import (
	"bytes"
	"html"
	"strings"
	"sync"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/verdict"
)

const hostile = "<script>alert(1)</script>"

// explained is the fixture with what moved its scores: 0.21 + 0.12 − 0.07 + 10 ×
// 0.008 = 0.34, by hand; segments of which one moved while the whole stands; two
// reasons to retrain of which one fired; all features together at warn.
func explained() *report.Tables {
	r := quality()
	add := func(feature string, change, gain float64, rank int64) {
		r.Contributions = append(r.Contributions, verdict.Contribution{
			Kind: "feature", Feature: feature, NRef: 303, NCur: 1014, Ref: 0.1, Cur: 0.1 + change, Change: change,
			Lo: change - 0.01, Hi: change + 0.01, Share: change / 0.34, InScore: change / 0.34 * 0.06, Gain: gain, Rank: rank,
		}, verdict.Contribution{
			Kind: "column", Feature: feature, Column: feature + "_encoded", NRef: 303, NCur: 1014, Ref: 0.1, Cur: 0.1 + change, Change: change,
			Lo: nan, Hi: nan, Share: nan, Gain: gain,
		})
	}
	r.Contributions = append(r.Contributions,
		verdict.Contribution{Kind: "total", Unit: "log-odds", NRef: 303, NCur: 1014, Ref: -1.24, Cur: -0.9, Change: 0.34, Lo: 0.29, Hi: 0.39, Share: 1, Gain: nan},
		verdict.Contribution{Kind: "bias", NRef: 303, NCur: 1014, Ref: -1.3, Cur: -1.3, Lo: nan, Hi: nan, Share: nan, Gain: nan})
	add("skills", 0.21, 0.3, 1) // a text: compared as skills (commas)
	add("llm_quality", 0.12, 0.2, 2)
	add("companysize", -0.07, 0.1, 3)
	for i := range 10 {
		add(hostile+string(rune('a'+i)), 0.008, 0.04, int64(4+i))
	}

	segment := func(name, level string, moved int64, nRef, nCur int64) {
		r.Segments = append(r.Segments, verdict.Segment{
			Column: "geography", Name: name, NRef: nRef, NCur: nCur, ShareRef: float64(nRef) / 303, ShareCur: float64(nCur) / 1014,
			ScoreRef: 0.44, ScoreCur: 0.52, Mix: nan, Within: nan, P: 0.0001, Q: 0.0003, Moved: moved, Level: level,
		})
	}
	r.Segments = append(r.Segments, verdict.Segment{
		Column: "geography", NRef: 303, NCur: 1014, ShareRef: 1, ShareCur: 1, ScoreRef: 0.44, ScoreCur: 0.5, Mix: 0.05, Within: 0.01, P: nan, Q: nan, Moved: 1, Level: verdict.Warn,
		Sentence: "geography: the segments' shares explain most of the change",
	})
	segment("EU", verdict.OK, 0, 150, 500)
	segment(hostile, verdict.Warn, 1, 100, 330)
	segment("APAC", verdict.Insufficient, 0, 53, 184)
	in := "geography=" + hostile
	r.Findings = append(r.Findings, verdict.Finding{
		Segment: in, Subject: "tenure_years", Role: verdict.RoleFeature, Kind: "number", Check: verdict.CheckDistribution, Test: "ks", Level: verdict.Warn, NRef: 100, NCur: 330,
		Statistic: 0.4, P: 0.0001, Q: 0.0003, Effect: 0.22, EffectUnit: "PSI", Threshold: 0.1, AlertThreshold: 0.25, Sentence: "in " + in + ": tenure_years: median rose from 3 to 7; PSI 0.22", Rank: 90,
	})
	for i, n := range []int64{30, 25, 25, 20} {
		r.Bins = append(r.Bins, verdict.Bin{Segment: in, Subject: "tenure_years", Kind: "interval", Lo: float64(2 * i), Hi: float64(2*i + 2), NRef: n, NCur: 10 + 60*int64(i), PSIShare: 0.25})
	}

	r.Triggers = []verdict.Trigger{
		{Name: "realised_auc_drop", Level: verdict.Insufficient, Threshold: 0.05, Measured: nan, Unit: "1", Sentence: "no outcomes"},
		{Name: "drift_share", Fired: true, Level: verdict.Warn, Threshold: 0.2, Measured: 3.0 / 11, Unit: "1", Action: "Retrain on rows like the new ones", Sentence: "Retraining is due: 3 of 11 judged features have drifted; the threshold is 20 %."},
		{Name: hostile, Level: verdict.OK, Threshold: 90, Measured: 30.7, Unit: "days", Since: sitetest.LastNight.AddDate(0, 0, -30), Sentence: hostile},
	}
	r.Findings = append(r.Findings,
		verdict.Finding{Subject: verdict.SubjectRetraining, Role: verdict.RoleRun, Check: verdict.CheckRetrain, Test: "drift_share", Level: verdict.Warn, NRef: 303, NCur: 1014, Statistic: nan, P: nan, Q: nan, Effect: 3.0 / 11, EffectUnit: "1", Threshold: 0.2, AlertThreshold: nan, MDE: nan, Rank: 30, Sentence: "Retraining is due: 3 of 11 judged features have drifted"},
		verdict.Finding{Subject: verdict.SubjectFeatures, Role: verdict.RoleRun, Check: verdict.CheckMultivariate, Test: "domain_classifier", Level: verdict.Warn, NRef: 303, NCur: 1014, Statistic: 0.71, P: 0.001, Q: 0.001, Effect: 0.71, EffectUnit: "AUC", Threshold: 0.6, AlertThreshold: 0.75, MDE: nan, Rank: 31, Sentence: "(features): a classifier tells reference from production with an AUC of 0.71"})
	for i, name := range []string{"tenure_years", "followers", hostile} {
		r.Statistics = append(r.Statistics, verdict.Statistic{Subject: name, Name: "domain_importance", Ref: nan, Cur: []float64{0.61, 0.3, 0.09}[i], Lo: nan, Hi: nan, Unit: "1"})
	}
	return r
}

func TestWhyPageTellsWhatMovedTheScores(t *testing.T) {
	files := explainedFiles()
	holds(t, "why.html", files,
		"The mean margin rose by +0.34 log-odds; skills explains +0.21 of it, llm_quality +0.12; companysize pulls the other way: −0.07.",
		`href="charts/why.png"`, `href="feature/llm_quality.html"`, ">62 %<", "0.200 to 0.220", "skills_encoded", ">+0.210<",
		"4 others", "+0.03", // 13 features less the 9 that are drawn
		"Means over 303 rows of the reference and 1014 rows of production.")
	if len(files["charts/why.png"]) == 0 {
		t.Error("no picture")
	}
	holds(t, "feature/llm_quality.html", files, "llm_quality adds +0.12 log-odds to the mean margin (95 % interval +0.11 to +0.13), which moved by +0.34.", `href="../why.html"`)
	holds(t, "index.html", files, `<a href="why.html">Why the scores moved</a>: The mean margin rose by +0.34 log-odds`)
}

func TestWhyPageNamesNoShareOfChance(t *testing.T) {
	r := explained()
	for i := range r.Contributions {
		if c := &r.Contributions[i]; c.Kind == "total" {
			c.Lo, c.Hi = -0.1, 0.7
		}
	}
	unit := &r.Contributions[0].Unit
	if *unit = "margin"; !strings.HasPrefix(whyLead(r), "The mean margin moved by +0.34, no more") {
		t.Error("a margin that is no log-odds is called so")
	}
	*unit = "log-odds"
	if lead := whyLead(r); !strings.HasPrefix(lead, "The mean margin moved by +0.34 log-odds, no more than chance may do") {
		t.Errorf("%q", lead)
	}
}

// What is not known leaves out what rests on it and nothing else.
func TestWhyPageWithoutAWhole(t *testing.T) {
	r := explained()
	r.Contributions = r.Contributions[2:] // neither total nor bias
	r.Contributions[0].Change, r.Contributions[0].Lo = nan, nan
	v := whyPage(newBuilder(r, Options{}).View)
	if v.Lead != "" || v.Figure != nil || v.Note != "" {
		t.Errorf("the page tells what nobody knows: %q, %v, %q", v.Lead, v.Figure, v.Note)
	}
	// The largest change first, the unknown one last.
	if first, last := v.Rows[0], v.Rows[len(v.Rows)-1]; first.Feature != "llm_quality" || last.Feature != "skills" {
		t.Errorf("from %s to %s", first.Feature, last.Feature)
	}
}

func TestSegmentsPageShowsWhatTheWholeHides(t *testing.T) {
	files := explainedFiles()
	holds(t, "segments.html", files,
		"1 of 2 segments moved, 1 in what stands still in the whole; 1 more could not be judged.",
		"geography: the segments' shares explain most of the change.",
		"geography = &lt;script&gt;alert(1)&lt;/script&gt;", ": tenure_years: median rose from 3 to 7; PSI 0.22.<",
		`<svg class="chart"`, `href="#segment-1"`, ">33.0 %<")
	holds(t, "index.html", files, "geography = &lt;script&gt;alert(1)&lt;/script&gt;, tenure_years moved while the whole stands still.", `href="segments.html"`)
	// The finding of a segment is none of the whole's.
	if bytes.Contains(files["drift.html"], []byte("median rose from 3 to 7")) {
		t.Error("the drift page tells a segment's finding")
	}
}

func TestWhatToDoBeginsWithWhatFired(t *testing.T) {
	files := explainedFiles()
	page := string(files["index.html"])
	_, todo, _ := strings.Cut(page, `<ol class="todo">`)
	if first, _, _ := strings.Cut(todo, "</li>"); strings.TrimSpace(first) != "<li>Retraining is due: 3 of 11 judged features have drifted; the threshold is 20 %. "+
		`<small><a href="model.html"><bdi>reasons to retrain</bdi></a></small>` {
		t.Errorf("what to do begins with %q", first)
	}
	if strings.Contains(page, "<h3>Retraining") {
		t.Error("a reason to retrain among what changed")
	}
	holds(t, "model.html", files, "drifted features, of those judged", ">20 %<", ">27 %<", "Fired", "Cannot tell", "30 days since 23 Oct 2026", "&lt;script&gt;alert(1)&lt;/script&gt;")
}

func TestAllFeaturesTogether(t *testing.T) {
	files := explainedFiles()
	holds(t, "drift.html", files, "All features together", "a classifier tells reference from production with an AUC of 0.71.", ">61 %<", "warns from 0.6")
	holds(t, "index.html", files, `href="drift.html"><bdi>All features together</bdi></a>`)
}

// PSI is explained in the first row that has one, wherever that stands.
func TestPSIIsExplainedOnce(t *testing.T) {
	const long = `<abbr title="population stability index">PSI</abbr>`
	for _, first := range []string{"PSI", "W1/σ"} {
		r := sitetest.Report()
		for i := range r.Findings {
			if r.Findings[i].Role == verdict.RoleScore {
				r.Findings[i].EffectUnit = first
			}
		}
		if n := strings.Count(string(built(t, r, Options{})["drift.html"]), long); n != 1 {
			t.Errorf("the score's effect is in %s: PSI is explained %d times", first, n)
		}
	}
}

func TestOverviewTellsTheModelsQuality(t *testing.T) {
	holds(t, "index.html", explainedFiles(), ">AUC 0.611<", "worse than the reference: ROC AUC")
	r := quality()
	r.Outcomes = nil
	if v := modelTile(newBuilder(r, Options{}).View, nil); v.Value != "AUC 0.812" || v.Note != "estimated; 0.843 in the reference" {
		t.Errorf("%+v", v)
	}
	if page := whole(t)["index.html"]; bytes.Contains(page, []byte("Model quality")) {
		t.Error("a tile of nothing")
	}
}

// The shares at or below an edge are sums by hand: 190 of 1014 rows and 30 of 303
// lie at or below 20, 340 and 60 at or below 35.
func TestFeaturePageShowsSharesBelow(t *testing.T) {
	files := whole(t)
	holds(t, "feature/llm_quality.html", files, `<a href="../charts/cdf-llm_quality.png">`, "<td>20</td><td>9.9 %</td><td>19 %</td>", "<td>35</td><td>20 %</td><td>34 %</td>")
	if bytes.Contains(files["feature/companysize.html"], []byte("cdf-")) {
		t.Error("categories have no order")
	}
}

// No name of a table reaches a page as markup.
func TestNamesStayText(t *testing.T) {
	for name, raw := range explainedFiles() {
		if strings.HasSuffix(name, ".html") && bytes.Contains(raw, []byte(hostile)) {
			t.Errorf("%s: a name is markup", name)
		}
	}
}

// explainedFiles is the site of the fixture above, built once.
var explainedFiles = sync.OnceValue(func() map[string][]byte {
	b, err := build(explained(), Options{})
	if err != nil {
		panic(err)
	}
	return b.files
})

func holds(t *testing.T, name string, files map[string][]byte, want ...string) {
	t.Helper()
	// As it is written, or as it is read.
	page := spaced(files[name]) + html.UnescapeString(spaced(files[name]))
	for _, w := range want {
		if !strings.Contains(page, w) {
			t.Errorf("%s: no %q", name, w)
		}
	}
}

func TestMachinesReadWhyToo(t *testing.T) {
	files := explainedFiles()
	holds(t, "metrics.prom", files,
		`leadsman_trigger_fired{site="harbour",trigger="drift_share"} 1`, `leadsman_trigger_fired{site="harbour",trigger="realised_auc_drop"} 0`,
		`leadsman_model_roc_auc{site="harbour",by="outcomes"} 0.611`, `leadsman_segments_moved{site="harbour",column="geography"} 1`, `leadsman_domain_auc{site="harbour"} 0.71`)
	holds(t, "junit.xml", files,
		`classname="leadsman.segment" name="geography=`+hostile+`: tenure_years: values"`, `name="Retraining: drifted features, of those judged"`, `name="All features together: told apart by a classifier"`)
	holds(t, "summary.md", files, "- Retraining is due: ", "| Model quality | Warning |")
}
