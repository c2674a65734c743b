package model_test

import (
	"bytes"
	"fmt"
	"log"
	"math"

	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/testdata"
)

// The sample case's model, as XGBoost's save_model wrote it, scores two rows: one
// in which every value is missing, and one of zeros. XGBoost 3.2 gives 0.58363783
// and 0.09369784.
func ExampleNative() {
	m, err := model.Read(bytes.NewReader(testdata.Model))
	if err != nil {
		log.Fatal(err)
	}
	engine, err := model.Native(m)
	if err != nil {
		log.Fatal(err)
	}
	rows := make([]float64, 2*engine.NumFeatures())
	for i := range engine.NumFeatures() {
		rows[i] = math.NaN()
	}
	scores := make([]float32, 2*engine.Outputs())
	if err := engine.Predict(rows, scores); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.4f %.4f\n", scores[0], scores[1])
	// Output: 0.5836 0.0937
}
