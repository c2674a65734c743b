package report

import "testing"

func TestPathsAreShortened(t *testing.T) {
	for in, want := range map[string]string{
		"/home/a b/lib.so: cannot open":  "lib.so: cannot open",
		`open "C:\Users\me\m.ubj": gone`: `open "m.ubj": gone`,
		"no paths here":                  "no paths here",
		`Post "http://me@host/predict"`:  `Post "http:predict"`,
	} {
		if got := withoutPaths(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestNamesAndAddressesForThePublic(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{publicURL("https://u:p@h:8/x?q#f"), "https://h:8/x"}, {publicURL("::"), ""}, {baseName("/a/b.json"), "b.json"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
