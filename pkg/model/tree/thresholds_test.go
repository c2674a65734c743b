package tree

import (
	"reflect"
	"testing"
)

func TestThresholds(t *testing.T) {
	split := func(feature int32, value float64) Node {
		return Node{Left: 1, Right: 2, Feature: feature, Value: value}
	}
	e := &Ensemble{NumFeatures: 3, Trees: []Tree{
		{Nodes: []Node{split(2, 0.5), {Value: 9}, {Value: 8}}},
		{Nodes: []Node{split(2, -1), {Value: 7}, {Value: 6}}},
		{Nodes: []Node{split(0, 4), {Value: 5}, split(2, 0.5), {Value: 3}, {Value: 2}}},
	}}
	want := [][]float64{{4}, nil, {-1, 0.5}}
	if got := e.Thresholds(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
