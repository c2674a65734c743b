package explain

// Means returns the mean of each of len(dst) columns over rows, of which each stands n
// times, into dst; a row without a number in some column counts in none. It returns how
// often rows counted.
func Means(rows []float64, n []int64, dst []float64) (counted int64) {
	clear(dst)
	width := len(dst)
	for i, k := range n {
		row := rows[i*width:][:width]
		if !whole(row) {
			continue
		}
		counted += k
		for j, x := range row {
			dst[j] += float64(k) * x
		}
	}
	for j := range dst {
		dst[j] /= float64(counted)
	}
	return counted
}

func whole(row []float64) bool {
	for _, x := range row {
		if x-x != 0 {
			return false
		}
	}
	return true
}

// Sum writes into out what each column adds to the margins of rows, of which a column's
// addend is fⱼ(xⱼ), such as wⱼ xⱼ,
//
//	φⱼ = fⱼ(xⱼ) - f̄ⱼ,
//
// and then the bias b + Σ f̄ⱼ, row after row. These are the Shapley values of a sum over
// columns, exact whatever the columns' dependence, against rows whose addends have the
// means f̄. They add up to the margin to rounding; a column that a row lacks makes them NaN.
func Sum(bias float64, means, addends, out []float64) {
	width := len(means)
	for _, mean := range means {
		bias += mean
	}
	for i := range len(addends) / width {
		to := out[i*(width+1):][:width+1]
		for j, x := range addends[i*width:][:width] {
			to[j] = x - means[j]
		}
		to[width] = bias
	}
}
