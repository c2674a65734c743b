#!/usr/bin/env bash
# Writes the site of the logs, serves it on port 8080, and writes it again every
# EVERY seconds (a day). What cannot be written leaves the last site standing.
# Other settings are those of leadsman-report.
set -euo pipefail

EVERY=${EVERY:-86400}
OUT=${OUT:-/var/lib/leadsman/site}
export OUT

if ! leadsman-report && [ ! -f "$OUT/index.html" ]; then
  echo "serve: there is no site" >&2
  exit 1
fi
# $$ is the server, whose place this shell makes below.
while sleep "$EVERY" && kill -0 $$ 2>/dev/null; do
  leadsman-report || echo "serve: no new site: the last one stays" >&2
done &
exec nginx -e stderr -c "${NGINX_CONF:-/etc/leadsman/nginx.conf}"
