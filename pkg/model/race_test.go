//go:build race

package model

// raced: the race detector makes pools forget.
const raced = true
