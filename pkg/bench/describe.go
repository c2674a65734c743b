package bench

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/leadsman/leadsman/pkg/model/explain"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Description says what a model is.
type Description struct {
	Name      string    `json:"name"`
	Hash      string    `json:"sha256"`
	Bytes     int64     `json:"bytes"`
	Library   string    `json:"library"` // that trained it
	Version   string    `json:"version"`
	Objective string    `json:"objective"`
	Booster   string    `json:"booster"`
	Score     string    `json:"score"`      // probability, value, probabilities, one of each class, or values, one of each target
	Outputs   int       `json:"outputs"`    // scores of a row
	BaseScore *number   `json:"base_score"` // null where the model has none
	Trees     int       `json:"trees"`
	Nodes     int       `json:"nodes"`
	Depth     int       `json:"depth"`
	Named     bool      `json:"named"` // whether the model says its features' names
	Features  []Feature `json:"features"`

	whole bool // it is more than trees
}

// A Feature is a column of a model's row.
type Feature struct {
	Column     int    `json:"column"`
	Name       string `json:"name"`
	Gain       number `json:"gain"`       // mean over its splits
	Share      number `json:"gain_share"` // of the sum of all features' gains
	Thresholds int    `json:"thresholds"` // distinct; 0 when no split uses it
}

// Describe describes the model in s. Features stand in the order of the row; one
// without a name is called as XGBoost calls it, f0, f1, ….
func Describe(s Source) (*Description, error) {
	m, size, err := s.Model()
	if err != nil {
		return nil, err
	}
	d := &Description{
		Name: filepath.Base(s.Name), Hash: m.SHA256, Bytes: size, Library: m.Library, Version: m.Version, Objective: m.Objective, Booster: m.Booster,
		Score: "value", Outputs: m.Outputs(), BaseScore: known(m.BaseScore), Trees: len(m.Trees), Nodes: m.Nodes(), Depth: m.Depth(),
	}
	switch {
	case m.Logistic():
		d.Score = "probability"
	case m.Graph != nil && m.Graph.Positive:
		d.Score = "probability" // as classifiers give it
	case m.Outputs() > 1 && (m.Graph == nil || m.Graph.Labels):
		d.Score = "probabilities"
	case m.Outputs() > 1:
		d.Score = "values"
	}
	d.whole = !m.IsTrees()
	names := m.Features
	d.Named = names != nil
	gains, thresholds := explain.MeanGain(m.Ensemble), m.Thresholds()
	sum := 0.0
	for _, g := range gains {
		sum += g
	}
	for i := range m.NumFeatures {
		f := Feature{Column: i, Name: "f" + strconv.Itoa(i), Gain: number(gains[i]), Thresholds: len(thresholds[i])}
		if names != nil {
			f.Name = names[i]
		}
		if sum > 0 {
			f.Share = number(gains[i] / sum)
		}
		d.Features = append(d.Features, f)
	}
	return d, nil
}

// WriteJSON writes the description as one JSON document.
func (d *Description) WriteJSON(w io.Writer) error { return writeJSON(w, d) }

// WriteText writes the description for people: the features by gain, and how
// many the model does not use.
func (d *Description) WriteText(w io.Writer) error {
	b := &strings.Builder{}
	used := slices.DeleteFunc(slices.Clone(d.Features), func(f Feature) bool { return f.Thresholds == 0 })
	slices.SortStableFunc(used, func(a, b Feature) int { return cmp.Compare(b.Gain, a.Gain) })

	features := words.Count(int64(len(d.Features)), "column", "columns")
	if idle := len(d.Features) - len(used); idle > 0 && !d.whole {
		features += fmt.Sprintf(", %s of them in no split", words.Whole(int64(idle)))
	}
	if !d.Named {
		features += ", without names"
	}
	score, base := d.Score, "none"
	if d.BaseScore != nil {
		base = strconv.FormatFloat(float64(*d.BaseScore), 'g', 6, 64)
	}
	if d.Outputs > 1 && d.BaseScore != nil {
		base += ", of the first class"
		score += fmt.Sprintf(", %d of them", d.Outputs)
	}
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	trees := fmt.Sprintf("%s, %s, at most %s deep", words.Whole(int64(d.Trees)), words.Count(int64(d.Nodes), "node", "nodes"), words.Count(int64(d.Depth), "split", "splits"))
	if d.whole {
		trees = "none: it is more than one ensemble of trees"
	}
	for _, line := range [][2]string{
		{"model", printable(d.Name)},
		{"written by", d.Library + " " + d.Version},
		{"objective", d.Objective},
		{"score", score},
		{"base score", base},
		{"booster", d.Booster},
		{"trees", trees},
		{"features", features},
		{"file", fmt.Sprintf("%s, SHA-256 %s", words.Bytes(float64(d.Bytes)), d.Hash)},
	} {
		fmt.Fprintf(t, "%s\t%s\n", line[0], line[1])
	}
	t.Flush() // into memory
	if len(used) > 0 {
		title := "Importance: mean gain of a feature's splits"
		if !slices.ContainsFunc(used, func(f Feature) bool { return f.Gain > 0 }) {
			title = "Features in splits, whose gains are not in the file"
		}
		fmt.Fprintf(b, "\n%s\n\n", title)
		t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
		fmt.Fprint(t, "feature\tgain\tshare\tthresholds\n")
		for _, f := range used {
			fmt.Fprintf(t, "%s\t%s\t%s\t%d\n", printable(f.Name), words.Number(float64(f.Gain)), words.Percent(float64(f.Share)), f.Thresholds)
		}
		t.Flush() // into memory
	}
	_, err := io.WriteString(w, b.String())
	return err
}
