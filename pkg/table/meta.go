package table

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// Version is the version of the stream's conventions. A reader refuses another
// major version.
const Version = "1.0"

// End is the name of the stream that closes a bundle.
const End = "end"

// Metadata keys of schemas and fields.
const (
	KeyTable      = "leadsman.table"
	KeyVersion    = "leadsman.version"
	KeyRole       = "leadsman.role"
	KeyUnit       = "leadsman.unit"
	KeyDoc        = "leadsman.doc"
	KeySample     = "leadsman.sample"     // held_out, in_sample or production, on a reference's score
	KeyProvenance = "leadsman.provenance" // where a reference's rows come from, in words, on its score
	KeySimulated  = "leadsman.simulated"  // "true" on a table whose log says so
	keyPacked     = "leadsman.packed"     // "zstd" on a table whose streams are compressed
)

// Production is the sample of a reference's scores that the model gave in production.
const Production = "production"

// A Role says what a column of rows is for.
type Role string

// The roles of columns.
const (
	Timestamp Role = "timestamp"
	Score     Role = "score"
	// ClassScore is the score of one of several classes, in a column score_CLASS.
	ClassScore Role = "class_score"
	Label      Role = "label"
	Latency    Role = "latency"
	ModelID    Role = "version"
	Feature    Role = "feature"
	Target     Role = "target"
	ID         Role = "id"
	Entity     Role = "entity" // whom the row belongs to
	Key        Role = "key"    // part of what outcomes and predictions meet by; compared only where the reference has it
	Text       Role = "text"
	Outcome    Role = "outcome"
	Status     Role = "status"
	Endpoint   Role = "endpoint"
	Method     Role = "method"
)

// IsScore tells whether a role is that of scores: of rows, or of one of several classes.
func IsScore(r Role) bool { return r == Score || r == ClassScore }

// Field returns a nullable column of the given type and role; extra holds
// further metadata as keys and values in turn.
func Field(name string, t arrow.DataType, role Role, extra ...string) arrow.Field {
	keys, values := make([]string, 0, 1+len(extra)/2), make([]string, 0, 1+len(extra)/2)
	if role != "" {
		keys, values = append(keys, KeyRole), append(values, string(role))
	}
	for i := 0; i+1 < len(extra); i += 2 {
		keys, values = append(keys, extra[i]), append(values, extra[i+1])
	}
	return arrow.Field{Name: name, Type: t, Nullable: true, Metadata: arrow.NewMetadata(keys, values)}
}

// ClassColumn is the column with the scores of a class.
func ClassColumn(class string) string { return verdict.ClassScore + class }

// RoleOf returns the column's role, or "" when it has none.
func RoleOf(f arrow.Field) Role {
	v, _ := f.Metadata.GetValue(KeyRole)
	return Role(v)
}

// Named returns s as the schema of the table name, with leadsman's version;
// other metadata stays.
func Named(name string, s *arrow.Schema) *arrow.Schema {
	return WithMeta(s, KeyTable, name, KeyVersion, Version)
}

// Packed returns rec as a batch of a table whose streams a Writer compresses, by zstd in
// Arrow's own way.
func Packed(rec arrow.RecordBatch) arrow.RecordBatch {
	return array.NewRecordBatch(WithMeta(rec.Schema(), keyPacked, "zstd"), rec.Columns(), rec.NumRows())
}

// NameOf returns the table's name, or "" for a schema of another program.
func NameOf(s *arrow.Schema) string {
	v, _ := MetaOf(s, KeyTable)
	return v
}

// MetaOf returns the value of a key of the schema's metadata.
func MetaOf(s *arrow.Schema, key string) (string, bool) {
	return s.Metadata().GetValue(key)
}

// WithMeta returns s with the given keys and values, in turn, set in its
// metadata.
func WithMeta(s *arrow.Schema, pairs ...string) *arrow.Schema {
	old := s.Metadata()
	keys := append([]string(nil), old.Keys()...)
	values := append([]string(nil), old.Values()...)
	for i := 0; i+1 < len(pairs); i += 2 {
		if at := old.FindKey(pairs[i]); at >= 0 {
			values[at] = pairs[i+1]
			continue
		}
		keys, values = append(keys, pairs[i]), append(values, pairs[i+1])
	}
	meta := arrow.NewMetadata(keys, values)
	return arrow.NewSchema(s.Fields(), &meta)
}
