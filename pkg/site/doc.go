// Package site turns the tables of a run into a static site: pages, pictures
// and files for machines.
//
// It computes no statistic. Verdicts, effects, bins and sentences come from the
// tables; what it adds is order, words and pictures. Only tables that are made
// for the public are read (see Read), and of those only the columns that are
// known: rows of logs, profiles and tables of unknown names go nowhere.
//
// A site needs no server and no network: plain HTML, one stylesheet, PNG
// pictures, and a few lines of JavaScript that add only comfort. The same
// tables give the same bytes.
package site
