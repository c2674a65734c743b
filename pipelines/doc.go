// Package pipelines holds the shell pipelines that make the site, and the
// tests of the repository as a whole: its layers, its documents and its main
// job.
package pipelines
