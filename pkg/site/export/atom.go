package export

import (
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/wording"
)

// feedEntries bounds the feed: readers want what is new.
const feedEntries = 50

// Atom returns feed.xml: the changes of the verdict, which come oldest first, the
// newest first.
func Atom(v View, changes []history.Change) ([]byte, error) {
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
	var link *href
	if v.URL != "" {
		link = &href{v.URL}
	}
	at := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	feed.ID, feed.Link = name(v.Tables.Run.Site), link
	feed.Title, feed.Author = text{"text", v.Title}, "leadsman"
	for i, n := range changes {
		feed.Updated = at(n.PeriodEnd)
		before := ""
		if i > 0 {
			before = " Before: " + wording.Level(n.Before) + "."
		}
		feed.Entries = append(feed.Entries, entry{
			ID: name(n.Site, at(n.PeriodEnd)), Title: text{"text", v.Title + ": " + wording.Level(n.Level)},
			Updated: feed.Updated, Link: link, Content: text{"text", wording.Sentence(n.Headline) + before},
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
