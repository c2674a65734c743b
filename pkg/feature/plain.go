package feature

import (
	"bytes"
	"encoding/json"
)

// Plain returns the pipeline of raw rows that hold the model's columns as they
// are, numbers of these names.
func Plain(names []string) (*Pipeline, error) {
	type raw struct {
		Name string `json:"name"`
		Type string `json:"type"`
	}
	type column struct {
		Name string `json:"name"`
		Op   string `json:"op"`
		From string `json:"from"`
	}
	doc := struct {
		Version int      `json:"version"`
		Raw     []raw    `json:"raw"`
		Columns []column `json:"columns"`
	}{Version: 1}
	for _, name := range names {
		doc.Raw = append(doc.Raw, raw{name, "number"})
		doc.Columns = append(doc.Columns, column{name, "number", name})
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	return Parse(bytes.NewReader(text))
}
