// Package testdata is the sample case, which commands use where they are given
// no files of one's own: synthetic leads and a model that scores them.
package testdata

import _ "embed"

// Population is the distribution that the sample case was drawn from.
//
//go:embed population.json
var Population []byte

// Scenarios are the ways in which logs of the population can drift, each with the
// verdict that a monitor must reach on it.
//
//go:embed scenarios.json
var Scenarios []byte

// Reference is 303 rows of the population with their outcome and the score
// that the model gave them when it had not seen them.
//
//go:embed reference.csv
var Reference []byte

// Model is the model, in XGBoost's UBJSON.
//
//go:embed model.ubj
var Model []byte

// Features says how a lead becomes the model's row.
//
//go:embed features.json
var Features []byte

// Config is the monitor.yaml of the sample case.
//
//go:embed monitor.yaml
var Config []byte
