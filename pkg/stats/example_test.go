package stats_test

import (
	"fmt"
	"log"

	"github.com/leadsman/leadsman/pkg/stats"
)

// Of 100 rows each, one category rose from 25 % to 40 % and another fell from 25 % to
// 10 %. Samples of this size have a PSI of 0.06 by chance alone.
func ExamplePSICounts() {
	ref, cur := []int64{25, 25, 25, 25}, []int64{40, 30, 20, 10}
	plain, err := stats.PSI([]float64{0.25, 0.25, 0.25, 0.25}, []float64{0.4, 0.3, 0.2, 0.1})
	if err != nil {
		log.Fatal(err)
	}
	debiased, err := stats.PSICounts(ref, cur)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("PSI %.3f, without what chance adds %.3f\n", plain, debiased.PSI)
	// Output: PSI 0.228, without what chance adds 0.158
}

// Both samples have 30 values: ten of each of three, and ten of the first, twenty
// of the last. SciPy 1.17 ks_2samp: D = 0.3333, p = 0.07089.
func ExampleKSCounts() {
	r, err := stats.KSCounts([]int64{10, 10, 10}, []int64{10, 0, 20})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("D = %.3f, p = %.3f (n = %d, m = %d)\n", r.D, r.P, r.N, r.M)
	// Output: D = 0.333, p = 0.071 (n = 30, m = 30)
}
