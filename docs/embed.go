// Package docs holds the documents that the commands publish with their output.
package docs

import _ "embed"

// Guide is MONITORING_GUIDE.md, which is also the site's guide page.
//
//go:embed MONITORING_GUIDE.md
var Guide []byte

// FalseAlarms is calibration.csv, the table of false alarms of calibration.md: how
// many nights in a hundred the default policy called at warn or above where
// nothing had drifted, with the 95 % interval, by columns, reference rows and rows
// a night.
//
//go:embed calibration.csv
var FalseAlarms []byte
