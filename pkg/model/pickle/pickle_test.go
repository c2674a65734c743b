package pickle

import (
	"errors"
	"reflect"
	"testing"
)

// What Python writes: pickletools.dis says of each what stands beside it.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Value
	}{
		{"\x80\x04N.", nil},
		{"I7\n.", int64(7)},
		{"I01\n.", true},
		{"\x80\x02\x8a\x02\x18\xfc.", int64(-1000)},
		{"\x80\x02J\xff\xff\xff\xff.", int64(-1)},
		{"G\x3f\xf0\x00\x00\x00\x00\x00\x00.", 1.0},
		{"\x80\x04\x8c\x01a\x94C\x01b\x86.", &List{[]Value{"a", []byte("b")}}},
		{"(lp0\nI1\naI2\na.", &List{[]Value{int64(1), int64(2)}}},
		{"\x80\x04}\x94(\x8c\x01a\x94K\x01\x8c\x01b\x94h\x01u.", &Dict{[]Value{"a", "b"}, []Value{int64(1), "a"}}},
		// os.system("x"), which is not called
		{"cos\nsystem\n(S'x'\ntR.", &Object{Class: "os.system", Args: &List{[]Value{"x"}}}},
		{"\x80\x04\x8c\x01m\x8c\x01C\x93)\x81}\x8c\x01a\x88sb.", &Object{Class: "m.C", Args: &List{}, State: &Dict{[]Value{"a"}, []Value{true}}}},
	} {
		got, err := Read([]byte(c.in))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: got %#v, %v, want %#v", c.in, got, err, c.want)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, in := range []string{"", ".", "\x80", "t.", "(", "0.", "\x8cz.", "X\xff\xff\xff\xff.", "h\x01.", "(K\x01d.", "cos\nsystem", "\x82\x01."} {
		if v, err := Read([]byte(in)); !errors.Is(err, errFormat) {
			t.Errorf("%q: got %v, %v", in, v, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("\x80\x04}\x94(\x8c\x01a\x94K\x01\x8c\x01b\x94h\x01u."))
	f.Add([]byte("cos\nsystem\n(S'x'\ntR."))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := Read(data); err != nil && !errors.Is(err, errFormat) {
			t.Fatal(err)
		}
	})
}
