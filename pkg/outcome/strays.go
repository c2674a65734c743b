package outcome

import (
	"encoding/binary"
	"slices"
	"strings"
	"unicode"

	"github.com/leadsman/leadsman/pkg/profile/joined"
)

// mostHours is how far apart time zones lie.
const mostHours = 14

// stray notes a prediction that met no outcome, and what would have made it meet one.
func (j *Join) stray(at int64, k []byte, text func() string) {
	j.strays.N++
	if j.strays.Wants(at) {
		j.strays.Keep(joined.Stray{At: at, Key: text()})
	}
	if slices.Contains(j.key.parts, byTime) {
		j.strayTime(k)
		return
	}
	if len(j.key.parts) != 1 || j.key.parts[0] == byInputs {
		return
	}
	if j.near == nil {
		j.near = make(map[string]string, len(j.places))
		for other := range j.places {
			bare := bared(other)
			if was, ok := j.near[bare]; !ok || other < was {
				j.near[bare] = other
			}
		}
	}
	bare := bared(string(k))
	if like, ok := j.near[bare]; ok && bare != "" {
		j.strays.Alike(shown(string(k)), shown(like))
	}
}

// strayTime notes by how many hours the key's time would meet an outcome's.
func (j *Join) strayTime(k []byte) {
	if j.key.parts[0] != byTime {
		return
	}
	at := int64(binary.BigEndian.Uint64(k))
	other := slices.Clone(k)
	for h := -mostHours; h <= mostHours; h++ {
		binary.BigEndian.PutUint64(other, uint64(at+int64(h)*3600*1_000_000))
		if _, ok := j.places[string(other)]; ok {
			j.strays.Later(h)
		}
	}
}

// timeOf is the time in a key, 0 where it has none in front.
func (j *Join) timeOf(k []byte) int64 {
	if len(j.key.parts) == 0 || j.key.parts[0] != byTime {
		return 0
	}
	return int64(binary.BigEndian.Uint64(k))
}

// bared is a key without what programs write differently: case, blanks, dashes,
// leading zeros, a trailing .0.
func bared(k string) string {
	k = strings.TrimSuffix(strings.TrimSpace(k), ".0")
	k = strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, k)
	return strings.TrimLeft(k, "0")
}

// shown is a key of one or more columns for people.
func shown(k string) string {
	if len(k) > mostShown {
		k = k[:mostShown] + "…"
	}
	return strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, k), "?")
}
