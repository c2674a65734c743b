package xgboost

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// A Booster in a pickle is one run of bytes: UBJSON of {"Config": …, "Model": …}
// (XGBoost 1.6 and later). It can be found without running the pickle, which
// would be to run a program that somebody else wrote.
var boosterStart = []byte("{L\x00\x00\x00\x00\x00\x00\x00\x06Config")

// unpickle returns the UBJSON of the one Booster in a pickle or joblib file.
func unpickle(data []byte) ([]byte, error) {
	var found []byte
	for rest := data; ; {
		i := bytes.Index(rest, boosterStart)
		if i < 0 {
			break
		}
		at := len(data) - len(rest) + i
		blob, ok := pickledBytes(data, at)
		if !ok {
			break
		}
		if found != nil {
			return nil, tree.Refuse(tree.ErrFormat, "", "a pickle or joblib file with more than one Booster: save the one you mean with save_model(\"model.ubj\")")
		}
		found, rest = blob, data[at+len(blob):]
	}
	if found == nil {
		return nil, tree.Refuse(tree.ErrFormat, "", "a pickle or joblib file in which no Booster of XGBoost 1.6 or later is found: call get_booster().save_model(\"model.ubj\") in Python and use that")
	}
	if missingElsewhere(data) {
		return nil, tree.Refuse(tree.ErrFeatures, "", "a pickle or joblib file of a model with missing= other than NaN: train on data in which a missing value is NaN")
	}
	return found, nil
}

// pickledBytes returns the bytes object of a pickle whose content starts at at:
// the opcode and the length stand before it.
func pickledBytes(data []byte, at int) ([]byte, bool) {
	n := uint64(math.MaxUint64)
	switch {
	case at >= 5 && data[at-5] == 'B': // BINBYTES
		n = uint64(binary.LittleEndian.Uint32(data[at-4:]))
	case at >= 9 && (data[at-9] == 0x8e || data[at-9] == 0x96): // BINBYTES8, BYTEARRAY8
		n = binary.LittleEndian.Uint64(data[at-8:])
	}
	if n > uint64(len(data)-at) {
		return nil, false
	}
	return data[at : at+int(n)], true
}

// missingElsewhere reports whether the attribute missing of an XGBClassifier
// or XGBRegressor in the pickle is set to something else than NaN or None.
func missingElsewhere(data []byte) bool {
	_, value, found := bytes.Cut(data, []byte("\x8c\x07missing\x94"))
	if !found || len(value) > 0 && value[0] == 'N' { // NONE
		return false
	}
	if len(value) < 9 || value[0] != 'G' { // BINFLOAT
		return true
	}
	return !math.IsNaN(math.Float64frombits(binary.BigEndian.Uint64(value[1:])))
}
