# An image that writes the site of the logs in /data, serves it on port 8080,
# and writes it again every night: docs/publishing.md.
FROM golang:1.26-bookworm AS build
ARG VERSION=unknown
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY docs docs
COPY pkg pkg
COPY testdata testdata
# Without cgo there is no engine onnx, and the commands need nothing of the system.
RUN CGO_ENABLED=0 go build -trimpath -gcflags=github.com/apache/arrow-go/v18/arrow/compute/...=-l -ldflags "-s -w -X github.com/leadsman/leadsman/pkg/cli.Version=$VERSION" -o /out/ ./cmd/leadsman && /out/leadsman links /out

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates nginx-light \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o 10001 -g 10001 /var/lib/leadsman
COPY --from=build /out/ /usr/local/bin/
COPY pipelines/container/serve.sh /usr/local/bin/leadsman-serve
COPY pipelines/container/nginx.conf /etc/leadsman/nginx.conf

# /data: monitor.yaml, what it names, and logs/; /var/lib/leadsman: the site and
# with it the history.
ENV CONFIG=monitor.yaml LOGS=logs OUT=/var/lib/leadsman/site
WORKDIR /data
VOLUME /var/lib/leadsman
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGQUIT
HEALTHCHECK CMD ["bash", "-c", "</dev/tcp/127.0.0.1/8080"]
CMD ["leadsman-serve"]
