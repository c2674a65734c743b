//go:build !linux && !darwin

package files

import "errors"

func exchangePaths(string, string) error { return errors.ErrUnsupported }

func mounted(path string) bool { return otherDevice(path) }
