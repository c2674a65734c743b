package wire

// The tables of an encoded profile, in the order in which they stand.
const (
	countersTable = "counters"
	valuesTable   = "values"
	unseenTable   = "unseen"
	rowsTable     = "rows"
	newestTable   = "newest"
	entitiesTable = "entities"
	outcomesTable = "labels"
	joinedTable   = "joined"
	cellsTable    = "scores"
	linesTable    = "lines"
	rejectsTable  = "rejects"
	shardsTable   = "shards"
	sealTable     = "seal"
)

// packedTables are those of plans and profiles that are compressed where they are streams.
var packedTables = []string{countersTable, valuesTable, unseenTable, rowsTable, newestTable, joinedTable, cellsTable, planColumnsTable, planGridsTable, planCategoriesTable}

// Tables are the names of a profile's tables.
var Tables = []string{countersTable, valuesTable, unseenTable, rowsTable, newestTable, entitiesTable, outcomesTable, joinedTable, cellsTable, linesTable, rejectsTable, shardsTable, sealTable}

// counter is a row of counters.
type counter struct {
	Window  string  `table:"window" doc:"start of the UTC window, RFC 3339; empty for the judged rows"`
	Segment string  `table:"segment" doc:"empty: all rows"`
	Column  string  `table:"column" doc:"raw column; empty for what belongs to rows"`
	Key     string  `table:"key" doc:"what is counted"`
	Op      string  `table:"op" doc:"how two profiles' numbers of one place become one: sum, min or max; a sum's limbs of 32 bits are carried afterwards"`
	At      []int64 `table:"at" doc:"places of the numbers; empty: 0, 1, 2, … Those that are not listed are 0"`
	N       []int64 `table:"n" doc:"the numbers; floats as an integer of the same order, times in microseconds"`
}

func (r *counter) bytes() int { return 8 * len(r.N) }

// values is a row of values.
type values struct {
	Window  string    `table:"window" doc:"as in counters"`
	Segment string    `table:"segment" doc:"as in counters"`
	Column  string    `table:"column" doc:"as in counters"`
	Key     string    `table:"key" doc:"empty, or length/ or commas/ of a text"`
	X       []float64 `table:"value" doc:"values that are on no edge of the plan, ascending"`
	N       []int64   `table:"n" doc:"how often each"`
}

func (r *values) bytes() int { return 8 * len(r.N) }

// unseen is a row of unseen.
type unseen struct {
	Window  string `table:"window" doc:"as in counters"`
	Segment string `table:"segment" doc:"as in counters"`
	Column  string `table:"column" doc:"as in counters"`
	Key     string `table:"key" doc:"unseen (categories), columns, endpoint, sample (endpoints of requests), version; lines and inputs: rows that are followed, without a name"`
	Hash    int64  `table:"hash" doc:"bits of the hash; of each key those of smallest unsigned hash are kept"`
	Name    string `table:"name" doc:"the name"`
	N       int64  `table:"n" doc:"how often"`
}

// row is a row of rows, of newest and of entities.
type row struct {
	Hash    int64   `table:"hash" doc:"bits of the row's hash"`
	N       int64   `table:"n" doc:"how often the row was seen"`
	Entity  int64   `table:"entity" doc:"bits of the hash of whom the row belongs to, in the table entities, where n is how many rows it has; else 0"`
	Timed   bool    `table:"timed" doc:"the row has a timestamp"`
	At      int64   `table:"at" unit:"us" doc:"its timestamp"`
	MS      float64 `table:"ms,null" unit:"ms" doc:"latency"`
	Version string  `table:"version" doc:"model version"`
	ID      string  `table:"id" doc:"id"`
	Cells   string  `table:"cells" doc:"the plan's columns as a JSON array"`
}

func (r *row) bytes() int { return len(r.Cells) }

// labels is the row of labels, of a profile that outcomes were brought to: the file
// that they came from.
type labels struct {
	Digest     int64  `table:"digest" doc:"sum of the hashes of its rows"`
	Kind       string `table:"kind" doc:"of outcomes: binary, regression or multiclass"`
	Key        string `table:"key" doc:"what rows meet by, in words"`
	Names      bool   `table:"names" doc:"the key names a row; else several rows may share it"`
	Resolution int64  `table:"resolution" unit:"us" doc:"to which timestamps meet; 0: the key has none"`
	Choice     string `table:"choice" doc:"predictions of a key that count: newest, first or all"`
	Rows       int64  `table:"rows" doc:"rows with a key"`
	Keyless    int64  `table:"keyless" doc:"rows without one"`
	Pending    int64  `table:"pending" doc:"rows whose outcome is not known yet"`
	Known      int64  `table:"known" doc:"keys with one outcome"`
	Contested  int64  `table:"contested" doc:"keys with outcomes that disagree"`
	First      string `table:"first" doc:"the first keys with an outcome, JSON; never published"`
	Unkeyed    bool   `table:"unkeyed" doc:"some predictions have nothing to meet outcomes by"`
	Strays     string `table:"strays" doc:"predictions that met no outcome, as far as they tell why, JSON; never published"`
	Beyond     bool   `table:"beyond" doc:"more predictions met their outcome than the 1,048,576 of smallest hash that stand in joined"`
	Cut        int64  `table:"cut" doc:"bits of the least hash that is left out then"`
}

// joinedRow is a row of joined: a key with an outcome, and a prediction of it.
type joinedRow struct {
	Hash    int64   `table:"hash" doc:"bits of the key's hash"`
	At      int64   `table:"at" unit:"us" doc:"timestamp of the prediction; the least number without one"`
	Score   float64 `table:"score" doc:"its score"`
	Entity  int64   `table:"entity" doc:"bits of the hash of whom the row belongs to; 0 where it does not say"`
	Seen    int64   `table:"seen" doc:"predictions with the key; of choice all, those that are alike"`
	Version string  `table:"version" doc:"version of the model that made it; empty where it does not say"`
	Value   float64 `table:"value" doc:"the outcome: 1 where it is positive, 0 where not; or the number; of classes the place in the plan's"`
	Scores  string  `table:"scores" doc:"of a model that scores each class: its scores, with blanks between; else empty"`
}

// cell is a row of scores: the predictions of a window, with an outcome or without.
type cell struct {
	Start int64   `table:"start" unit:"us" doc:"start of the UTC window"`
	Score float64 `table:"score" doc:"score, rounded down to 1/4096, but not below the threshold"`
	N     int64   `table:"n" doc:"predictions"`
}

// shard is a row of shards: a leaf, which is one run of profile, or one that was
// expected.
type shard struct {
	Shard  string `table:"shard" doc:"name of the leaf"`
	Digest string `table:"digest" doc:"SHA-256 of the leaf; empty for one that is missing"`
	Rows   int64  `table:"rows" doc:"predictions and requests counted in it"`
}

// seal is the row of seal.
type seal struct {
	Version int64  `table:"version" doc:"version of the profile's meaning"`
	PlanID  string `table:"plan_id" doc:"SHA-256 of the plan"`
	Counted string `table:"counted" doc:"what the rows are: log or reference; empty without any table"`
	From    int64  `table:"from" unit:"us" doc:"rows after it are judged"`
	Until   int64  `table:"until" unit:"us" doc:"and up to it"`
	Digest  string `table:"digest" doc:"SHA-256 of the tables counters to rejects"`
	Shards  string `table:"shards" doc:"SHA-256 of the table shards and of missing"`
	Missing int64  `table:"missing" doc:"shards that were expected and are neither here nor named"`
}
