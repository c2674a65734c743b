package drift

import (
	"fmt"

	"github.com/leadsman/leadsman/pkg/drift/say"
	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/drift/versions"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// sayVersions says that there is more than one version, and whether each is judged by
// itself too; "" where there is not.
func sayVersions(r versions.Result, apart bool) string {
	if len(r.Shares) < 2 {
		return ""
	}
	shares := make([]string, len(r.Shares))
	for i, s := range r.Shares {
		shares[i] = fmt.Sprintf("%s (%s)", s.Version, words.Percent(s.Share))
	}
	how := "judged together"
	if apart {
		how = "judged together and each by itself"
	}
	return fmt.Sprintf("%s %s: %s", words.Count(int64(len(shares)), "model version", "model versions"), how, words.List(shares))
}

// against names both versions of a pair.
func against(p *versionPair, most string) string {
	return fmt.Sprintf("version %s against version %s, which scored most", words.Name(p.Part.Name), words.Name(most))
}

func sayVersionsDiffer(moved string, p *versionPair, most string) string {
	return fmt.Sprintf("%s: %s; their rows are alike, as far as features tell", against(p, most), moved)
}

func sayVersionsRouted(moved string, p *versionPair, most string) string {
	return fmt.Sprintf("%s: %s; the rows differ too, in %s, which may explain it: compare them within segments", against(p, most), moved, words.List(firstOf(p.routed)))
}

func sayVersionsAlike(f *verdict.Finding, p *versionPair, most string) string {
	return fmt.Sprintf("%s: the scores are distributed alike, PSI %s", against(p, most), words.PSI(f.Effect))
}

func sayVersionsUnjudged(p *versionPair, most string) string {
	return fmt.Sprintf("%s: too few rows, %d and %d, to tell whether they score alike", against(p, most), p.Part.Cur.Rows, p.Part.Ref.Rows)
}

func sayVersionSpeed(s *serving.Speed, usual float64, most string) string {
	return fmt.Sprintf("%s; %s ms with version %s, which scored most", say.P95(s), words.Number(usual), words.Name(most))
}
