package profile

// A snapshot is all that a profile counted. Equal rows under equal plans give
// equal snapshots, however they were sharded and merged.
type snapshot struct {
	ledger
	Sample      []sampledRow // by ascending hash
	Newest      []sampledRow // the newest first, each once
	Counted     string       // what the rows are: log or reference; empty without any table
	From, Until int64        // microseconds: rows after it and up to it are judged
}

// A sampledRow is one distinct row and how often it was there.
type sampledRow struct {
	Hash uint64
	N    int64
	Row  rawRow
}

// Snapshot returns what was counted so far. It shares the rows' cells with the
// profile.
func (f *Profile) Snapshot() *snapshot {
	s := &snapshot{Counted: string(f.counted), From: f.from, Until: f.until}
	l := &s.ledger
	l.sum("rows", f.rows)
	l.sum("read", f.read)
	l.sum("untimed", f.untimed)
	l.wide("reference/", f.values.wide)
	f.times.put(l, "")
	if f.simulated {
		l.most("simulated", 1)
	}
	if f.version != "" {
		l.name("version", f.versionAt, 1, f.version)
	}
	f.inference.put(l, "inference/")
	l.names("columns", &f.unknown)
	f.traffic.put(l)
	columns := make([]*ledger, len(f.columns))
	inParallel(chunkRows, len(columns), func(i int) {
		columns[i] = ledgerOf(f.plan.columns[i].name)
		f.columns[i].put(columns[i])
		f.pairs.put(columns[i], i)
		columns[i].sort()
	})
	l.join(columns)
	f.windows.put(l)
	l.sort()
	for h, k := range f.sample.all() {
		s.Sample = append(s.Sample, sampledRow{h, k.n, k.value})
	}
	for _, r := range f.recent {
		s.Newest = append(s.Newest, sampledRow{r.hash, 1, r.row})
	}
	return s
}
