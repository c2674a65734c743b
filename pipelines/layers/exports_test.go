package layers

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// unusedExports are exported for others than leadsman's own packages.
var unusedExports = map[string]string{
	"pkg/cli.Run":                        "a test runs a command in its own process",
	"pkg/cli.Version":                    "set when the program is linked",
	"pkg/site/shares.Class.Delta":        "templates call it",
	"pkg/site/shares.Distribution.Shown": "templates call it",
	"pkg/stats.ErrInf":                   "says what is wrong with a sample, to callers who branch",
	"pkg/stats.ErrNaN":                   "likewise",
	"pkg/table.End":                      "part of the format of a bundle, for programs that read one",
	"pkg/table.KeyDoc":                   "likewise",
	"pkg/table.KeyRole":                  "likewise",
	"pkg/table.KeyTable":                 "likewise",
	"pkg/table.KeyVersion":               "likewise",
	"pkg/table.Outcome":                  "likewise",
	"pkg/table.Schema":                   "likewise",
	"pkg/table.Version":                  "likewise",
	"pkg/table/frame.Reader.Retain":      "Arrow's readers have it",
	"pkg/drift.Thresholds":               "the table of thresholds in docs/statistics.md is made of it, by a test",
	"pkg/drift/performance.Thresholds":   "likewise",
	"pkg/site/guide.ThresholdTable":      "likewise",
	"pkg/model/ort.Session":              "what New returns; without cgo it does not exist",
	"pkg/model/tree.refusal.Unwrap":      "errors.Is looks for it",
}

// A listed is a package as go list has it.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, CgoFiles       []string
	Module                  *struct{ Main bool }
}

// Each exported identifier of pkg has a user outside its package, other than tests.
// A type has one where something that is used has it in its signature or its fields,
// a method where the type has it to be an interface's.
func TestExportsHaveUsers(t *testing.T) {
	list := exec.Command("go", "list", "-e", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,CgoFiles,Module", "./...")
	list.Dir = "../.."
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	var own []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if p.Module != nil && p.Module.Main {
			own = append(own, p)
		}
	}
	u := users{fset: token.NewFileSet(), used: map[string]bool{}}
	u.importer = importer.ForCompiler(u.fset, runtime.Compiler, func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for _, name := range []string{"fmt.Stringer", "io.Reader", "io.Writer", "io.Closer", "encoding.TextUnmarshaler", "encoding/json.Marshaler", "encoding/json.Unmarshaler", "net/http.ResponseWriter"} {
		dot := strings.LastIndexByte(name, '.')
		if p, err := u.importer.Import(name[:dot]); err == nil {
			u.interfaces = append(u.interfaces, p.Scope().Lookup(name[dot+1:]).Type().Underlying().(*types.Interface))
		}
	}
	u.interfaces = append(u.interfaces, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
	for _, p := range own {
		u.check(t, p)
	}
	for more := true; more; {
		more = u.spread()
	}
	for _, name := range slices.Sorted(maps.Keys(unusedExports)) {
		if u.used[name] {
			t.Errorf("%s has a user: it needs no exception", name)
		}
	}
	for _, name := range u.unused() {
		if unusedExports[name] == "" {
			t.Errorf("%s has no user outside its package but tests: unexport it, or delete it", name)
		}
	}
}

// users knows what the module's packages use of each other.
type users struct {
	fset       *token.FileSet
	importer   types.Importer
	packages   []*types.Package
	interfaces []*types.Interface
	used       map[string]bool // by names such as pkg/stats.PSI and pkg/table.Reader.Next
}

// check notes what a package uses of others.
func (u *users) check(t *testing.T, p listed) {
	var files []*ast.File
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
		f, err := parser.ParseFile(u.fset, filepath.Join(p.Dir, name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	checker := types.Config{Importer: u.importer, FakeImportC: true, Error: func(error) {}}
	pkg, _ := checker.Check(p.ImportPath, u.fset, files, info)
	for _, o := range info.Uses {
		if o.Pkg() != nil && o.Pkg().Path() != p.ImportPath {
			u.used[nameOf(o)] = true
		}
	}
	if strings.HasPrefix(p.ImportPath, module+"pkg/") && !strings.HasSuffix(p.ImportPath, "test") {
		u.packages = append(u.packages, pkg)
	}
	for _, name := range pkg.Scope().Names() {
		if i, ok := pkg.Scope().Lookup(name).Type().Underlying().(*types.Interface); ok && i.NumMethods() > 0 {
			u.interfaces = append(u.interfaces, i)
		}
	}
}

// nameOf names a package-level object, or a method of one.
func nameOf(o types.Object) string {
	name := o.Name()
	if f, ok := o.(*types.Func); ok {
		o = f.Origin()
		if r := f.Origin().Signature().Recv(); r != nil {
			of := r.Type()
			if p, ok := of.(*types.Pointer); ok {
				of = p.Elem()
			}
			named, ok := of.(*types.Named)
			if !ok {
				return ""
			}
			return strings.TrimPrefix(o.Pkg().Path(), module) + "." + named.Obj().Name() + "." + name
		}
	}
	if o.Pkg() == nil || o.Parent() != o.Pkg().Scope() {
		return ""
	}
	return strings.TrimPrefix(o.Pkg().Path(), module) + "." + name
}

// spread takes the types in what is used for used, and reports whether there are
// more.
func (u *users) spread() bool {
	before := len(u.used)
	for _, p := range u.packages {
		for _, name := range p.Scope().Names() {
			o := p.Scope().Lookup(name)
			if named, ok := o.Type().(*types.Named); ok {
				for m := range named.Methods() {
					if u.used[nameOf(m)] {
						u.used[nameOf(o)] = true
						u.walk(m.Type(), 0)
					}
				}
			}
			if u.used[nameOf(o)] {
				u.walk(o.Type(), 0)
				u.walk(o.Type().Underlying(), 0)
			}
		}
	}
	return len(u.used) > before
}

// walk takes the named types in a type for used.
func (u *users) walk(of types.Type, depth int) {
	if depth > 8 {
		return
	}
	next := func(to types.Type) { u.walk(to, depth+1) }
	switch of := of.(type) {
	case *types.Named:
		if o := of.Obj(); o.Exported() && o.Pkg() != nil {
			u.used[nameOf(o)] = true
		}
		for i := range of.TypeArgs().Len() {
			next(of.TypeArgs().At(i))
		}
	case *types.Pointer:
		next(of.Elem())
	case *types.Slice:
		next(of.Elem())
	case *types.Array:
		next(of.Elem())
	case *types.Chan:
		next(of.Elem())
	case *types.Map:
		next(of.Key())
		next(of.Elem())
	case *types.Signature:
		next(of.Params())
		next(of.Results())
	case *types.Tuple:
		for v := range of.Variables() {
			next(v.Type())
		}
	case *types.Struct:
		for f := range of.Fields() {
			if f.Exported() || f.Embedded() {
				next(f.Type())
			}
		}
	}
}

// unused are the exported names without a user.
func (u *users) unused() []string {
	var out []string
	for _, p := range u.packages {
		for _, name := range p.Scope().Names() {
			o := p.Scope().Lookup(name)
			if o.Exported() && !u.used[nameOf(o)] {
				out = append(out, nameOf(o))
			}
			named, ok := o.Type().(*types.Named)
			if _, isType := o.(*types.TypeName); !ok || !isType || named.TypeParams().Len() > 0 {
				continue
			}
			for m := range named.Methods() {
				if o.Exported() && m.Exported() && !u.used[nameOf(m)] && !u.wanted(named, m.Name()) {
					out = append(out, nameOf(m))
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// wanted says whether a type has a method to be an interface's.
func (u *users) wanted(of *types.Named, method string) bool {
	return slices.ContainsFunc(u.interfaces, func(i *types.Interface) bool {
		for m := range i.Methods() {
			if m.Name() == method {
				// The module's own interfaces name types that are another package's twice:
				// by its source and by what the compiler wrote of it.
				ours := m.Pkg() != nil && strings.HasPrefix(m.Pkg().Path(), module)
				return ours || types.Implements(of, i) || types.Implements(types.NewPointer(of), i)
			}
		}
		return false
	})
}
