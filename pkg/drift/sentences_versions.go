package drift

import (
	"fmt"

	"github.com/leadsman/leadsman/pkg/drift/versions"
	"github.com/leadsman/leadsman/pkg/words"
)

// sayVersions says that there is more than one version, whose rows are judged
// together; "" where there is not.
func sayVersions(r versions.Result) string {
	if len(r.Shares) < 2 {
		return ""
	}
	shares := make([]string, len(r.Shares))
	for i, s := range r.Shares {
		shares[i] = fmt.Sprintf("%s (%s)", s.Version, words.Percent(s.Share))
	}
	return fmt.Sprintf("%s judged together: %s", words.Count(int64(len(shares)), "model version", "model versions"), words.List(shares))
}
