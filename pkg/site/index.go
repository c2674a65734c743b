package site

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A Listed is a model in an index over several sites.
type Listed struct {
	Href     string // the site's overview, from the index
	Title    string
	Level    string
	Headline string
	Since    time.Time // day of the oldest night from which on something stands; zero for nothing
	Judged   time.Time // end of the newest night
}

// generator is by what an index is known to be one, which may be replaced.
const generator = `content="leadsman index"`

// WriteIndex writes a page over several models into the directory dir, the worst first.
// Nothing else of the directory is touched, in which the sites themselves may lie.
func WriteIndex(dir string, models []Listed) error {
	models = slices.Clone(models)
	slices.SortStableFunc(models, func(a, b Listed) int {
		return cmp.Or(cmp.Compare(verdict.Severity(b.Level), verdict.Severity(a.Level)), cmp.Compare(a.Title, b.Title))
	})
	path := filepath.Join(dir, "index.html")
	switch was, err := os.ReadFile(path); {
	case err == nil && !bytes.Contains(was, []byte(generator)):
		return fmt.Errorf("%s: is there, and no index that render wrote: name another directory", path)
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return err
	}
	t, err := pageTemplates().Clone()
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := t.ExecuteTemplate(&page, "index", models); err != nil {
		return fmt.Errorf("site: %s: %w", path, err)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		raw  []byte
	}{{"index.css", asset("style.css")}, {"index.html", page.Bytes()}} {
		err := files.Write(filepath.Join(dir, f.name), func(w io.Writer) error {
			_, err := w.Write(f.raw)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
