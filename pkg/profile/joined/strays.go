package joined

import (
	"cmp"
	"encoding/json"
	"slices"
)

// A Stray is a key that met nothing, as a person reads it.
type Stray struct {
	At  int64  `json:"at"` // of the prediction, microseconds
	Key string `json:"key"`
}

// Strays are the predictions that met no outcome, as far as they tell why.
type Strays struct {
	N     int64         `json:"n"`     // how many
	First []Stray       `json:"first"` // the oldest, at most 16
	Near  int64         `json:"near"`  // of them those whose key is one of the outcomes' but for its spelling
	As    [2]string     `json:"as"`    // of these the first key in order: as the log has it, and as the outcomes
	Hours map[int]int64 `json:"hours"` // those that would meet one so many hours later
	From  int64         `json:"from"`  // time of the oldest prediction with a key, microseconds; 0 with Until: there is none
	Until int64         `json:"until"` // of the newest
}

const mostStrays = 16

// Met notes the time of a prediction with a key.
func (s *Strays) Met(at int64) {
	if s.From == 0 && s.Until == 0 {
		s.From, s.Until = at, at
	}
	s.From, s.Until = min(s.From, at), max(s.Until, at)
}

// Wants says whether a prediction of a time would be among the first.
func (s *Strays) Wants(at int64) bool {
	return len(s.First) < mostStrays || at <= s.First[len(s.First)-1].At
}

// Keep puts a prediction among the first.
func (s *Strays) Keep(one Stray) {
	place, there := slices.BinarySearchFunc(s.First, one, func(a, b Stray) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Key, b.Key)) })
	if there {
		return
	}
	s.First = slices.Insert(s.First, place, one)
	s.First = s.First[:min(len(s.First), mostStrays)]
}

// Alike counts a prediction whose key is spelled as, and in the outcomes like.
func (s *Strays) Alike(as, like string) {
	s.Near++
	s.alike([2]string{as, like})
}

func (s *Strays) alike(as [2]string) {
	if s.As == ([2]string{}) || slices.Compare(as[:], s.As[:]) < 0 {
		s.As = as
	}
}

// Later counts a prediction that would meet an outcome so many hours later.
func (s *Strays) Later(hours int) {
	if s.Hours == nil {
		s.Hours = make(map[int]int64)
	}
	s.Hours[hours]++
}

func (s *Strays) merge(o *Strays) {
	s.N, s.Near = s.N+o.N, s.Near+o.Near
	for _, one := range o.First {
		s.Keep(one)
	}
	if o.As != ([2]string{}) {
		s.alike(o.As)
	}
	for h, n := range o.Hours {
		if s.Hours == nil {
			s.Hours = make(map[int]int64)
		}
		s.Hours[h] += n
	}
	if o.From != 0 || o.Until != 0 {
		s.Met(o.From)
		s.Met(o.Until)
	}
}

// Encode writes them as JSON: equal strays, equal text.
func (s *Strays) Encode() string {
	text, _ := json.Marshal(s) // numbers and text cannot fail
	return string(text)
}

// Decode reads what Encode wrote.
func (s *Strays) Decode(text string) error { return json.Unmarshal([]byte(text), s) }
