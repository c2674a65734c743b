package simulate

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/sim"
	ucli "github.com/urfave/cli/v2"
)

// serve runs the scoring server until a signal ends it.
func serve(ctx *ucli.Context) (err error) {
	if err := noOperands(ctx); err != nil {
		return err
	}
	predictions, requests := ctx.String("predictions"), ctx.String("requests")
	if dir := ctx.String("log-dir"); dir != "" {
		if predictions != "" || requests != "" {
			return cli.Usagef("--log-dir: the logs have files of their own already")
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		predictions, requests = filepath.Join(dir, "predictions.jsonl"), filepath.Join(dir, "api_requests.jsonl")
	}
	scorer, err := scorerOf(ctx)
	if err != nil {
		return err
	}
	logs := [2]io.Writer{io.Discard, io.Discard}
	for i, path := range []string{predictions, requests} {
		if path == "" {
			continue
		}
		f, openErr := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if openErr != nil {
			return openErr
		}
		defer func() { // the end of a log that cannot be written is an error
			if closeErr := f.Close(); err == nil {
				err = closeErr
			}
		}()
		logs[i] = f
	}
	listener, err := sim.Listen(ctx.String("addr"), ctx.Bool("allow-remote"))
	if errors.Is(err, sim.ErrRemote) {
		return cli.Usagef("--addr %s: %s; --allow-remote permits it", ctx.String("addr"), err)
	}
	if err != nil {
		return err
	}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	cli.EnvOf(ctx).Notef("listening on http://%s", listener.Addr())
	return sim.NewService(scorer, logs[0], logs[1]).Serve(stop, listener)
}
