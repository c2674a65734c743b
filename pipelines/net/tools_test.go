//go:build nightly

package net_test

// toolCases are what the commands say and write besides a site.
var toolCases = []netCase{
	{"broken", []string{"testdata"}, `
simulate predictions --rows 600 --seed 2 -o good.jsonl
cat > odd.jsonl <<'END'
{"timestamp":"2026-03-01 12:00:00","input":{"n":1},"score":0.5,"trace":[1,2]}
{"timestamp":"2026-03-01T12:00:00Z","input":{"n":9007199254740993},"score":0.5}
{"timestamp":"2026-03-01T12:00:00Z","input":{"n":1,"n":2},"score":0.5}
{"timestamp":"2026-03-01T12:00:00Z","input":{"n":NaN},"score":0.5}
{"timestamp":"2026-03-01T12:00:00Z","input":{"n":"one","list":["a"]},"score":0.5,"trace":null}
{"timestamp":"2026-03-01T12:00:01Z","input":{"n":1e400,"t":"\ud800 a\u0000b"},"score":-0.0}
{"timestamp":1767571200,"input":{"n":1},"score":0.5}
{"timestamp":"2026-03-01T12:00:00Z","input":[1],"score":0.5}
{'timestamp': 1}

{"timestamp":"2026-03-01T12:00:00Z","input":{},"score":null}
{"timestamp":"2026-03-01T12:00:00+05:30","score":1,"label":"hot","inference_ms":-1,"model_version":7}
END
printf '{"timestamp":"2026-03-01T12:00:02Z","input":{"n":1.5' >> odd.jsonl
run odd ingest --max-bad 0.9 odd.jsonl -o odd/
run odd-strict ingest --max-bad 0 odd.jsonl -o strict.arrows
run odd-default ingest odd.jsonl -o default.arrows
run only-bad bash -c 'seq 8 | ingest'
# half a percent of a log is bad, and a field is of another type than the reference's
sed -e '7s/"score"/"scoer"/' -e '300s/.*/oops/' -e '/B2C/s/"llm_quality":/"llm_quality":"x","was":/' good.jsonl > some.jsonl
ingest --reference testdata/reference.csv some.jsonl -o some.arrows
driftcalc --reference testdata/reference.csv --target engaged -o tables/ some.arrows
render -o site tables/
run cut bash -c 'head -c 20000 some.arrows | driftcalc --reference testdata/reference.csv -o cut.arrows'
run json driftcalc -o json.arrows good.jsonl
run norun render -o none some.arrows
`},
	{"inputs", []string{"testdata"}, `
simulate predictions --rows 700 --seed 8 --id lead -o log.jsonl
simulate requests --rows 300 --seed 8 -o requests.jsonl
head -300 log.jsonl > rotated.jsonl.2
sed -n '301,500p' log.jsonl | gzip -n > rotated.jsonl.1.gz
tail -n +501 log.jsonl > rotated.jsonl
ingest --id lead 'rotated.jsonl*' -o rotated/
ingest log.jsonl -o log/
ingest --kind requests requests.jsonl -o requests/
ingest --kind reference testdata/reference.csv -o reference/
ingest log/predictions.parquet -o of-parquet/
ingest log.jsonl --table predictions --format csv > log.csv
ingest log.csv -o of-csv/
ingest log.jsonl -o log.arrows
ingest log.arrows -o of-arrows/
for reference in testdata/reference.csv reference/ reference/reference.parquet; do
  driftcalc --reference "$reference" --table findings --format csv log.arrows | sha256sum >> findings.sums
done
run plan-types bash -c 'driftcalc plan --reference testdata/reference.csv | ingest --plan /dev/stdin log.jsonl --table predictions --format jsonl | head -c 3000'
GOMAXPROCS=1 driftcalc -o one-core.arrows log.arrows
GOMAXPROCS=7 driftcalc -o cores.arrows log.arrows
cmp one-core.arrows cores.arrows
`},
	{"formats", []string{"testdata"}, `
simulate predictions --scenario mean-shift --rows 600 --days 2 --seed 7 -o log.jsonl
simulate requests --scenario error-burst --rows 600 --days 2 --seed 7 -o requests.jsonl
simulate outcomes --scenario mean-shift --rows 600 --days 2 --seed 7 -o outcomes.csv
{ ingest log.jsonl; ingest --kind requests requests.jsonl; } > bundle.arrows
judge=(--config testdata/monitor.yaml --outcomes outcomes.csv)
run text driftcalc "${judge[@]}" --format text bundle.arrows
run text-now driftcalc "${judge[@]}" --format text --now 2026-01-20T00:00:00Z bundle.arrows
driftcalc "${judge[@]}" -o tables/ bundle.arrows
for table in tables/*.parquet; do
  name=$(basename "$table" .parquet)
  run "csv-$name" driftcalc "${judge[@]}" --table "$name" --format csv bundle.arrows
  run "jsonl-$name" driftcalc "${judge[@]}" --table "$name" --format jsonl bundle.arrows
done
run arrow driftcalc "${judge[@]}" --table findings --format arrow bundle.arrows
driftcalc "${judge[@]}" --table findings --format parquet -o findings.parquet bundle.arrows
run ingest-csv ingest log.jsonl --table predictions --format csv
run ingest-jsonl ingest --kind requests requests.jsonl --table requests --format jsonl
run no-table driftcalc --table nothing --format csv bundle.arrows
`},
	{"gates", []string{"testdata"}, `
simulate predictions --rows 1000 --seed 11 | ingest -o quiet.arrows
simulate predictions --scenario mean-shift --rows 1000 --seed 7 | ingest -o moved.arrows
printf 'retrain: {drift_share: 0.01, model_age: 90d, new_labels: 100, trained: 2025-09-01, level: alert}\n' > retrain.yaml
judge=(--reference testdata/reference.csv --target engaged)
for log in quiet moved; do
  for level in warn alert; do
    run "$log-$level" driftcalc "${judge[@]}" --check=$level -o "$log-$level.arrows" $log.arrows
    run "gate-$log-$level" driftcalc gate --check=$level "$log-$level.arrows"
  done
  for reason in drift_share model_age new_labels score_p; do
    run "$log-$reason" driftcalc "${judge[@]}" --config retrain.yaml --check=$reason -o "$log-$reason.arrows" $log.arrows
  done
done
driftcalc "${judge[@]}" --config retrain.yaml -o due/ moved.arrows
run gate-due driftcalc gate --check=drift_share due/
run gate-log driftcalc gate moved.arrows
`},
	{"bench", []string{"pipelines/net/testdata/bench"}, `
# the times of one run, kept, so that pages and documents about them are exact
perfbench report bench/model.arrows bench/api.arrows -o report.md
run model-only perfbench report bench/model.arrows
run api-only perfbench report bench/api.arrows
simulate predictions --rows 600 --seed 1 -o log.jsonl
{ ingest log.jsonl; cat bench/*.arrows; } | driftcalc -o tables/
render -o site tables/
`},
	{"bench-live", []string{"testdata"}, `
model=(--model testdata/model.ubj --features testdata/features.json)
perfbench model testdata/model.ubj --n 50 --batch 1,7 --hotspots --profile-for 200ms -o bench/
perfbench model testdata/model.json --n 20 --json | sed -E '/"(cpu|go|cpus|load_average)":/d; s/(_ms|_mb|speedup_[a-z]+|rows_per_s|_per_call)": [^,]*/\1": N/' > model.json
: > simulate.err
command simulate api "${model[@]}" --addr 127.0.0.1:0 --log-dir served 2>simulate.err &
server=$!
trap 'kill $server' EXIT
for i in {1..100}; do
  if grep -q 'listening on' simulate.err; then break; fi
  sleep 0.1
done
perfbench api "$(sed -n 's/.*listening on //p' simulate.err)" --burst 20 --rate 100 --duration 300ms -o api/
`},
	{"model", []string{"pkg/model/testdata"}, `
for model in testdata/*.ubj testdata/*.json testdata/*.lightgbm; do
  name=$(basename "$model")
  run "info-$name" perfbench info "$model"
  run "json-$name" perfbench info --json "$model"
  run "convert-$name" perfbench convert "$model" -o "$name.onnx"
  run "compat-$name" perfbench convert --compat "$model" -o "$name.compat.onnx"
done
run sample perfbench info
perfbench convert -o sample.onnx
run stdin bash -c 'perfbench info - < testdata/names.ubj'
run not-measured perfbench model testdata/names.ubj --engine onnx --n 10
run broken bash -c 'head -c 2000 testdata/names.ubj | perfbench info -'
run two perfbench convert a.ubj b.ubj -o c.onnx
`},
	{"simulate", []string{"testdata"}, `
run list simulate --list
for scenario in none label-shift missing-burst; do
  simulate predictions --scenario $scenario --rows 300 --rate 100 --seed 5 --id lead --start 2026-02-28T12:00:00Z -o $scenario.jsonl
done
simulate reference --rows 300 --seed 5 -o reference.csv
simulate predictions --from reference.csv --model testdata/model.ubj --features testdata/features.json --target engaged \
  --rows 200 --noise 0.5 --threshold 0.3 --positive-label hot --negative-label cold -o from.jsonl
simulate predictions --from none.jsonl --scenario constant-column --column llm_quality --rows 100 -o from-log.jsonl
simulate predictions --population testdata/population.json --rows 100 -o population.jsonl
simulate outcomes --rows 200 --days 20 --delay 3d --until 2026-01-15T00:00:00Z --concept-drift 0.3 -o outcomes.csv
simulate requests --rows 200 --days 2 --seed 9 -o requests.jsonl
`},
	{"help", nil, `
for command in simulate ingest driftcalc render perfbench; do
  run $command $command --help
  run $command-version $command --version
  for shell in bash zsh fish; do run $command-$shell $command --completion $shell; done
done
for part in predictions requests outcomes reference api; do run simulate-$part simulate $part --help; done
for part in plan profile merge compare gate; do run driftcalc-$part driftcalc $part --help; done
for part in model info convert api report; do run perfbench-$part perfbench $part --help; done
`},
}
