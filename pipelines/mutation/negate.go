package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
)

// A place is one condition: the function of a file that holds it, and its text
// as it stands in the source.
type place struct {
	file, function, condition string
	about                     string // what it decides, for a reader
}

// A mutant is a file with one condition negated.
type mutant struct {
	place
	line   int
	source []byte
}

func (m mutant) where() string { return fmt.Sprintf("%s:%d", m.file, m.line) }

func (m mutant) pkg() string { return path.Dir(m.file) }

// negate puts !(…) around the condition. It is an error when the function
// holds it no more, or more than once.
func (p place) negate(src []byte) (mutant, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, p.file, src, parser.SkipObjectResolution)
	if err != nil {
		return mutant{}, err
	}
	var body *ast.FuncDecl
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && functionName(fn) == p.function {
			body = fn
		}
	}
	if body == nil {
		return mutant{}, fmt.Errorf("%s: no function %s", p.file, p.function)
	}
	var found []ast.Expr
	ast.Inspect(body, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if ok && string(src[fset.Position(e.Pos()).Offset:fset.Position(e.End()).Offset]) == p.condition {
			found = append(found, e)
			return false
		}
		return true
	})
	if len(found) != 1 {
		return mutant{}, fmt.Errorf("%s: %s: the condition %s stands there %d times, want once", p.file, p.function, p.condition, len(found))
	}
	from, to := fset.Position(found[0].Pos()), fset.Position(found[0].End())
	changed := string(src[:from.Offset]) + "!(" + p.condition + ")" + string(src[to.Offset:])
	return mutant{p, from.Line, []byte(changed)}, nil
}

// functionName is KS of a function, check.level of a method.
func functionName(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return fn.Name.Name
	}
	t := fn.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "." + fn.Name.Name
	}
	return fn.Name.Name
}
