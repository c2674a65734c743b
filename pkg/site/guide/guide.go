// Package guide makes the page that says how to read a report, of the guide in docs
// and the thresholds of the report.
package guide

import (
	"bytes"
	"fmt"
	"html/template"
	"path"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"

	"github.com/leadsman/leadsman/docs"
	"github.com/leadsman/leadsman/pkg/words"
)

// repository is where a document's relative links lead from the site.
const repository = "https://github.com/leadsman/leadsman/blob/HEAD/"

// The marks between which a document has a table of thresholds, and the one where
// the site puts its key to the pictures.
const (
	thresholdsMark = "<!-- thresholds -->\n"
	endMark        = "<!-- end -->\n"
	keyMark        = "<!-- key -->"
)

// A Body is the guide, cut where its list of contents belongs.
type Body struct {
	Intro, Rest template.HTML
	Contents    []view.Link
}

// Page is docs/MONITORING_GUIDE.md with the thresholds of this report. Of t it takes
// the templates level, region and key, as the site's other pages do.
func Page(r *report.Tables, t *template.Template) *Body {
	before, rest, _ := bytes.Cut(docs.Guide, []byte(thresholdsMark))
	defaults, after, _ := bytes.Cut(rest, []byte(endMark))
	var source bytes.Buffer
	source.Write(before)
	if len(r.Thresholds) > 0 {
		fmt.Fprintf(&source, "These are the thresholds of the report that you are reading; its policy is %s.\n\n%s", escaped(r.Run.Policy), ThresholdTable(r.Thresholds))
		source.WriteString(falseAlarms(r))
	} else {
		source.WriteString("The report that you are reading does not say which thresholds were in force. These are the defaults.\n\n")
		source.Write(defaults)
	}
	source.Write(after)
	return rendered(source.Bytes(), t)
}

// ThresholdTable writes the thresholds as a table in Markdown.
func ThresholdTable(rows []verdict.Threshold) string {
	var b strings.Builder
	b.WriteString("| about | when | measured by | warning | alert | α | set by |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, r := range rows {
		about := r.Area
		if word := verdict.TraitsOf(r.Check).Title; word != r.Area {
			about += ": " + strings.ReplaceAll(word, "_", " ")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", escaped(about), escaped(r.Meaning), escaped(r.Effect),
			escaped(words.Measure(r.Warn, r.Unit)), escaped(words.Measure(r.Alert, r.Unit)), words.Number(r.Alpha), escaped(r.Source))
	}
	return b.String()
}

// escaped makes text stand for itself in a cell of a table in Markdown.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ") {
		if strings.ContainsRune("\\`*_{}[]<>#|~&$!", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// rendered renders a document of ours: no HTML in it passes, its tables scroll
// like the site's others, its links lead into the repository, and a level in bold
// letters gets the level's sign.
func rendered(source []byte, t *template.Template) *Body {
	md := goldmark.New(
		goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(guideNodes{t}, 1))),
	)
	doc := md.Parser().Parse(text.NewReader(source))
	var v Body
	var intro, rest bytes.Buffer
	out, heading := &intro, ""
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			heading = textOf(h, source)
			if h.Level == 2 {
				out = &rest
				id, _ := h.AttributeString("id")
				v.Contents = append(v.Contents, view.Link{Href: fmt.Sprintf("#%s", id), Text: heading})
			}
		}
		_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if entering {
				dress(n, heading)
			}
			return ast.WalkContinue, nil
		})
		if err := md.Renderer().Render(out, source, n); err != nil {
			panic(err) // a buffer takes everything
		}
	}
	v.Intro, v.Rest = template.HTML(intro.String()), template.HTML(rest.String())
	return &v
}

// dress gives a node what the site asks of it.
func dress(n ast.Node, heading string) {
	switch n := n.(type) {
	case *ast.Link:
		if to := string(n.Destination); !strings.Contains(to, "://") && !strings.HasPrefix(to, "#") {
			n.Destination = []byte(repository + strings.TrimPrefix(path.Join("docs", to), "/"))
		}
	case *tables.Table:
		n.SetAttributeString("aria-label", heading)
	case *tables.TableHeader:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			c.SetAttributeString("scope", []byte("col"))
		}
	}
}

// textOf is the text of a node.
func textOf(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// guideNodes renders what looks otherwise on the site than in plain HTML.
type guideNodes struct{ t *template.Template }

// RegisterFuncs is how goldmark asks for it.
func (g guideNodes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(tables.KindTable, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			label, _ := n.AttributeString("aria-label")
			return ast.WalkContinue, g.execute(w, "region", label)
		}
		_, err := w.WriteString("</table></div>\n")
		return ast.WalkContinue, err
	})
	r.Register(ast.KindEmphasis, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		tag := "strong"
		if n.(*ast.Emphasis).Level == 1 {
			tag = "em"
		} else if level := levelNamed(textOf(n, source)); level != "" {
			if !entering {
				return ast.WalkContinue, nil
			}
			return ast.WalkSkipChildren, g.execute(w, "level", level)
		}
		if !entering {
			tag = "/" + tag
		}
		_, err := w.WriteString("<" + tag + ">")
		return ast.WalkContinue, err
	})
	r.Register(ast.KindRawHTML, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkSkipChildren, nil
	})
	r.Register(ast.KindHTMLBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if lines := n.Lines(); entering && strings.TrimSpace(string(lines.Value(source))) == keyMark {
			return ast.WalkSkipChildren, g.execute(w, "key", nil)
		}
		return ast.WalkSkipChildren, nil
	})
}

func (g guideNodes) execute(w util.BufWriter, name string, data any) error {
	return g.t.Lookup(name).Execute(w, data)
}

// levelNamed is the level of that word, or "".
func levelNamed(word string) string {
	for _, level := range verdict.Levels {
		if wording.Level(level) == word {
			return level
		}
	}
	return ""
}
