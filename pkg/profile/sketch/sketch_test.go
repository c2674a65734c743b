package sketch

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// hardNumbers are finite values that break sums, searches and formats.
var hardNumbers = []float64{
	0, math.Copysign(0, -1), 1, -1, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64,
	1e300, -1e300, 1e-300, 0.1, 1 << 53, math.Nextafter(1, 2), math.Nextafter(1, 0),
}

// randomFinite draws from all finite float64s, by their bits.
func randomFinite(r *rand.Rand) float64 {
	for {
		if x := math.Float64frombits(r.Uint64()); x-x == 0 {
			return x
		}
	}
}

// TestExactSum compares sums and sums of squares with math/big's rationals,
// with values from 2^-1074 to 2^1024 that cancel.
func TestExactSum(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		var parts [3]Sum
		squares := [3]Sum{NewSquares(), NewSquares(), NewSquares()}
		sum, square := new(big.Rat), new(big.Rat)
		var xs []float64
		for range 200 {
			x := randomFinite(r)
			if r.IntN(4) == 0 && len(xs) > 0 {
				x = -xs[r.IntN(len(xs))]
			}
			if r.IntN(4) == 0 {
				x = hardNumbers[r.IntN(len(hardNumbers))]
			}
			xs = append(xs, x)
			i := r.IntN(3)
			times := []uint64{1, 1, 2, 1 << 40, math.MaxInt64}[r.IntN(5)]
			if times == 1 {
				parts[i].Add(x)
				squares[i].Add(x)
			} else {
				parts[i].AddTimes(x, times)
				squares[i].AddTimes(x, times)
			}
			v, n := new(big.Rat).SetFloat64(x), new(big.Rat).SetInt(new(big.Int).SetUint64(times))
			sum.Add(sum, new(big.Rat).Mul(v, n))
			square.Add(square, v.Mul(v, v).Mul(v, n))
		}
		parts[0].Merge(&parts[1])
		parts[0].Merge(&parts[2])
		squares[2].Merge(&squares[0])
		squares[2].Merge(&squares[1])
		scale := func(n *big.Int, base uint) *big.Rat {
			return new(big.Rat).SetFrac(n, new(big.Int).Lsh(big.NewInt(1), base))
		}
		if got := scale(parts[0].whole(), sumBase); got.Cmp(sum) != 0 {
			t.Errorf("seed %d: sum is off", seed)
		}
		if got := scale(squares[2].whole(), squareBase); got.Cmp(square) != 0 {
			t.Errorf("seed %d: sum of squares is off", seed)
		}
		want, _ := new(big.Rat).Quo(sum, big.NewRat(int64(len(xs)), 1)).Float64()
		if got := parts[0].Mean(int64(len(xs))); got != want {
			t.Errorf("seed %d: mean %v, want %v", seed, got, want)
		}
	}
}

// TestExactSumCarries: a great many additions without a carry in between, and
// limbs that go on canonically.
func TestExactSumCarries(t *testing.T) {
	var s Sum
	s.Add(math.MaxFloat64)
	s.pending = carryAfter - 2
	for range 5 {
		s.Add(math.MaxFloat64)
	}
	var one Sum
	one.Add(math.MaxFloat64)
	want := new(big.Int).Mul(one.whole(), big.NewInt(6))
	if s.whole().Cmp(want) != 0 {
		t.Error("sum is off after a carry")
	}
	var wire Sum
	for i, n := range s.Limbs() {
		if !wire.Set(i, n) {
			t.Errorf("limb %d of %d is not canonical", i, n)
		}
	}
	if wire.whole().Cmp(want) != 0 {
		t.Error("sum is off on the wire")
	}
}

func TestWide(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		var w Wide
		want := new(big.Int)
		for range 20 {
			x, y := int32(r.Uint32()), int32(r.Uint32())
			w.AddProduct(x, y)
			want.Add(want, new(big.Int).Mul(big.NewInt(int64(x)), big.NewInt(int64(y))))
		}
		var wire Wide
		for i, n := range w.Limbs() {
			if !wire.SetLimb(i, n) {
				t.Fatalf("limb %d of %d is not canonical", i, n)
			}
		}
		if w.Int().Cmp(want) != 0 || wire != w {
			t.Fatalf("got %v, on the wire %v, want %v", w.Int(), wire.Int(), want)
		}
	}
}

func TestImageKeepsOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 10_000 {
		a, b := randomFinite(r), randomFinite(r)
		if (a < b) != (Image(a) < Image(b)) || FromImage(Image(a)) != a {
			t.Fatalf("%v and %v", a, b)
		}
	}
	if Image(math.Copysign(0, -1)) != Image(0) {
		t.Error("the two zeros differ")
	}
}

// TestBottom: the kept items are the k of smallest hash of all that was added,
// with full counts, in any order.
func TestBottom(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	b := NewBottom[string](10)
	counts := map[uint64]int64{}
	for range 3000 {
		h := Finish(uint64(r.IntN(60)))
		counts[h]++
		b.Add(h, 1, func() string { return "x" })
	}
	var all []uint64
	for h := range counts {
		all = append(all, h)
	}
	slices.Sort(all)
	var kept []uint64
	for h, e := range b.All() {
		kept = append(kept, h)
		if e.N != counts[h] {
			t.Errorf("count %d, want %d", e.N, counts[h])
		}
	}
	if !slices.Equal(kept, all[:10]) {
		t.Fatal("other hashes than the ten smallest are kept")
	}
}

func TestValueCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	v := NewDistinct(1000)
	want := map[float64]int64{}
	for len(want) < 1000 {
		x := math.Trunc(r.NormFloat64()*1000) / 4
		v.Add(x+0, 1)
		want[x+0]++
	}
	if v.Saturated() {
		t.Fatal("saturated at the limit")
	}
	got := v.Sorted()
	if len(got) != 1000 || !slices.IsSortedFunc(got, func(a, b Value) int {
		if a.X < b.X {
			return -1
		}
		return 1
	}) {
		t.Fatalf("%d values, or not in order", len(got))
	}
	for _, e := range got {
		if e.N != want[e.X] {
			t.Errorf("%v: %d, want %d", e.X, e.N, want[e.X])
		}
	}
	v.Add(0.1, 1)
	v.Add(1, 1)
	if !v.Saturated() || v.Sorted() != nil && len(v.Sorted()) > 0 {
		t.Error("not saturated beyond the limit")
	}
}
