package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
)

// What a file is called, or a column in it, does not steer a terminal.
func TestNotesArePlain(t *testing.T) {
	_, _, stderr := run(t, nil, "no\x1b[31msuch\u202e\u00a0é")
	if want := "copy: no\\x1b[31msuch\\u202e\u00a0é: no such file or directory\n"; stderr != want {
		t.Errorf("stderr %q, want %q", stderr, want)
	}
}

// Whatever a command writes to stderr, and however: nothing steers, no secret is told.
func TestEveryByteToStderr(t *testing.T) {
	const odd = "a\x1b]0;x\x07\x00\r\x7f\u0085\u2028\u2066\ufeffb\xff https://svc:s3cr3t@h/p?token=s3cr3t#s3cr3t"
	ways := map[string]func(ctx *ucli.Context) error{
		"note":  func(ctx *ucli.Context) error { cli.EnvOf(ctx).Notef("%s", odd); return nil },
		"plain": func(ctx *ucli.Context) error { _, err := fmt.Fprintln(cli.EnvOf(ctx).Stderr, odd); return err },
		"flags": func(ctx *ucli.Context) error { _, err := fmt.Fprintln(ctx.App.ErrWriter, odd); return err },
		"error": func(*ucli.Context) error { return errors.New(odd) },
		"usage": func(*ucli.Context) error { return cli.Usagef("%s", odd) },
		"gate":  func(*ucli.Context) error { return cli.Gatef("%s", odd) },
		"panic": func(*ucli.Context) error { panic(odd) },
	}
	for name, way := range ways {
		for _, nested := range []bool{false, true} {
			var out, errs bytes.Buffer
			app := cli.New("copy", "copy", "", "")
			app.Action = way
			if nested {
				inner := app
				app = cli.New("outer", "copy", "", "")
				app.Action = func(ctx *ucli.Context) error {
					return cli.EnvOf(ctx).Pipe([]cli.Filter{{App: inner}}, cli.Filter{App: reader()})
				}
			}
			cli.Run(app, &cli.Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs}, []string{"copy"})
			said := errs.String()
			if !strings.Contains(said, `a\x1b]0;x\x07\x00\x0d\x7f\u0085\u2028\u2066\ufeffb`+"\uFFFD https://h/p?token=…") {
				t.Errorf("%s: %q", name, said)
			}
			if strings.ContainsAny(said, "\x1b\x07\x00\r\x7f\u0085\u2028\u2066\ufeff") || !utf8.ValidString(said) || strings.Contains(said, "s3cr3t") {
				t.Errorf("%s: raw: %q", name, said)
			}
		}
	}
}

func reader() *ucli.App {
	app := cli.New("read", "read", "", "")
	app.Action = func(ctx *ucli.Context) error {
		_, err := cli.EnvOf(ctx).Stdin.Read(make([]byte, 1))
		_ = err // the end, or what the other side said
		return nil
	}
	return app
}

func TestSecretsOfAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"http://svc:hunter2@127.0.0.1:1/health: refused":        "http://127.0.0.1:1/health: refused",
		`Get "http://svc:hunter2@h/x?a=1&b=2": EOF`:             `Get "http://h/x?a=…&b=…": EOF`,
		`want an URL, got "ftp://svc:hunter 2@h/x y?k=1"`:       `want an URL, got "ftp://h/x y?k=…"`,
		"https://svc:p/w#d@h/x":                                 "https://…h/x",
		"https://svc:p":                                         "https://…",
		"https://h:8080/users/@me?sesame":                       "https://h:8080/users/@me?…",
		"https://[::1]:80/x":                                    "https://[::1]:80/x",
		"s3://bucket/key.parquet?versionId=abc: no such file":   "s3://bucket/key.parquet?versionId=…: no such file",
		"GET /health?access_token=sesame&page=2":                "GET /health?access_token=…&page=2",
		"/x?q=a&api-key=sesame;SIG=sesame":                      "/x?q=a&api-key=…;SIG=…",
		"--check=warn, psi=0.3; a://b":                          "--check=warn, psi=0.3; a://b",
		"the levels and their thresholds (alert >= 0.25) stand": "the levels and their thresholds (alert >= 0.25) stand",
	} {
		got := cli.Plain(in)
		if got != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", in, got, want)
		}
		if again := cli.Plain(got); again != got {
			t.Errorf("%s becomes %s", got, again)
		}
	}
}
