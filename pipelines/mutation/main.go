// Command mutation negates conditions of pkg/stats and pkg/drift, one at a
// time, runs the tests of the package, and prints which test noticed. A
// negation that no test notices is a failure.
//
// The work tree is only read: go test takes each changed file from a temporary
// directory (-overlay).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
)

func main() {
	workers := flag.Int("workers", 2, "negations that are tried at once")
	only := flag.String("only", "", "try the negations of this file only, such as pkg/stats/ks.go")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *workers, *only); err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, workers int, only string) error {
	dir, err := os.MkdirTemp("", "leadsman-mutation-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	chosen := places
	if only != "" {
		chosen = nil
		for _, p := range places {
			if p.file == only {
				chosen = append(chosen, p)
			}
		}
		if len(chosen) == 0 {
			return fmt.Errorf("%s: no negation is listed for it", only)
		}
	}
	mutants := make([]mutant, len(chosen))
	var faults []error
	for i, p := range chosen {
		src, err := os.ReadFile(p.file)
		if err != nil {
			return err
		}
		if mutants[i], err = p.negate(src); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) > 0 {
		return errors.Join(faults...)
	}

	verdicts := make([]verdict, len(mutants))
	failed := make([]error, len(mutants))
	next := make(chan int)
	var group sync.WaitGroup
	for range max(1, workers) {
		group.Go(func() {
			for i := range next {
				fmt.Fprintf(os.Stderr, "mutation: %d of %d: %s\n", i+1, len(mutants), mutants[i].where())
				verdicts[i], failed[i] = try(ctx, dir, i, mutants[i])
			}
		})
	}
	for i := range mutants {
		next <- i
	}
	close(next)
	group.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	document(os.Stdout, mutants, verdicts)
	survived := 0
	for _, v := range verdicts {
		if v.test == "" {
			survived++
		}
	}
	if survived > 0 {
		return fmt.Errorf("%d of %d negations went unnoticed", survived, len(mutants))
	}
	return nil
}
