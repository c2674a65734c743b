package stats

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func BenchmarkSamples(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		rng := rand.New(rand.NewPCG(1, 1))
		ref, cur := mixture(rng, n, 0), mixture(rng, n-1, 0.01)
		for _, name := range []string{"KS", "Wasserstein", "Energy", "MannWhitney", "CramerVonMises", "AndersonDarling", "EppsSingleton"} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := onSamples[name](ref, cur); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkCounts(b *testing.B) {
	for _, k := range []int{12, 65_536} {
		rng := rand.New(rand.NewPCG(1, 1))
		ref, cur := make([]int64, k), make([]int64, k)
		for i := range k {
			ref[i], cur[i] = rng.Int64N(50), rng.Int64N(50)
		}
		for _, name := range []string{"KSCounts", "ChiSquared", "PSICounts"} {
			b.Run(fmt.Sprintf("%s/%d", name, k), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := onCounts[name](ref, cur); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkKSP(b *testing.B) {
	for _, c := range []struct {
		d    float64
		n, m int64
	}{{0.05, 303, 5_000}, {0.02, 10_000, 9_999}, {0.25, 10_000, 9_999}, {0.01, 100_000, 100_000}, {0.002, 1_000_000, 1_000_000}} {
		b.Run(fmt.Sprintf("%v/%d/%d", c.d, c.n, c.m), func(b *testing.B) {
			for b.Loop() {
				ksP(c.d, c.n, c.m)
			}
		})
	}
}
