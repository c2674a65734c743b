//go:build nightly

package net_test

import "slices"

func allCases() []netCase {
	return slices.Concat(scenarioCases(), runCases, toolCases, []netCase{faultCase()})
}

// runCases are whole runs, from logs to a site.
var runCases = []netCase{
	{"outcomes", []string{"testdata"}, `
flags=(--scenario label-shift --rows 1500 --days 10 --seed 5)
simulate predictions "${flags[@]}" -o predictions.jsonl
simulate requests "${flags[@]}" -o requests.jsonl
simulate outcomes "${flags[@]}" --delay 2d --concept-drift 0.5 --until 2026-01-14T00:00:00Z -o outcomes.csv
config=(--config testdata/monitor.yaml)
ingest "${config[@]}" predictions.jsonl -o predictions.arrows
{ ingest "${config[@]}" --kind requests requests.jsonl; cat predictions.arrows; } |
  driftcalc "${config[@]}" --outcomes outcomes.csv --last 7d -o tables/
render "${config[@]}" -o site tables/
# joined by an input that the outcomes repeat
{ echo timestamp,llm_quality,outcome; cut -d, -f1,2 outcomes.csv | awk -F, 'NR > 1 {print $1 "," (NR % 3 ? "" : 50) "," $2}'; } > inputs.csv
driftcalc "${config[@]}" --outcomes inputs.csv -o inputs/ predictions.arrows
`},
	{"segments", []string{"testdata"}, `
simulate predictions --scenario segment-shift --rows 1500 --seed 4 | ingest -o log.arrows
driftcalc --reference testdata/reference.csv --target engaged --segment companysize --segment llm_geography \
  --segment llm_business_type --rows all --k-anonymity 9 -o tables/ log.arrows
render -o site tables/
driftcalc --reference testdata/reference.csv --target engaged --segment llm_business_type --rows 300 -o few/ log.arrows
`},
	{"churn", []string{"pipelines/testdata/churn"}, `
config=(--config churn/monitor.yaml)
{
  ingest "${config[@]}" churn/logs/predictions*.jsonl*
  ingest "${config[@]}" --kind requests churn/logs/api_requests.jsonl
} | driftcalc "${config[@]}" -o tables/
render "${config[@]}" --history site/data/history.parquet -o site tables/
ingest "${config[@]}" 'churn/logs/predictions.jsonl*' -o log/
ingest "${config[@]}" --kind reference churn/reference.csv -o reference/
perfbench info "${config[@]}" > info.txt
simulate predictions "${config[@]}" --from churn/reference.csv --noise 0.1 --target gekündigt --rows 50 --seed 2 -o again.jsonl
`},
	{"windows", nil, `
simulate predictions --scenario gradual --rows 1500 --days 6 --seed 9 | ingest -o log.arrows
simulate requests --scenario latency-regression --rows 1500 --days 6 --seed 9 | ingest --kind requests -o requests.arrows
driftcalc --window 24h --last 2d --now 2026-01-10T12:00:00Z -o tables/ log.arrows requests.arrows
render -o site tables/
driftcalc --window 6h --last 7d -o hours/ log.arrows requests.arrows
driftcalc --last 1h --now 2026-01-08T12:00:00Z -o widened/ log.arrows
`},
	{"shards", []string{"testdata"}, `
simulate predictions --scenario mean-shift --rows 1500 --days 3 --seed 1 -o day.jsonl
split --number=l/5 --additional-suffix=.jsonl day.jsonl shard-
driftcalc plan --reference testdata/reference.csv --config testdata/monitor.yaml -o plan.arrows
driftcalc plan --reference testdata/reference.csv --config testdata/monitor.yaml -o plan/
driftcalc profile --plan plan.arrows --reference testdata/reference.csv -o reference.arrows
for log in shard-*.jsonl; do
  ingest --plan plan.arrows "$log" | driftcalc profile --plan plan.arrows --shard "$log" -o "$log.arrows"
done
cat shard-*.arrows | driftcalc merge --plan plan.arrows -o merged.arrows
driftcalc merge --plan plan.arrows -o merged/ shard-a[cbeda].jsonl.arrows
driftcalc compare --plan plan.arrows --ref reference.arrows --config testdata/monitor.yaml -o tables/ merged.arrows
render -o site tables/
# the whole, of which the shards are to give the very tables
ingest --plan plan.arrows day.jsonl | driftcalc --config testdata/monitor.yaml -o whole/
diff -r whole tables
`},
	{"evidently", []string{"testdata"}, `
cat > monitor.yaml <<'END'
policy: evidently
evidently:
  num: {test: t_test, threshold: 0.05}
  cat: {test: psi, threshold: 0.3}
  columns: {llm_quality: {test: wasserstein}}
END
simulate predictions --scenario mean-shift --rows 900 --seed 2 | ingest -o log.arrows
simulate reference --rows 1500 --seed 8 -o large.csv
driftcalc --policy evidently --reference testdata/reference.csv --target engaged -o tables/ log.arrows
render -o site tables/
driftcalc --policy evidently --reference large.csv --target engaged -o large/ log.arrows
driftcalc --config monitor.yaml --reference testdata/reference.csv --target engaged -o set/ log.arrows
`},
	{"classic", []string{"testdata"}, `
simulate predictions --scenario variance --rows 900 --seed 2 | ingest | driftcalc --policy classic --reference testdata/reference.csv -o tables/
render -o site tables/
`},
	{"empty", []string{"testdata"}, `
: > empty.jsonl
ingest empty.jsonl | driftcalc --config testdata/monitor.yaml --now 2026-01-06T00:00:00Z -o tables/
render --config testdata/monitor.yaml -o site tables/
run check driftcalc gate --check site/data/
run text bash -c 'ingest empty.jsonl | driftcalc --reference testdata/reference.csv --format text'
`},
	{"one", []string{"testdata"}, `
simulate predictions --rows 1 --seed 3 -o one.jsonl
ingest one.jsonl | driftcalc --config testdata/monitor.yaml -o tables/
render --config testdata/monitor.yaml -o site tables/
`},
	{"nights", []string{"testdata"}, `
config=(--config testdata/monitor.yaml)
simulate predictions --scenario gradual --rows 1500 --days 9 --seed 7 | ingest "${config[@]}" -o log.arrows
simulate requests --scenario error-burst --rows 1500 --days 9 --seed 7 | ingest "${config[@]}" --kind requests -o requests.arrows
for night in 12 13 14; do
  driftcalc "${config[@]}" --last 3d --now "2026-01-${night}T00:00:00Z" -o "tables-$night/" log.arrows requests.arrows
  render "${config[@]}" --history history.parquet -o site "tables-$night/"
  cp history.parquet "history-$night.parquet"
done
`},
	{"single", []string{"testdata"}, `
printf 'site: {title: Depths & shoals, name: lead, url: "https://monitor.example/x/", k: 3}\n' > monitor.yaml
simulate predictions --scenario new-category --rows 800 --seed 6 | ingest | driftcalc --config monitor.yaml --target engaged --reference testdata/reference.csv -o report.arrows
render --single page.html report.arrows
render --config monitor.yaml --single titled.html report.arrows
render --config monitor.yaml -o site report.arrows
run stdout render --single - report.arrows
# a site can be made of its own data
render --config monitor.yaml -o again site/data/
`},
	{"explain", []string{"testdata"}, `
simulate predictions --scenario mean-shift --rows 1000 --seed 3 | ingest -o log.arrows
model=(--model testdata/model.ubj --features testdata/features.json)
driftcalc "${model[@]}" --reference testdata/reference.csv --target engaged -o tables/ log.arrows
render -o site tables/
driftcalc --model testdata/model.json --features testdata/features.json --reference testdata/reference.csv --rows 200 -o few/ log.arrows
simulate reference --rows 400 --seed 12 -o fresh.csv
ingest --kind reference "${model[@]}" --target engaged --held-out fresh.csv -o held-out/
ingest --kind reference "${model[@]}" --target engaged fresh.csv -o in-sample/
driftcalc "${model[@]}" --reference held-out/ --target engaged -o held-out-tables/ log.arrows
driftcalc "${model[@]}" --reference in-sample/ --target engaged -o in-sample-tables/ log.arrows
`},
	{"hostile", []string{"testdata"}, `
# names that are markup: of known and unknown categories, and of a column
sed 's/51-200/<script>alert(1)<\/script>/; 1s/companytype/<script>alert(2)<\/script>/' testdata/reference.csv > hostile.csv
sed 's/Government/<img src=x onerror=alert(3)>/' hostile.csv > now.csv
simulate predictions --from now.csv --target engaged --rows 800 --seed 6 -o log.jsonl
ingest log.jsonl | driftcalc --reference hostile.csv --target engaged -o tables/
render -o site tables/
`},
	{"wide", nil, `
wide() {
  awk -v rows="$1" -v shift="$2" -v seed="$3" 'BEGIN {
    srand(seed)
    for (j = 1; j <= 60; j++) printf "feature_%02d,", j
    print "score"
    for (i = 0; i < rows; i++) {
      for (j = 1; j <= 60; j++) {
        x = (i * (j + 7) * 7919 + seed * j * 104729) % 1009 / 1009
        if (j % 5) printf "%.3f,", x + (j % 7 ? 0 : shift)
        else printf "class %d,", int(6 * x * x)
      }
      printf "%.4f\n", (i * 31 + seed) % 997 / 997
    }
  }'
}
wide 400 0 1 > reference.csv
wide 900 0.3 2 > now.csv
simulate predictions --from now.csv --rows 900 --seed 4 | ingest | driftcalc --reference reference.csv -o tables/
render -o site tables/
`},
}
