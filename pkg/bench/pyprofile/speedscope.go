package pyprofile

import (
	"encoding/json"
	"fmt"
)

// units are milliseconds in a unit of a profile.
var units = map[string]float64{"seconds": 1e3, "milliseconds": 1, "microseconds": 1e-3, "nanoseconds": 1e-6}

// readSpeedscope reads the sampled profiles of a speedscope file, one for each thread.
func readSpeedscope(data []byte) (map[string]times, error) {
	var file struct {
		Shared struct {
			Frames []struct{ Name, File string }
		}
		Profiles []struct {
			Type, Unit string
			Samples    [][]int
			Weights    []float64
		}
	}
	if err := json.Unmarshal(data, &file); err != nil || len(file.Profiles) == 0 {
		return nil, errKind
	}
	names := make([]string, len(file.Shared.Frames))
	for i, f := range file.Shared.Frames {
		names[i] = function(f.File, 0, f.Name) // py-spy's line is where the function stood
	}
	out := map[string]times{}
	for _, p := range file.Profiles {
		if p.Type != "sampled" {
			return nil, fmt.Errorf("a profile of type %q, want sampled, as py-spy writes it", p.Type)
		}
		unit, ok := units[p.Unit]
		if !ok {
			return nil, fmt.Errorf("a profile in %q, want one in seconds", p.Unit)
		}
		if len(p.Samples) != len(p.Weights) {
			return nil, fmt.Errorf("%d samples and %d weights", len(p.Samples), len(p.Weights))
		}
		for i, stack := range p.Samples {
			w := p.Weights[i] * unit
			if !(w >= 0) {
				return nil, fmt.Errorf("sample %d: a weight of %v", i, p.Weights[i])
			}
			if k := len(stack) - 1; k >= 0 && stack[k] >= 0 && stack[k] < len(names) && waits(names[stack[k]]) {
				continue
			}
			seen := map[string]bool{}
			for k, frame := range stack { // the outermost first
				if frame < 0 || frame >= len(names) {
					return nil, fmt.Errorf("sample %d: frame %d of %d", i, frame, len(names))
				}
				n := names[frame]
				t := out[n]
				if k == len(stack)-1 {
					t.flat += w
				}
				if !seen[n] {
					seen[n] = true
					t.cumulative += w
				}
				out[n] = t
			}
		}
	}
	return out, nil
}
