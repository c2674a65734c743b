// Package testdata is the sample case, which commands use where they are given
// no files of one's own: synthetic leads and a model that scores them.
package testdata

import _ "embed"

// Population is the distribution that the sample case was drawn from.
//
//go:embed population.json
var Population []byte

// Model is the model that scores the sample's leads (train/train.py).
//
//go:embed model.ubj
var Model []byte

// Features says how a raw lead becomes the model's row.
//
//go:embed features.json
var Features []byte
