package config

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/leadsman/leadsman/pkg/words"
)

// A decoder fills options from a file, by the tags of their fields, and notes
// where each key stands and all that is wrong:
//
//	yaml:"p95_ms"     the key; yaml:",inline" has the keys of a struct stand among those around it
//	range:"0,1"       the least and the greatest number that is taken; without a greatest one every finite one is
//	former:"wait"     the key of older versions, which is read and noted
//	scalar:"true"     the key may be left out where nothing but its value stands in the place of its struct
//	one:"true"        one name may stand in the place of a list
//	zero:"no limit"   what a 0 in the field stands for; the file leaves the key out instead
//	none:"0"          a 0 takes away what another place sets: the field is infinite
//
// A field keeps its value where the file has no key for it, nothing under the key,
// or something wrong.
type decoder struct {
	file     file
	faults   faults
	notes    []string
	blamed   map[*yaml.Node]bool // what an anchor repeats is wrong once
	inside   map[*yaml.Node]bool // mappings that are being read
	repeated int                 // keys and values read again for an alias
}

// mostRepeated bounds what aliases can make of a small file.
const mostRepeated = 100_000

// decode fills c from the text; the error says that it is no YAML.
func decode(name string, text []byte, c *Config) (*decoder, error) {
	d := &decoder{file: file{name, make(map[string]place), make(map[string]int)}, blamed: make(map[*yaml.Node]bool), inside: make(map[*yaml.Node]bool)}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, noYAML(name, text, err)
	}
	for _, node := range doc.Content {
		d.value(node, node, reflect.ValueOf(c).Elem(), "", "")
	}
	return d, nil
}

// check notes the faults that err is made of, apart from those of a key that is
// wrong already, and of one that an anchor repeats.
func (d *decoder) check(err error) {
	for _, e := range split(err) {
		f := d.file.fault(e.(keyed), e.Error())
		if !slices.ContainsFunc(d.faults, func(g *fault) bool {
			return g.key == f.key || g.place == f.place && strings.TrimPrefix(g.text, g.key) == strings.TrimPrefix(f.text, f.key)
		}) {
			d.faults = append(d.faults, f)
		}
	}
}

// fault notes what is wrong with a key, at a node.
func (d *decoder) fault(at *yaml.Node, key, format string, args ...any) {
	if d.blamed[at] {
		return
	}
	d.blamed[at] = true
	text := fmt.Sprintf(format, args...)
	if key != "" {
		text = key + ": " + text
	}
	d.faults = append(d.faults, &fault{d.file.name, place{at.Line, at.Column}, key, text})
}

// value fills out with what node holds under a key, which stands at at. It says
// whether it did.
func (d *decoder) value(at, node *yaml.Node, out reflect.Value, key string, tag reflect.StructTag) bool {
	if key != "" {
		d.file.places[key] = place{at.Line, at.Column}
	}
	if node.Kind == yaml.AliasNode {
		node = node.Alias
		if d.tooMany(at, key, node) {
			return false
		}
	}
	if key != "" && node.Kind == yaml.ScalarNode && node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		d.file.blocks[key] = node.Line + 1
	}
	if node.ShortTag() == "!!null" {
		return false
	}
	if out.Kind() == reflect.Pointer {
		to := reflect.New(out.Type().Elem())
		if !d.value(at, node, to.Elem(), key, tag) {
			return false
		}
		out.Set(to)
		return true
	}
	wrong := func(want string) bool {
		d.fault(at, key, "want %s, got %s", want, got(node))
		return false
	}
	switch to := out.Addr().Interface().(type) {
	case *time.Duration:
		v, err := words.ParseDuration(node.Value)
		if err == nil && v >= time.Second {
			*to = v
			return true
		} else if err == nil {
			return wrong("a second or more")
		}
		return wrong("a duration such as 24h or 7d")
	case *time.Time:
		v, err := time.Parse(time.DateOnly, node.Value)
		if err != nil {
			if v, err = time.Parse(time.RFC3339, node.Value); err != nil {
				return wrong("a date such as 2026-01-31 or an RFC 3339 time")
			}
		}
		*to = v.UTC()
		return true
	case interface{ SetText(text string) }: // a text may stand where else keys do
		switch node.Kind {
		case yaml.ScalarNode:
			to.SetText(node.Value)
			return true
		case yaml.SequenceNode:
			return wrong("text, or keys with values")
		}
	case encoding.TextUnmarshaler:
		if node.Kind != yaml.ScalarNode {
			return wrong("text")
		}
		if err := to.UnmarshalText([]byte(node.Value)); err != nil {
			d.fault(at, key, "%s", err)
			return false
		}
		return true
	}
	switch out.Kind() {
	case reflect.Struct, reflect.Map:
		if node.Kind != yaml.MappingNode && out.Kind() == reflect.Struct {
			for _, f := range fieldsOf(out.Type(), nil) {
				if f.tag.Get("scalar") != "" && node.Kind == yaml.ScalarNode {
					return d.scalar(at, node, out.FieldByIndex(f.index), key, f.tag)
				} else if f.tag.Get("scalar") != "" {
					return wrong("text, or keys with values")
				}
			}
		}
		if node.Kind != yaml.MappingNode {
			return wrong("keys with values")
		}
		return d.mapping(at, node, out, key)
	case reflect.Slice:
		if node.Kind == yaml.ScalarNode && tag.Get("one") != "" {
			return d.list(&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{node}}, out, key)
		}
		if node.Kind != yaml.SequenceNode {
			return wrong("a list")
		}
		if out.Type().Elem().Kind() == reflect.Struct {
			return d.entries(node, out, key)
		}
		return d.list(node, out, key)
	}
	return d.scalar(at, node, out, key, tag)
}

// scalar fills out with a number, a truth value or text.
func (d *decoder) scalar(at, node *yaml.Node, to reflect.Value, key string, tag reflect.StructTag) bool {
	out := reflect.New(to.Type()).Elem()
	want := map[reflect.Kind]string{
		reflect.Float64: "a number", reflect.Int: "a whole number", reflect.Int64: "a whole number",
		reflect.Bool: "true or false", reflect.String: "text",
	}[out.Kind()]
	var x float64 // out as a number
	switch {
	case node.Kind != yaml.ScalarNode:
	case out.CanInt():
		// The YAML package cuts 1.5 to 1.
		if node.Decode(&x) == nil && x == float64(int64(x)) && node.Decode(out.Addr().Interface()) == nil {
			want = ""
		}
	case node.Decode(out.Addr().Interface()) == nil:
		want = ""
		if out.CanFloat() {
			x = out.Float()
		}
	}
	if want != "" {
		d.fault(at, key, "want %s, got %s", want, got(node))
		return false
	}
	if without, ok := tag.Lookup("zero"); ok && x == 0 {
		d.fault(at, key, "want more than 0; without the key there is %s", without)
		return false
	}
	if within, ok := tag.Lookup("range"); ok {
		least, greatest, _ := strings.Cut(within, ",")
		lo, _ := strconv.ParseFloat(least, 64)
		hi, err := strconv.ParseFloat(greatest, 64)
		switch {
		case err == nil && !(x >= lo && x <= hi):
			d.fault(at, key, "want a number from %g to %g, got %v", lo, hi, out)
			return false
		case err != nil && !(x >= lo && x-x == 0):
			d.fault(at, key, "want a number of %g or more, got %v", lo, out)
			return false
		}
	}
	if _, ok := tag.Lookup("none"); ok && x == 0 {
		out.SetFloat(math.Inf(1))
	}
	to.Set(out)
	return true
}

// entries fills a list of structs.
func (d *decoder) entries(node *yaml.Node, out reflect.Value, key string) bool {
	list := reflect.MakeSlice(out.Type(), len(node.Content), len(node.Content))
	for i, at := range node.Content {
		d.value(at, at, list.Index(i), fmt.Sprintf("%s[%d]", key, i), "")
	}
	out.Set(list)
	return true
}

// list fills a list of names.
func (d *decoder) list(node *yaml.Node, out reflect.Value, key string) bool {
	var names []string
	for _, at := range node.Content {
		var name string
		element := at
		if at.Kind == yaml.AliasNode {
			element = at.Alias
		}
		switch {
		case element.Kind != yaml.ScalarNode || element.Decode(&name) != nil:
			d.fault(at, key, "want names, got %s", got(element))
		case name == "":
			d.fault(at, key, "want names, got an empty one")
		case slices.Contains(names, name):
			d.fault(at, key, "%q is there twice", name)
		default:
			names = append(names, name)
			d.file.places[key+"."+name] = place{at.Line, at.Column}
		}
	}
	out.Set(reflect.ValueOf(names))
	return true
}

// mapping fills a struct, or a map of names to anything.
func (d *decoder) mapping(at, node *yaml.Node, out reflect.Value, key string) bool {
	if d.inside[node] {
		d.fault(at, key, "contains itself")
		return false
	}
	d.inside[node] = true
	defer delete(d.inside, node)
	if key != "" {
		key += "."
	}
	pairs := d.pairs(node, key)
	if out.Kind() == reflect.Map {
		out.Set(reflect.MakeMapWithSize(out.Type(), len(pairs)))
		for _, p := range pairs {
			v := reflect.New(out.Type().Elem()).Elem()
			d.value(p.at, p.value, v, key+p.name, "")
			out.SetMapIndex(reflect.ValueOf(p.name), v)
		}
		return true
	}
	fields := fieldsOf(out.Type(), nil)
	for _, p := range pairs {
		i := slices.IndexFunc(fields, func(f field) bool { return f.key == p.name || f.tag.Get("former") == p.name })
		if i < 0 {
			keys := make([]string, len(fields))
			for i, f := range fields {
				keys[i] = f.key
			}
			d.fault(p.at, key+p.name, "%s", words.UnknownKey(p.name, keys))
			continue
		}
		f := fields[i]
		if f.key != p.name {
			if slices.ContainsFunc(pairs, func(q pair) bool { return q.name == f.key }) {
				d.fault(p.at, key+p.name, "is called %s now, which is there as well", f.key)
				continue
			}
			d.notes = append(d.notes, fmt.Sprintf("%s:%d: %s is called %s now", d.file.name, p.at.Line, key+p.name, f.key))
			d.file.places[key+f.key] = place{p.at.Line, p.at.Column}
		}
		d.value(p.at, p.value, out.FieldByIndex(f.index), key+p.name, f.tag)
	}
	return true
}

// A field is one that has a key.
type field struct {
	key   string
	index []int
	tag   reflect.StructTag
}

func fieldsOf(t reflect.Type, above []int) []field {
	var list []field
	for i := range t.NumField() {
		f, index := t.Field(i), append(slices.Clone(above), i)
		switch key := f.Tag.Get("yaml"); key {
		case "":
		case ",inline":
			list = append(list, fieldsOf(f.Type, index)...)
		default:
			list = append(list, field{key, index, f.Tag})
		}
	}
	return list
}

// A pair is a key, where it stands, and what stands under it.
type pair struct {
	name      string
	at, value *yaml.Node
}

// pairs are the keys of a mapping: its own, then those of the mappings that it
// merges in, which it has not itself. Key is what its keys stand under.
func (d *decoder) pairs(node *yaml.Node, key string) []pair {
	var list []pair
	has := make(map[string]bool)
	merged := map[*yaml.Node]bool{}
	var add func(node *yaml.Node)
	add = func(node *yaml.Node) {
		merged[node] = true
		lines := make(map[string]int) // of this mapping's own keys
		var merges [][2]*yaml.Node
		for i := 0; i+1 < len(node.Content); i += 2 {
			at, name, value := node.Content[i], node.Content[i], node.Content[i+1]
			if name.Kind == yaml.AliasNode {
				name = name.Alias
			}
			if name.Kind != yaml.ScalarNode {
				d.fault(at, strings.TrimSuffix(key, "."), "want text for a key, got %s", got(name))
				continue
			}
			if name.ShortTag() == "!!merge" {
				merges = append(merges, [2]*yaml.Node{at, value})
				continue
			}
			if line := lines[name.Value]; line > 0 {
				d.fault(at, key+name.Value, "is there twice: first on line %d", line)
			} else if lines[name.Value] = at.Line; !has[name.Value] {
				has[name.Value] = true
				list = append(list, pair{name.Value, at, value})
			}
		}
		for _, m := range merges {
			for _, from := range merging(m[1]) {
				switch {
				case from.Kind != yaml.MappingNode:
					d.fault(m[0], key+"<<", "want keys with values, got %s", got(from))
				case d.inside[from]:
					d.fault(m[0], key+"<<", "contains itself")
				case !merged[from] && !d.tooMany(m[0], key+"<<", from):
					d.inside[from] = true
					add(from)
					delete(d.inside, from)
				}
			}
		}
	}
	add(node)
	return list
}

// merging are the mappings that a merge key names.
func merging(node *yaml.Node) []*yaml.Node {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind != yaml.SequenceNode {
		return []*yaml.Node{node}
	}
	list := slices.Clone(node.Content)
	for i, n := range list {
		if n.Kind == yaml.AliasNode {
			list[i] = n.Alias
		}
	}
	return list
}

// tooMany counts what an alias repeats, and says when it is too much.
func (d *decoder) tooMany(at *yaml.Node, key string, node *yaml.Node) bool {
	before := d.repeated
	d.repeated += 1 + len(node.Content)
	if before <= mostRepeated && d.repeated > mostRepeated {
		d.fault(at, key, "aliases repeat more than %d keys and values", mostRepeated)
	}
	return d.repeated > mostRepeated
}

// got puts what a node holds in words.
func got(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "keys with values"
	case yaml.SequenceNode:
		return "a list"
	}
	text := []rune(node.Value)
	if len(text) > 60 {
		text = append(text[:60:60], '…')
	}
	return strconv.Quote(string(text))
}
