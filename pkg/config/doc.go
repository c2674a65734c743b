// Package config reads monitor.yaml.
package config
