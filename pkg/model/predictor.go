package model

// A Maker makes the engine that scores a model's rows. Native is one.
type Maker func(*Model) (Predictor, error)

// Predictor scores rows with one engine. It may be used by many goroutines at
// once.
type Predictor interface {
	// Engine names the engine: "leaves".
	Engine() string
	// NumFeatures is the number of columns of a row.
	NumFeatures() int
	// Outputs is the number of scores of a row.
	Outputs() int
	// Predict writes the scores of every row of rows into out: the probability
	// of the positive class for logistic objectives, that of each class for
	// multi:softprob, else the model's output. rows holds len(out)/Outputs rows
	// of NumFeatures values, one row after another; NaN is a missing value. A
	// model of XGBoost takes them as float32, one of LightGBM as they are. A
	// value that the library refuses as infinite is tree.ErrFeatures, and so
	// are lengths that do not fit. After an error the content of out means
	// nothing.
	Predict(rows []float64, out []float32) error
}
