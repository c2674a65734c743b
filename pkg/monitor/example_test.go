package monitor_test

import (
	"bytes"
	"fmt"
	"log"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/monitor"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A program judges a log that it has in memory: reference rows and log become
// tables of a bundle, a Night reads and judges it, and the report's tables make a
// bundle that render draws.
func ExampleNight() {
	var reference, predictions strings.Builder
	fmt.Fprintln(&reference, "amount,city,score")
	for i := range 400 {
		fmt.Fprintf(&reference, "%d,%s,0.%d\n", i%20, []string{"Bonn", "Kiel"}[i%2], 1+i%9)
		// Amounts are larger by ten; cities and scores are as before.
		fmt.Fprintf(&predictions, `{"timestamp": "2026-01-05T%02d:00:00Z", "input": {"amount": %d, "city": %q}, "score": 0.%d}`+"\n",
			i/20, 10+i%20, []string{"Bonn", "Kiel"}[i%2], 1+i%9)
	}

	var in, out bytes.Buffer
	tables := table.NewWriter(&in)
	if _, err := predlog.ReferenceFrom("reference", strings.NewReader(reference.String()), predlog.Options{}, tables.Write); err != nil {
		log.Fatal(err)
	}
	lines := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}, tables.Write)
	if err := lines.From("log", strings.NewReader(predictions.String())); err != nil {
		log.Fatal(err)
	}
	if _, err := lines.Close(); err != nil {
		log.Fatal(err)
	}
	if err := tables.Close(); err != nil {
		log.Fatal(err)
	}

	c, err := config.Load("") // or a monitor.yaml
	if err != nil {
		log.Fatal(err)
	}
	night := monitor.NewNight(monitor.Options{Config: c})
	defer night.Close()
	rest := func(arrow.RecordBatch) error { return nil } // for tables that are not judged
	if err := night.Read(table.NewReader("log", &in), rest); err != nil {
		log.Fatal(err)
	}
	report, err := night.Judge()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Run.Level, report.Run.Rows, "predictions")
	for _, f := range report.Findings {
		if f.Check == verdict.CheckDistribution {
			fmt.Println(f.Level, f.Subject)
		}
	}

	bundle := table.NewWriter(&out)
	if err := report.Encode(bundle.Write); err != nil {
		log.Fatal(err)
	}
	if err := bundle.Close(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// alert 400 predictions
	// alert amount
	// ok city
	// ok score
}
