# The image of a release: the static program and nothing else but the authorities
# that --health and deps need. docs/publishing.md says how to run it.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS certificates

FROM scratch
ARG TARGETPLATFORM
COPY --from=certificates /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY $TARGETPLATFORM/leadsman /usr/bin/leadsman
# Mount a tmpfs on /tmp: inputs that are no files are spooled there.
WORKDIR /data
ENV HOME=/tmp CONFIG=monitor.yaml LOGS=logs OUT=/site
USER 10001:10001
ENTRYPOINT ["/usr/bin/leadsman"]
CMD ["report"]
