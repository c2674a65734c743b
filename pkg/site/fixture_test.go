package site

import "math"

var nan = math.NaN()
