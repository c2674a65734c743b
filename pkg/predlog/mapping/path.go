package mapping

import (
	"errors"
	"strconv"
	"strings"
)

// line is the path of the line itself.
const line = "."

// A step of a path: a key of an object, or where name is empty the item of a list.
type step struct {
	name string
	item int
}

// maxItem bounds the items of a list that a path can name.
const maxItem = 1 << 12

// steps takes a path such as response.scores[1] apart. Brackets around anything but
// a number belong to a name. The path of one step is a name.
func steps(path string) ([]step, error) {
	var list []step
	for _, name := range strings.Split(strings.TrimPrefix(path, "."), ".") {
		var items []step
		for strings.HasSuffix(name, "]") {
			open := strings.LastIndexByte(name, '[')
			if open < 0 {
				break
			}
			i, err := strconv.Atoi(name[open+1 : len(name)-1])
			if err != nil {
				break
			}
			if i < 0 || i >= maxItem {
				return nil, errors.New("want an item from [0] to [4095]")
			}
			items = append([]step{{item: i}}, items...)
			name = name[:open]
		}
		if name == "" {
			return nil, errors.New("want the name of a field, or a path such as response.score or probabilities[1]")
		}
		list = append(append(list, step{name: name}), items...)
	}
	return list, nil
}

// lead makes known the key that a path leads to: by the whole of it as a name, which
// wins, and where it has several steps, inside of what it leads through. A key that
// is there already stays. It returns what was made known, each made by create.
func (t *Table) lead(path string, create func() *Key) []*Key {
	var keys []*Key
	if taken := t.Top.Keys[path]; taken == nil || taken.Action == Inner {
		k := create()
		k.Name, k.Literal = path, literal(path)
		t.Top.Keys[path] = k
		keys = append(keys, k)
	}
	list, err := steps(path)
	if err != nil || len(list) == 1 && list[0].name == path {
		return keys
	}
	at := place{object: &t.Top}
	for i, s := range list {
		at.step = s
		k := at.key()
		if i+1 < len(list) {
			if k == nil {
				k = newKey(s.name, Inner)
				k.AsInput = at.object != nil && at.object.Inputs
				at.put(k)
			}
			at = k.under(list[i+1], at.path())
			continue
		}
		if k != nil && k.Action != Inner {
			break
		}
		end := create()
		end.Name = strings.TrimPrefix(path, ".")
		if end.Literal = literal(s.name); k != nil && end.Under == nil {
			end.Under, end.Items = k.Under, k.Items
		}
		at.put(end)
		keys = append(keys, end)
		rivals(keys)
	}
	return keys
}

// rivals makes the keys of one column known to each other, the first to go first.
func rivals(keys []*Key) {
	for _, k := range keys {
		k.Rivals = keys
	}
}

// A place is where a key is found: in an object, or in the list that a key holds.
type place struct {
	step
	object *Object
	list   *Key
	above  string // the path of the list
}

func (p place) key() *Key {
	if p.object != nil {
		return p.object.Keys[p.name]
	}
	if p.item < len(p.list.Items) {
		return p.list.Items[p.item]
	}
	return nil
}

func (p place) put(k *Key) {
	if p.object != nil {
		p.object.Keys[p.name] = k
		return
	}
	for len(p.list.Items) <= p.item {
		p.list.Items = append(p.list.Items, nil)
	}
	p.list.Items[p.item] = k
}

func (p place) path() string {
	if p.object != nil {
		return p.object.Path + p.name
	}
	return p.above + "[" + strconv.Itoa(p.item) + "]"
}

// under is where a step leads from what the key holds; path is its own.
func (k *Key) under(s step, path string) place {
	if s.name == "" {
		return place{list: k, above: path}
	}
	if k.Under == nil {
		k.Under = &Object{Path: path + ".", Keys: map[string]*Key{}}
	}
	return place{object: k.Under}
}
