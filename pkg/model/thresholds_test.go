package model

import (
	"reflect"
	"testing"
)

func TestThresholds(t *testing.T) {
	split := func(feature int32, value float32) node {
		return node{left: 1, right: 2, feature: feature, value: value}
	}
	m := &Model{NumFeatures: 3, trees: []tree{
		{nodes: []node{split(2, 0.5), {value: 9}, {value: 8}}},
		{nodes: []node{split(2, -1), {value: 7}, {value: 6}}},
		{nodes: []node{split(0, 4), {value: 5}, split(2, 0.5), {value: 3}, {value: 2}}},
	}}
	want := [][]float32{{4}, nil, {-1, 0.5}}
	if got := m.Thresholds(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
