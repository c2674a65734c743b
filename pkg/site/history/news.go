package history

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// An Entry is what the feed says of a night. Once it is said it stays as it is: what
// a later run of the night says otherwise is an entry of its own.
type Entry struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"`
	Title string    `json:"title"` // without the site's
	Text  string    `json:"text"`
	Sum   string    `json:"sum"` // tells whether two say the same, whatever their numbers

	Page string `json:"-"` // file of the night's page; empty without one
}

// shownNews bounds the findings of each kind that an entry tells.
const shownNews = 6

// Add puts a night among the others by site and day, and says in it what is news: of a
// night that was judged before, what that said stays and is put right. Of calm, see
// Follow.
func Add(old, night []verdict.Night, calm int) []verdict.Night {
	if len(night) == 0 {
		return old
	}
	var said []Entry
	published := map[Asked]*verdict.Night{} // what had a key when the night was judged before
	page, was := "", ""
	site := night[0].Site
	for i := range old {
		if n := &old[i]; same(n, &night[0]) {
			said = append(said, entriesOf(n)...)
			page, was = n.Page, n.Level
			if n.Key != "" {
				published[AskedOf(n)] = n
			}
		}
	}
	night = slices.Clone(night)
	for i := range night {
		n := &night[i]
		n.Page, n.News, n.Key = page, "", ""
		if p := published[AskedOf(n)]; p != nil && stands(n) && !opposite(p.Direction, n.Direction) {
			n.Key = p.Key
		}
	}
	rows := merge(old, night)
	pages(rows, site)
	settle(rows, site)
	course := Follow(rows, site, calm)
	for i := range course.Nights {
		told := &course.Nights[i]
		n := told.Night()
		if !n.PeriodEnd.Equal(night[0].PeriodEnd) {
			continue
		}
		if next, ok := another(told, said, was); ok {
			said = append(said, next)
		}
		n.News = packed(said)
		if i == len(course.Nights)-1 {
			for j := range told.Rows {
				if r := &told.Rows[j]; stands(r) {
					r.Key = course.keys[AskedOf(r)]
				}
			}
		}
	}
	return rows
}

// stands tells whether a row is of a finding that counts, at warn or above.
func stands(n *verdict.Night) bool {
	return n.Check != "" && n.Accepted == "" && verdict.Reaches(n.FindingLevel, verdict.Warn)
}

// another is the entry that a night adds to what was said of it before.
func another(told *Told, said []Entry, was string) (Entry, bool) {
	n := told.Night()
	next := Entry{ID: nameOf(n.Site, stampOf(n.PeriodEnd)), At: n.PeriodEnd, Title: titleOf(told), Text: textOf(told), Sum: sumOf(told)}
	switch {
	case len(said) == 0:
		return next, !told.News.empty()
	case said[len(said)-1].Sum == next.Sum:
		return next, false
	}
	next.ID = nameOf(n.Site, said[0].ID, strconv.Itoa(len(said)))
	next.Title = "Corrected: " + wording.Level(n.Level)
	if was != n.Level {
		next.Title += ", was " + wording.Level(was)
	}
	next.Text = "The night was run again. " + next.Text
	return next, true
}

// settle gives nights of older versions, which hold no entries, those that were
// published of them: one where the level was another than on the night before.
func settle(rows []verdict.Night, site string) {
	nights := dated(rows, site)
	for i, n := range nights[:max(0, len(nights)-1)] {
		if slices.ContainsFunc(n, func(r verdict.Night) bool { return r.News != "" }) {
			continue
		}
		var said []Entry
		if i == 0 || n[0].Level != nights[i-1][0].Level {
			text := wording.Sentence(n[0].Headline)
			if i > 0 {
				text += " Before: " + wording.Level(nights[i-1][0].Level) + "."
			}
			said = []Entry{{ID: nameOf(site, stampOf(n[0].PeriodEnd)), At: n[0].PeriodEnd, Title: wording.Level(n[0].Level), Text: text}}
		}
		n[0].News = packed(said)
	}
}

// Entries are what the feed says of all nights of a site, oldest first.
func Entries(rows []verdict.Night, site string) []Entry {
	var out []Entry
	for i := range rows {
		if n := &rows[i]; n.Site == site && n.News != "" {
			for _, e := range entriesOf(n) {
				e.Page = PageOf(n)
				out = append(out, e)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Entry) int { return a.At.Compare(b.At) })
	return out
}

func entriesOf(n *verdict.Night) []Entry {
	var out []Entry
	if json.Unmarshal([]byte(n.News), &out) != nil {
		return nil // of a history from elsewhere
	}
	return out
}

func packed(said []Entry) string {
	if len(said) == 0 {
		return "[]"
	}
	raw, err := json.Marshal(said)
	if err != nil {
		panic(err) // strings and times: an error is a bug
	}
	return string(raw)
}

func stampOf(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// nameOf is a lasting identifier made of parts: a UUID of version 8 by their hash.
func nameOf(parts ...string) string {
	sum := sha256.Sum256([]byte("leadsman\x00" + strings.Join(parts, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// NameOf is a site's own lasting identifier.
func NameOf(site string) string { return nameOf(site) }

// sumOf tells nights apart by what they told, not by its numbers.
func sumOf(told *Told) string {
	parts := []string{told.Night().Level}
	for _, list := range lists(&told.News) {
		for _, s := range list.of {
			parts = append(parts, list.what, s.Subject, s.Segment, s.Check, s.Level)
		}
	}
	for _, e := range told.News.Events {
		parts = append(parts, e.Kind)
	}
	return fmt.Sprintf("%.6x", sha256.Sum256([]byte(strings.Join(parts, "\x00"))))
}

type list struct {
	what string
	of   []verdict.Standing
}

const otherWay = "the other way"

func lists(n *News) []list {
	return []list{{verdict.NewsNew, n.New}, {verdict.NewsWorse, n.Worse}, {otherWay, n.Turned}, {"cleared", n.Cleared}}
}

// titleOf says a night's news in a line.
func titleOf(told *Told) string {
	title := wording.Level(told.Night().Level)
	for _, list := range lists(&told.News) {
		if len(list.of) > 0 {
			title += "; " + list.what + ": " + subjects(list.of)
		}
	}
	for _, e := range told.News.Events {
		if mark := e.Mark(); mark != "" {
			title += "; " + mark
		}
	}
	return title
}

// subjects names what findings are about, each once.
func subjects(of []verdict.Standing) string {
	var names []string
	for _, s := range of {
		if name := words.Plain(wording.Clip(wording.Subject(s.Subject), 40)); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return words.List(names)
}

// textOf says a night's news in sentences.
func textOf(told *Told) string {
	n, news := told.Night(), &told.News
	out := []string{wording.Sentence(n.Headline)}
	if !news.First && news.Before != n.Level {
		out = append(out, "Before: "+wording.Level(news.Before)+".")
	}
	if news.Fell && !slices.ContainsFunc(news.Events, func(e Event) bool { return e.Breaks }) {
		out = append(out, "What was at warning or above counts as over when the next nights are calm too.")
	}
	if news.Back {
		out = append(out, "Not over: it was calm for a night. If it goes on like this, on and off, the feed says no more of it.")
	}
	for _, e := range news.Events {
		out = append(out, e.Text)
	}
	for _, list := range lists(news) {
		for i, s := range list.of {
			if i == shownNews {
				out = append(out, words.Count(int64(len(list.of)-i), "more is", "more are")+" "+list.what+".")
				break
			}
			out = append(out, sayNews(n, list.what, &s))
		}
	}
	return strings.Join(out, " ")
}

// sayNews says what became of a finding on a night.
func sayNews(n *verdict.Night, what string, s *verdict.Standing) string {
	about := words.Plain(wording.Subject(s.Subject)) + ", " + verdict.TraitsOf(s.Check).Title
	if s.Segment != "" {
		about += ", in " + words.Plain(s.Segment)
	}
	switch what {
	case "cleared":
		text := "Cleared: " + about + ", which stood since " + words.Day(dayAt(n, s.Since))
		if s.Unjudged > 0 {
			text += ", " + words.Count(s.Unjudged, "night", "nights") + " of these not judged"
		}
		return text + "."
	case verdict.NewsWorse:
		return "Worse, " + strings.ToLower(wording.Level(s.Level)) + " now: " + wording.Sentence(s.Sentence)
	case otherWay:
		return "The other way: " + wording.Sentence(s.Sentence)
	}
	return "New, " + strings.ToLower(wording.Level(s.Level)) + ": " + wording.Sentence(s.Sentence)
}
