package export

import (
	"encoding/xml"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/site/history"
)

// feedEntries bounds the feed: readers want what is new.
const feedEntries = 200

// Atom returns feed.xml: the entries, which come oldest first, the newest first. Each
// links to its night.
func Atom(v View, entries []history.Entry) ([]byte, error) {
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
	feed.ID, feed.Link = history.NameOf(v.Tables.Run.Site), link
	feed.Title, feed.Author = text{"text", v.Title}, "leadsman"
	feed.Updated = at(v.Tables.Run.Now)
	for _, e := range entries {
		feed.Updated = at(e.At)
		next := entry{ID: e.ID, Title: text{"text", v.Title + ": " + e.Title}, Updated: at(e.At), Link: link, Content: text{"text", e.Text}}
		if v.URL != "" && e.Page != "" {
			next.Link = &href{under(v.URL, e.Page)}
		}
		feed.Entries = append(feed.Entries, next)
	}
	slices.Reverse(feed.Entries)
	feed.Entries = feed.Entries[:min(len(feed.Entries), feedEntries)]
	return document(feed)
}

// under returns the address of a file of the site.
func under(site, file string) string {
	if site[len(site)-1] != '/' {
		site += "/"
	}
	return site + file
}
