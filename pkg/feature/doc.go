// Package feature turns a raw row, as it was logged, into the row of numbers
// that the model was trained on. What to do is read from features.json, which
// the training script writes beside the model:
//
//	{"version": 1,
//	 "model_sha256": {"json": "…", "ubj": "…"},
//	 "raw": [{"name": "industry", "type": "category"}, …],
//	 "columns": [{"name": "industry_te", "op": "map", "from": "industry", …}, …]}
//
// Ops, each on the raw field named by from:
//
//	number   missing?, scale? (1), offset? (0): value·scale + offset, missing standing in for null before that.
//	         Without missing, null is NaN. Text that reads as a decimal number is that number, any other text is null.
//	map      missing?, map, default?, empty?: the text's entry in map, else default (NaN when absent).
//	onehot   missing?, value, empty?: 1 when the text equals value, else 0.
//	present  empty?: 1 unless null or "".
//	length   missing? (0): the number of Unicode code points.
//	count    missing? (0), separator, blanks?: the number of parts between separators that are not blank.
//	match    pattern: 1 when the RE2 pattern, case ignored, is found in the text; null is "".
//	zero     0; from is not used.
//
// In map and onehot null and "" read as missing; "empty": "value" takes "" for a
// text like any other, there and in present. "blanks": "count" counts blank parts
// too, as Python's len(text.split(",")) does. "missing": [-999] beside columns says
// which numbers of any column stand for a missing one, as XGBoost's missing= does.
// A number where text is wanted
// is written as Python's repr does, less a trailing ".0". All arithmetic is
// float64; a model that takes float32 rounds once.
package feature
