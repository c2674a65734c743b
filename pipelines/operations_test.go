package pipelines

import (
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var seasons = flag.Int("seasons", 1, "months of thirty nights that TestOperations lives through; docs/operations.md says of how many it is")

// A season is a month of a model's life, in which all befalls it that operators know.
// Nights are counted from 1.
const (
	season       = 30
	nightRows    = 400
	incidentFrom = 5 // amount reads higher, through
	incidentTo   = 6
	silenceFrom  = 9 // nothing is logged, through
	silenceTo    = 10
	strayNight   = 13 // a line with a clock five days ahead; the log keeps three days
	lossFrom     = 16 // a column is logged no more, to the end of the season
	secondFrom   = 19 // countries shift, though the run is at alert already, through
	secondTo     = 20
	skipped      = 23 // the job failed, and was made up for after the next night
	againNight   = 25 // judged twice
	retrained    = 27 // another reference, without the lost column, and another version
)

// A truth is what befell the model, and what of it the feed must say.
type truth struct {
	night int // the entry is of this night or the next
	what  string
	says  string // the entry's words, a regular expression
	last  int    // the last night on which there may be an entry because of it
}

func truths(seasons int) []truth {
	out := []truth{{1, "the history begins", ".", 1}}
	for s := range seasons {
		at := func(night int) int { return s*season + night }
		out = append(out,
			truth{at(incidentFrom), "amount reads higher for two nights", "(?i)new: .*amount", at(incidentFrom) + 1},
			truth{at(incidentTo + 1), "amount is as before", "(?i)cleared: .*amount", at(incidentTo) + 2},
			truth{at(silenceFrom), "nothing is logged for two nights", "No predictions since", at(silenceFrom) + 1},
			truth{at(silenceTo + 1), "predictions are logged again", "came again, after 2 nights", at(silenceTo) + 2},
			truth{at(strayNight), "a line is five days ahead", "wrong clock", at(strayNight) + 1},
			truth{at(strayNight + 3), "that line is rotated away", "(?i)cleared: rows", at(strayNight) + 4},
			truth{at(lossFrom), fmt.Sprintf("extra%d is logged no more", s+1), fmt.Sprintf("(?i)new: .*extra%d", s+1), at(lossFrom) + 1},
			truth{at(secondFrom), "countries shift for two nights", "(?i)new: .*country", at(secondFrom) + 1},
			truth{at(secondTo + 1), "countries are as before", "(?i)cleared: .*country", at(secondTo) + 2},
			truth{at(retrained), "another reference and model version", "(?s)Reference.*Model version " + fmt.Sprint(s+2) + " took the place", at(retrained) + 1},
		)
	}
	return out
}

// life writes what a model of that season logs.
type life struct {
	rng  *rand.Rand
	dir  string
	days map[int][]string // lines of each night's day
}

func (l *life) row(night int, reference bool) map[string]any {
	s, of := (night-1)/season, (night-1)%season+1
	row := map[string]any{"amount": math.Round(100*math.Exp(l.rng.NormFloat64()/2)) / 100, "age": 18 + l.rng.IntN(60)}
	weights := []float64{0.5, 0.3, 0.2}
	if !reference && of >= secondFrom && of <= secondTo {
		weights = []float64{0.15, 0.3, 0.55}
	}
	at := l.rng.Float64()
	for i, country := range []string{"de", "fr", "it"} {
		if at -= weights[i]; at < 0 || i == 2 {
			row["country"] = country
			break
		}
	}
	if !reference && of >= incidentFrom && of <= incidentTo {
		row["amount"] = 2 * row["amount"].(float64)
	}
	for i := range 5 {
		v := math.Round(1000*l.rng.Float64()) / 1000
		lost := i < s || i == s && of >= lossFrom
		if !lost || reference && i == s && of < retrained {
			row[fmt.Sprintf("extra%d", i+1)] = v
		}
	}
	return row
}

// score is the model's, of one column whose drift is not staged: what moves the scores
// is a matter of other tests.
func score(row map[string]any) float64 {
	return math.Round(1000/(1+math.Exp(-(float64(row["age"].(int))-48)/20))) / 1000
}

// reference writes the training rows of a night's model.
func (l *life) reference(t *testing.T, night int) {
	row := l.row(night, true)
	var names []string
	for name := range row {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	fmt.Fprintf(&b, "%s,score\n", strings.Join(names, ","))
	for range 1500 {
		row = l.row(night, true)
		for _, name := range names {
			fmt.Fprintf(&b, "%v,", row[name])
		}
		fmt.Fprintf(&b, "%v\n", score(row))
	}
	l.write(t, "reference.csv", b.String())
}

func (l *life) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(l.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// begun is when the first night begins; a night is judged ten minutes after its end.
var begun = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func judgedAt(night int) time.Time { return begun.AddDate(0, 0, night).Add(-10 * time.Minute) }

// day writes the log as it is at the end of a night: the last three days.
func (l *life) day(t *testing.T, night int) {
	s, of := (night-1)/season, (night-1)%season+1
	version := s + 1
	if of >= retrained {
		version++
	}
	var lines []string
	line := func(at time.Time) {
		row := l.row(night, false)
		raw, err := json.Marshal(map[string]any{"timestamp": at.Format(time.RFC3339), "input": row, "score": score(row), "model_version": fmt.Sprint(version)})
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(raw)+"\n")
	}
	if of < silenceFrom || of > silenceTo {
		start := judgedAt(night - 1).Add(time.Minute)
		for i := range nightRows {
			line(start.Add(time.Duration(i) * 23 * time.Hour / nightRows))
		}
		if of == strayNight {
			line(judgedAt(night).AddDate(0, 0, 5))
		}
	}
	l.days[night] = lines
	var all []string
	for d := max(1, night-2); d <= night; d++ {
		all = append(all, l.days[d]...)
	}
	l.write(t, "logs/predictions.jsonl", strings.Join(all, ""))
}

// said is an entry of the feed.
type said struct {
	ID      string `xml:"id"`
	Title   string `xml:"title"`
	Updated string `xml:"updated"`
	Content string `xml:"content"`
	Link    struct {
		Href string `xml:"href,attr"`
	} `xml:"link"`
}

func (s said) night() int {
	at, err := time.Parse(time.RFC3339, s.Updated)
	if err != nil {
		return -1
	}
	return int(at.Add(20*time.Minute).Sub(begun) / (24 * time.Hour))
}

func (s said) text() string { return s.Title + ": " + s.Content }

// TestOperations lives through a month of nights, as its operators would, and holds the
// feed to what befell the model: every event has its entry within a night, and no entry
// is without an event. go test ./pipelines -run Operations -update writes docs/operations.md.
func TestOperations(t *testing.T) {
	if testing.Short() {
		t.Skip("a month of nights takes a minute")
	}
	l := &life{rng: rand.New(rand.NewPCG(17, 4)), dir: t.TempDir(), days: map[int][]string{}}
	repo := repository{env: withPath()}
	l.reference(t, 1)
	nights := *seasons * season
	l.write(t, "monitor.yaml", "version: 1\nreference: reference.csv\nlast: 24h\nsite: {name: life, title: Life, url: https://example.org/}\n")
	judge := func(night int) {
		repo.run(t, l.dir, fmt.Sprintf("leadsman report --config monitor.yaml --logs logs -o site --history history.parquet --now %s 2>report.err", judgedAt(night).Format(time.RFC3339)))
	}
	var gates []string
	was := map[string]said{}
	for night := 1; night <= nights; night++ {
		switch of := (night-1)%season + 1; of {
		case skipped:
			l.day(t, night)
			continue
		case skipped + 1: // the night before is made up for after this one
			l.day(t, night)
			judge(night)
			judge(night - 1)
		case retrained:
			l.reference(t, night)
			fallthrough
		default:
			l.day(t, night)
			judge(night)
			if of == againNight {
				judge(night)
			}
		}
		gates = append(gates, fmt.Sprintf("%d%d", repo.status(t, l.dir, "leadsman gate --check=alert site"), repo.status(t, l.dir, "leadsman gate --check=new site")))
		now := map[string]said{}
		for _, e := range feedOf(t, l.dir) {
			now[e.ID] = e
		}
		for id, e := range was {
			if now[id] != e {
				t.Errorf("night %d: the entry %q is %q now", night, e.text(), now[id].text())
			}
		}
		was = now
	}
	feed := feedOf(t, l.dir)
	slices.SortStableFunc(feed, func(a, b said) int { return a.night() - b.night() })
	explained := map[string]bool{}
	for _, e := range truths(*seasons) {
		found := false
		for _, s := range feed {
			if n := s.night(); n >= e.night && n <= e.last {
				explained[s.ID] = true
				found = found || n <= e.night+1 && regexp.MustCompile(e.says).MatchString(s.text())
			}
		}
		if !found {
			t.Errorf("night %d: %s: no entry says so", e.night, e.what)
		}
	}
	for _, s := range feed {
		if !explained[s.ID] {
			t.Errorf("night %d: an entry without an event: %s", s.night(), s.text())
		}
		page := filepath.Join(l.dir, "site", strings.TrimPrefix(s.Link.Href, "https://example.org/"))
		if text, err := os.ReadFile(page); err != nil || !strings.Contains(string(text), "Night to "+judgedAt(s.night()).Format("2 Jan 2006")) {
			t.Errorf("night %d: the entry leads to %s (%v)", s.night(), s.Link.Href, err)
		}
	}
	pages, err := filepath.Glob(filepath.Join(l.dir, "site", "night", "*.html"))
	if err != nil || len(pages) != nights {
		t.Errorf("%d pages of %d nights (%v)", len(pages), nights, err)
	}
	if *update && !t.Failed() {
		if err := os.WriteFile("../docs/operations.md", []byte(operations(t, l.dir, feed, gates)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func feedOf(t *testing.T, dir string) []said {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "site", "feed.xml"))
	if err != nil {
		t.Fatal(err)
	}
	var feed struct {
		Entries []said `xml:"entry"`
	}
	if err := xml.Unmarshal(raw, &feed); err != nil {
		t.Fatal(err)
	}
	return feed.Entries
}

// status is a command's exit status.
func (r repository) status(t *testing.T, dir, command string) int {
	t.Helper()
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir, cmd.Env = dir, r.env
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// operations is docs/operations.md.
func operations(t *testing.T, dir string, feed []said, gates []string) string {
	var b strings.Builder
	nights := *seasons * season
	fmt.Fprintf(&b, `# %d nights of a model

What operators of a model see of it: %d nights of %d predictions, made from a seed, with incidents, silence, a wrong clock, a lost column, a failed job, a night that is run again, and a retraining a month (%d).
Below, what befell the model stands beside what the feed said. This page is written by

`+"```bash\ngo test ./pipelines -run Operations -seasons %d -update -timeout 60m\n```"+`

and `+"`go test ./pipelines -run Operations`"+` holds every build to the first thirty nights: each event has its entry within a night, no entry is without an event, none ever changes, and each leads to its night.

| night | what befell the model | what the feed said |
| --- | --- | --- |
`, nights, nights, nightRows, *seasons, *seasons)
	events := truths(*seasons)
	slices.SortStableFunc(events, func(a, b truth) int { return a.night - b.night })
	shown := map[string]bool{}
	for _, e := range events {
		var lines []string
		for _, s := range feed {
			if n := s.night(); n >= e.night && n <= e.last && !shown[s.ID] {
				shown[s.ID] = true
				lines = append(lines, fmt.Sprintf("%d: %s", n, strings.ReplaceAll(strings.TrimPrefix(s.Title, "Life: "), "|", "\\|")))
			}
		}
		if len(lines) == 0 {
			lines = []string{"as above"}
		}
		fmt.Fprintf(&b, "| %d | %s | %s |\n", e.night, e.what, strings.Join(lines, "<br>"))
	}
	fmt.Fprintf(&b, "\n%d entries for %d events.\n\n## The gate\n\nIts exit status by night: `--check=alert`, which is 3 as long as something stands, and `--check=new`, which is 3 on the nights that bring something.\n\n| nights | `--check=alert` | `--check=new` |\n| --- | --- | --- |\n", len(feed), len(events))
	for from := 0; from < len(gates); from += 29 { // a night of each season is skipped
		var alert, fresh strings.Builder
		for _, g := range gates[from:min(from+29, len(gates))] {
			alert.WriteString(g[:1])
			fresh.WriteString(g[1:])
		}
		fmt.Fprintf(&b, "| %d to %d | `%s` | `%s` |\n", from/29*season+1, from/29*season+season, alert.String(), fresh.String())
	}
	fmt.Fprintf(&b, "\nA night whose job failed has no status: 29 a month.\n\n## What it takes\n\nAfter these nights `history.parquet` has %s, the site %s.\n", kilobytes(t, filepath.Join(dir, "history.parquet")), kilobytes(t, filepath.Join(dir, "site")))
	return b.String()
}

func kilobytes(t *testing.T, path string) string {
	t.Helper()
	var n int64
	err := filepath.Walk(path, func(_ string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			n += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d kB", (n+500)/1000)
}
