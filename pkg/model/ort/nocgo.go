//go:build !cgo

package ort

import (
	"fmt"

	"github.com/leadsman/leadsman/pkg/model"
)

// Built tells whether this program has the engine.
const Built = false

// New says that this program was built without cgo.
func New(*model.Model) (model.Predictor, error) { return nil, errNoCgo }

// Scorer returns leadsman's own engine, which alone a program without cgo has.
func Scorer(m *model.Model) (model.Predictor, error) { return model.Native(m) }

// Version says that this program was built without cgo.
func Version() (string, error) { return "", errNoCgo }

var errNoCgo = fmt.Errorf("%w: this program was built without cgo: %s has the engine, and `leadsman deps` fetches its library, %s", errUnavailable, WithEngine(), fileName())
