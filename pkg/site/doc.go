// Package site turns the tables of a run into a static site: pages and pictures,
// beside the files for machines that package export makes.
//
// It computes no statistic. Verdicts, effects, bins and sentences come from the
// tables; what it adds is order, words and pictures. It shows what package report
// has read, which is made for the public: rows of logs, profiles and tables of
// unknown names go nowhere.
//
// A site needs no server and no network: plain HTML, one stylesheet, PNG
// pictures, and a few lines of JavaScript that add only comfort. The same
// tables give the same bytes.
package site
