package site

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/service"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A tile is one aspect of the run on the first screen.
type tile struct {
	Name, Value, Note string
	Level             string
	Href              string // page with more; empty without one
	Spark             *gallery.Picture
}

// pageOf returns the file if the site has it.
func pageOf(has map[string]bool, file string) string {
	if has[file] {
		return file
	}
	return ""
}

func tilesOf(from *view.View, has map[string]bool) []tile {
	run := from.Report.Run
	var ts []tile

	api := tile{Name: "API", Level: service.APILevel(from.Report), Href: pageOf(has, "api.html")}
	if h := from.Report.NewestHealth(); h != nil {
		api.Value, api.Note = "no answer", "asked "+words.Stamp(h.CheckedAt)
		switch {
		case h.OK:
			api.Value = "up"
		case h.ModelLoaded == "false":
			api.Value = "no model loaded"
		case h.StatusCode > 0 && h.StatusCode < 300:
			api.Value = "not well"
			if h.Status != "" {
				api.Value = h.Status
			}
		case h.StatusCode > 0:
			api.Value = fmt.Sprintf("status %d", h.StatusCode)
		}
		if h.OK && !math.IsNaN(h.ResponseMS) {
			api.Note = "answered in " + words.Milliseconds(h.ResponseMS)
		}
	} else if run.Requests > 0 {
		n, _ := service.Judged(from.Report)
		api.Value, api.Note = words.Whole(n), "requests; its health was not asked"
		for _, check := range []string{verdict.CheckSuccess, verdict.CheckTraffic} {
			if verdict.Severity(levelOf(from, check)) >= verdict.Severity(verdict.Warn) {
				api.Note = map[string]string{verdict.CheckSuccess: "requests, too many of which failed", verdict.CheckTraffic: "requests: more or fewer than usual"}[check]
			}
		}
	}
	if api.Value == "" && api.Level != "" {
		api.Value, api.Note = words.Whole(run.Rows), "predictions"
		if verdict.Reaches(levelOf(from, verdict.CheckTraffic), verdict.Warn) && run.Rows > 0 {
			api.Note += ": more or fewer than usual"
		}
	}
	success := tile{Name: "Success rate", Href: pageOf(has, "api.html"), Level: levelOf(from, verdict.CheckSuccess)}
	if n, share := service.Judged(from.Report); n > 0 {
		success.Value, success.Note = words.PercentDown(share), "of "+words.Count(n, "request", "requests")
	}
	if _, vs := from.Report.Course("success_rate", "", verdict.SubjectAPI, verdict.SubjectTraffic); len(vs) > 1 {
		success.Spark = from.Gallery.Spark("success", tileSpark, "Success rate by window", vs, math.NaN())
	}

	score := tile{Name: "Score drift", Level: run.ScoreLevel, Href: pageOf(has, "scores.html")}
	if from.Score != nil && from.Score.HasMain {
		f := from.Score.Main
		score.Value, score.Note = effectTile(f), "warns from "+words.Number(f.Threshold)
		if math.IsNaN(f.Threshold) {
			score.Note = ""
		}
		if why := unscored(f); why != "" {
			score.Value, score.Note, score.Level = "not judged", why, ""
		} else if f.Level == verdict.Insufficient {
			score.Value = words.None
		}
		if _, vs := from.Report.Course("psi", from.Score.Name); len(vs) > 1 {
			score.Spark = from.Gallery.Spark("score", tileSpark, "Score PSI by window", vs, f.Threshold)
		}
	}
	data := tile{Name: "Data drift", Level: run.FeatureLevel, Href: pageOf(has, "drift.html")}
	if run.Features > 0 && run.Insufficient >= run.Features {
		data.Value, data.Note = "none judged", "of "+words.Count(run.Features, "feature", "features")
	} else if run.Features > 0 {
		data.Value = fmt.Sprintf("%s of %s", words.Whole(run.Drifted), words.Whole(run.Features))
		data.Note = "features drifted"
		if run.Insufficient > 0 {
			data.Note += ", " + words.Whole(run.Insufficient) + " could not be judged"
		}
		if f := togetherOf(from); run.Drifted == 0 && f != nil && verdict.Reaches(f.Level, verdict.Warn) {
			data.Note += "; all together differ"
		}
	}
	if len(from.History) > 1 {
		var vs []float64
		for _, n := range history.Nightly(from.History, run.Site) {
			vs = append(vs, n.DriftShare)
		}
		data.Spark = from.Gallery.Spark("drift", tileSpark, "Share of drifted features by night", vs, math.NaN())
	}
	quality := tile{Name: "Data quality", Level: run.QualityLevel, Href: pageOf(has, "quality.html")}
	if n := int64(len(problemsOf(from))); n > 0 {
		quality.Value, quality.Note = words.Count(n, "problem", "problems"), "missing, unseen, odd values"
	} else if run.QualityLevel == verdict.Insufficient {
		quality.Value, quality.Note = words.None, "missing, unseen, odd values"
	} else if run.QualityLevel != "" {
		quality.Value, quality.Note = "0 problems", "missing, unseen, odd values"
	}
	if n := rejectedLines(from.Report); n > 0 {
		quality.Note = words.Count(n, "log line", "log lines") + " rejected"
	}
	speed := tile{Name: "Latency", Level: run.LatencyLevel, Href: pageOf(has, "speed.html")}
	for _, subject := range []string{"response_ms", "inference_ms"} {
		if l, ok := service.LatencyOf(from.Report, subject, "p95"); ok && speed.Value == "" {
			speed.Value, speed.Note = words.Milliseconds(l.Value), "95 % of "+latencyWord(subject)+" are faster"
			if _, vs := from.Report.Course("p95_ms", subject); len(vs) > 1 {
				speed.Spark = from.Gallery.Spark("latency", tileSpark, "95th percentile by window", vs, math.NaN())
			}
		}
	}
	for _, t := range []tile{score, skewTile(from, has), data, quality, modelTile(from, has), speed, success, api} {
		if t.Value == "" && t.Level == "" {
			continue
		}
		if t.Value == "" {
			t.Value = wording.Level(t.Level)
		}
		ts = append(ts, t)
	}
	return ts
}

// skewTile is there where the logged scores are not those of the model at hand.
func skewTile(from *view.View, has map[string]bool) tile {
	for _, s := range from.Subjects {
		if s.Name == verdict.SubjectSkew && s.Urgent() && len(s.Findings) > 0 {
			return tile{Name: "Logged scores", Level: s.Level, Href: pageOf(has, "scores.html"), Value: words.Percent(s.Findings[0].Effect), Note: "are not those of the model at hand"}
		}
	}
	return tile{}
}

// unscored says why scores cannot be compared, whatever the rows: empty when
// they can.
func unscored(f verdict.Finding) string {
	if !verdict.IsScore(f.Role) {
		return ""
	}
	switch f.Reason {
	case verdict.ReasonNoRefScores:
		return "the reference has no scores"
	case verdict.ReasonNoLogScores:
		return "the log has no scores"
	case verdict.ReasonInSample:
		return "the reference's scores are those of training rows"
	}
	return ""
}

func effectTile(f verdict.Finding) string {
	if f.EffectUnit == "PSI" && !math.IsNaN(f.Effect) {
		return "PSI " + words.Effect(f.Effect, f.EffectUnit)
	}
	return words.Effect(f.Effect, f.EffectUnit)
}

func latencyWord(subject string) string {
	if subject == "inference_ms" {
		return "inferences"
	}
	return "responses"
}

// levelOf is the worst level of the run's findings of one check.
func levelOf(from *view.View, check string) string {
	level := ""
	for _, s := range from.Subjects {
		for _, f := range s.Findings {
			if f.Check == check && verdict.Severity(f.Level) > verdict.Severity(level) {
				level = f.Level
			}
		}
	}
	return level
}

// tileSpark is the size of a tile's sparkline.
var tileSpark = chart.Size{W: 132, H: 30}
