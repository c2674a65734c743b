package stats

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
)

// split reads bytes as two samples: eight a value, the first byte saying how many go left.
// With few set, values are small whole numbers, so that ties and aligned cells occur.
func split(data []byte, few bool) (ref, cur []float64) {
	if len(data) == 0 {
		return nil, nil
	}
	left := int(data[0])
	data = data[1:]
	width := 8
	if few {
		width = 1
	}
	for i := 0; len(data) >= width; i++ {
		v := float64(int8(data[0]) / 4)
		if !few {
			v = math.Float64frombits(binary.LittleEndian.Uint64(data))
		}
		if i < left%16 {
			ref = append(ref, v)
		} else {
			cur = append(cur, v)
		}
		data = data[width:]
	}
	return ref, cur
}

func seeds(f *testing.F) {
	f.Add([]byte{}, true)
	f.Add([]byte{2, 1, 2, 3, 4}, true)
	f.Add([]byte("\x0812345678900000099"), true)
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\xf0\x7f\x00\x00\x00\x00\x00\x00\xf0\xff\x01\x00\x00\x00\x00\x00\x00\x00"), false)
	f.Add([]byte("\x01\xff\xff\xff\xff\xff\xff\xef\x7f\xff\xff\xff\xff\xff\xff\xef\xff\x00\x00\x00\x00\x00\x00\xf8\x7f"), false)
}

// No slice makes a function panic or answer NaN, and arguments stay as they are.
func FuzzAnswers(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte, few bool) {
		ref, cur := split(data, few)
		if len(ref)+len(cur) > 64 {
			return
		}
		check := func(name string, got []float64, err error) {
			t.Helper()
			if err != nil {
				return
			}
			for _, v := range got {
				if v != v {
					t.Errorf("%s(%v, %v) = %v", name, ref, cur, got)
				}
			}
		}
		bits := func(x []float64) []uint64 {
			var b []uint64
			for _, v := range x {
				b = append(b, math.Float64bits(v))
			}
			return b
		}
		r, c := bits(ref), bits(cur)
		for name, call := range onSamples {
			got, err := call(ref, cur)
			check(name, got, err)
		}
		for name, call := range onPairs {
			k := min(len(ref), len(cur))
			got, err := call(ref[:k], cur[:k])
			check(name, got, err)
		}
		for name, call := range onCounts {
			k := min(len(ref), len(cur))
			a, b := make([]int64, k), make([]int64, k)
			for i := range k {
				a[i], b[i] = int64(ref[i]), int64(cur[i])
			}
			got, err := call(a, b)
			check(name, got, err)
		}
		for _, x := range [][]float64{ref, cur} {
			q, err := Quantiles(x, 0, 0.3, 0.5, 0.95, 1)
			check("Quantiles", q, err)
			if err == nil && !slices.IsSorted(q) {
				t.Errorf("Quantiles(%v) = %v", x, q)
			}
			m, err := Mean(x)
			check("Mean", []float64{m}, err)
			s, err := StdDev(x)
			check("StdDev", []float64{s}, err)
		}
		if !slices.Equal(r, bits(ref)) || !slices.Equal(c, bits(cur)) {
			t.Error("an argument was changed")
		}
	})
}

// The fast forms against the definitions, written as plainly as can be.
func FuzzAgainstNaive(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte, few bool) {
		ref, cur := split(data, true)
		if len(ref) == 0 || len(cur) == 0 || len(cur) > 40 {
			return
		}
		n, m := float64(len(ref)), float64(len(cur))
		upTo := func(x []float64, v float64) float64 {
			k := 0.0
			for _, w := range x {
				if w <= v {
					k++
				}
			}
			return k
		}
		all := slices.Concat(ref, cur)
		slices.Sort(all)
		var d, w, e, u float64
		for i, v := range all {
			gap := upTo(ref, v)/n - upTo(cur, v)/m
			d = math.Max(d, math.Abs(gap))
			if i+1 < len(all) {
				w += math.Abs(gap) * (all[i+1] - v)
				e += gap * gap * (all[i+1] - v)
			}
		}
		for _, a := range ref {
			for _, b := range cur {
				switch {
				case a > b:
					u++
				case a == b:
					u += 0.5
				}
			}
		}
		gap := must[KSResult](t)(ks(ref, cur))
		if math.Abs(gap.D-d) > 1e-14 {
			t.Errorf("D = %v, want %v", gap.D, d)
		}
		if got := must[float64](t)(wasserstein(ref, cur)); math.Abs(got-w) > 1e-12 {
			t.Errorf("Wasserstein = %v, want %v", got, w)
		}
		if got := must[float64](t)(energy(ref, cur)); math.Abs(got*got-2*e) > 1e-12 {
			t.Errorf("Energy = %v, want %v", got, math.Sqrt(2*e))
		}
		if got := must[MannWhitneyResult](t)(mannWhitney(ref, cur)); got.U != u {
			t.Errorf("U = %v, want %v", got.U, u)
		}
		if gap.P != ksP(gap.D, gap.N, gap.M) {
			t.Errorf("P of the rounded gap differs at %+v", gap)
		}
		if !(gap.P >= 0 && gap.P <= 1) || (d == 0) != (gap.P == 1 && gap.D == 0) {
			t.Errorf("P = %v at D = %v", gap.P, d)
		}
		// q-values by their definition.
		var p []float64
		for _, v := range all {
			p = append(p, math.Abs(v)/32)
		}
		q := must[[]float64](t)(BenjaminiHochberg(p))
		for i := range p {
			want := 1.0
			for _, v := range p {
				if v >= p[i] {
					want = math.Min(want, v*float64(len(p))/upTo(p, v))
				}
			}
			if math.Abs(q[i]-want) > 1e-14 {
				t.Errorf("q of %v in %v = %v, want %v", p[i], p, q[i], want)
			}
		}
	})
}
