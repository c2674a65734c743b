// Package docs holds the documents that the commands publish with their output.
package docs

import _ "embed"

// Guide is MONITORING_GUIDE.md, which is also the site's guide page.
//
//go:embed MONITORING_GUIDE.md
var Guide []byte

// Calibration is calibration.md: the false alarms that were measured.
//
//go:embed calibration.md
var Calibration []byte
