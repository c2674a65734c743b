#!/usr/bin/env bash
# Packs the numbers 0 to 999 with the programs that logrotate calls, for
# TestOtherPackers. Made with xz 5, bzip2 1.0.8, lz4 1.9 and gzip 1.12.
set -euo pipefail
log=$(mktemp)
seq 0 999 > "$log"
gzip -nc "$log" > plain.gz
{ gzip -nc "$log" | head -c 100000; head -c 512 /dev/zero; } > zeros.gz
xz -c "$log" > crc64.xz
xz -c --check=crc32 --block-size=1000 "$log" > blocks.xz
xz -c --check=sha256 "$log" > sha256.xz
xz -c --check=none "$log" > none.xz
{ head -n 500 "$log" | xz -c; head -c 8 /dev/zero; tail -n 500 "$log" | xz -c; } > streams.xz
bzip2 -c "$log" > plain.bz2
{ head -n 500 "$log" | bzip2 -c; tail -n 500 "$log" | bzip2 -c; } > streams.bz2
lz4 -qc "$log" > plain.lz4
{ head -n 500 "$log" | lz4 -qc -; tail -n 500 "$log" | lz4 -qc -BX -; } > frames.lz4
rm "$log"
