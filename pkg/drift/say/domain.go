package say

import (
	"fmt"

	"github.com/leadsman/leadsman/pkg/drift/domain"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

func RowsRepeat(r *domain.Result) string {
	return "not judged by a classifier: " + words.Percent(r.Repeats) + " of the rows came before, and a sample of the distinct ones does not tell how often each comes"
}

func TooFewToTell(r *domain.Result) string {
	return fmt.Sprintf("too few rows for a classifier to tell production from reference: %d against %d, it takes %d on each side", r.Rows[1], r.Rows[0], domain.LeastRows)
}

func TooFewApart(r *domain.Result) string {
	return fmt.Sprintf("rows follow each other too closely for a classifier to tell production from reference: they are worth %d independent rows against %d, it takes %d on each side", r.Rows[1], r.Rows[0], domain.LeastRows)
}

func NoneVaries() string {
	return "no feature for a classifier to tell production from reference by: none varies"
}

func AUCUnseen(f *verdict.Finding) string {
	return fmt.Sprintf("too few rows to judge (%d against %d): a classifier's AUC below %.2f would go unseen", f.NCur, f.NRef, f.MDE)
}

func ToldByChance(f *verdict.Finding) string {
	return fmt.Sprintf("a classifier tells production from reference no better than chance explains; %s, p %s", auc(f), words.Number(f.P))
}

func NotTold(f *verdict.Finding) string {
	return "a classifier cannot tell production from reference; " + auc(f)
}

func ToldTogether(f *verdict.Finding, named []string) string {
	give := " give it away"
	if len(named) == 1 {
		give = " gives it away"
	}
	return classifierSentence(f) + " where no single column shows it; " + words.List(named) + give
}

// Told names the columns that give the sides away, and those of them that
// moved by themselves.
func Told(f *verdict.Finding, named, movers []string) string {
	switch {
	case len(named) == 0:
		return classifierSentence(f)
	case len(movers) == 0:
		return classifierSentence(f) + "; by " + words.List(named) + ", not by what moved by itself"
	case len(movers) == len(named) && len(named) == 1:
		return classifierSentence(f) + "; most of it is " + named[0] + ", which moved by itself"
	case len(movers) == len(named):
		return classifierSentence(f) + "; most of it is " + words.List(named) + ", which moved by themselves"
	}
	return classifierSentence(f) + "; by " + words.List(named) + ", of which " + words.List(movers) + " moved by itself"
}

func classifierSentence(f *verdict.Finding) string {
	return "a classifier tells production from reference with " + auc(f)
}

func auc(f *verdict.Finding) string { return fmt.Sprintf("AUC %.2f (0.5 is chance)", f.Effect) }
