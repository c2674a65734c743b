package arrowlog

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// under finds where the mapped fields of a struct or a list go. done says that the
// column is one of these, ok that there are not too many columns.
func (a *Converter) under(k *mapping.Key, values arrow.Array, to *[]source) (done, ok bool) {
	from := len(*to)
	switch nested := values.(type) {
	case *array.Struct:
		if k.Under == nil {
			return false, true
		}
		for i, f := range nested.DataType().(*arrow.StructType).Fields() {
			if !a.inside(k.Under, f, nested.Field(i), to) {
				return true, false
			}
		}
	case array.ListLike:
		if k.Items == nil {
			return false, true
		}
		a.items(k, nested, to)
	default:
		return false, true
	}
	hide(values, (*to)[from:])
	return true, true
}

// inside finds where a field of a struct goes whose keys are those of o.
func (a *Converter) inside(o *mapping.Object, f arrow.Field, values arrow.Array, to *[]source) bool {
	t := a.table
	k := o.Keys[f.Name]
	if k != nil && (k.Under != nil || k.Items != nil) {
		if done, ok := a.under(k, values, to); done {
			return ok
		}
	}
	switch {
	case k != nil && k.Action != mapping.Inner && k.Action != mapping.Input:
		if k.Col == nil && k.Action == mapping.Word {
			k.Col = t.NewColumn(k.Name)
		}
		k.Line = 1
	case o.Inputs:
		return a.input(f.Name, f, values, to)
	default:
		k = &mapping.Key{Name: o.Path + f.Name, Lost: faults.Unknown{Name: o.Path + f.Name}}
		*to = append(*to, source{k, values, func(int) faults.Fault {
			t.Tally.Unknown(&k.Lost)
			return faults.Fault{}
		}})
		return true
	}
	return a.source(k, f, values, to)
}

// items finds where the items of a list go. What else is in the list is passed over.
func (a *Converter) items(k *mapping.Key, lists array.ListLike, to *[]source) {
	values := lists.ListValues()
	one := arrow.Field{Name: k.Name, Type: values.DataType()}
	for n, item := range k.Items {
		if item == nil || item.Col == nil {
			continue
		}
		item.Line = 1
		var of []source
		a.source(item, one, values, &of)
		for _, s := range of {
			set := s.set
			if set == nil {
				continue
			}
			*to = append(*to, source{item, lists, func(i int) faults.Fault {
				from, until := lists.ValueOffsets(i)
				if k.Vector && int(until-from) != len(k.Items) {
					return faults.Want(k.Name, "as many values as names", fmt.Sprint(until-from))
				}
				if at := from + int64(n); at < until && !values.IsNull(int(at)) {
					return set(int(at))
				}
				return faults.Fault{}
			}})
		}
	}
}
