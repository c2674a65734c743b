package export

import (
	"fmt"
	"html"
	"math"
	"strings"

	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// badgeColors are dark enough for white text.
var badgeColors = map[string]string{
	verdict.OK: "#1a7f37", verdict.Notice: "#0a5b9c", verdict.Warn: "#9a6700", verdict.Alert: "#b3261e", verdict.Insufficient: "#57606a",
}

// Icon returns icon.svg, the browser tab's picture: the level's colour and shape.
func Icon(level string) []byte {
	shape := `<rect x="1" y="1" width="18" height="18" rx="3" fill="#57606a"/>`
	switch color := badgeColors[level]; level {
	case verdict.OK:
		shape = `<circle cx="10" cy="10" r="9.5" fill="` + color + `"/>`
	case verdict.Notice:
		shape = `<circle cx="10" cy="10" r="9.5" fill="` + color + `"/><circle cx="10" cy="10" r="3" fill="#fff"/>`
	case verdict.Warn:
		shape = `<polygon points="10,.8 19.6,18.6 .4,18.6" fill="` + color + `"/>`
	case verdict.Alert:
		shape = `<polygon points="6,.5 14,.5 19.5,6 19.5,14 14,19.5 6,19.5 .5,14 .5,6" fill="` + color + `"/>`
	}
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">` + shape + "</svg>\n")
}

// Badge returns badge.svg, a small picture of the level, for a README.
func Badge(level string) []byte {
	color, ok := badgeColors[level]
	if !ok {
		color = "#57606a"
	}
	word := strings.ToLower(wording.Level(level))
	// Verdana at 11 px is about 6.6 px a letter; textLength makes it fit exactly.
	left, right := 40, int(math.Ceil(6.6*float64(len(word))))+14
	total := left + right
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="20" role="img" aria-label="drift: %[5]s"><title>drift: %[5]s</title>`+
		`<clipPath id="r"><rect width="%[1]d" height="20" rx="3"/></clipPath>`+
		`<g clip-path="url(#r)"><rect width="%[2]d" height="20" fill="#444c56"/><rect x="%[2]d" width="%[3]d" height="20" fill="%[4]s"/></g>`+
		`<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`+
		`<text x="%[6]d" y="14" textLength="28">drift</text><text x="%[7]d" y="14" textLength="%[8]d">%[5]s</text></g></svg>`+"\n",
		total, left, right, color, html.EscapeString(word), left/2, left+right/2, right-12)
}
