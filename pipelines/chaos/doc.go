// Package chaos kills the commands at every call that changes what stands on disk, lets
// each find a full disk, and writes what was left into docs/reliability.md. Its tests are
// those of `make chaos`.
package chaos
