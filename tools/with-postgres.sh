#!/usr/bin/env bash
# Runs a command with a private PostgreSQL that has pg_trgm, and takes it away afterwards:
#
#   tools/with-postgres.sh dotnet run -c Release --project tests/Benchmarks -- matching
#
# It needs PostgreSQL 13 or newer with its contrib modules, not running:
#   Debian, Ubuntu   sudo apt-get install postgresql postgresql-contrib
#   Fedora           sudo dnf install postgresql-server postgresql-contrib
#   macOS            brew install postgresql@17
#   Windows          in WSL as above; or start any server of your own and set ABM_BENCHMARK_POSTGRES yourself
# The cluster lies in a temporary folder, listens on a socket in it alone, and is removed at the end. Without PostgreSQL the command
# runs all the same; the benchmarks then say "not installed".
set -euo pipefail

if [ $# -eq 0 ]; then
  sed -n '2,12p' "$0" | sed 's/^# \{0,1\}//'
  exit 2
fi

bin=""
for folder in $(pg_config --bindir 2>/dev/null || true) /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
  if [ -x "$folder/initdb" ]; then bin="$folder"; fi
done
if [ -z "$bin" ]; then
  echo "PostgreSQL is not installed; running without it." >&2
  exec "$@"
fi

# The server refuses to run as root.
as=()
if [ "$(id -u)" -eq 0 ]; then
  user=postgres
  id "$user" >/dev/null 2>&1 || user=nobody
  as=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups)
fi

folder="$(mktemp -d "${TMPDIR:-/tmp}/abm-postgres.XXXXXX")"
[ ${#as[@]} -eq 0 ] || chown "$user" "$folder"
stop() {
  "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT

(
  cd "$folder"
  "${as[@]}" env HOME="$folder" "$bin/initdb" -D "$folder/data" -U benchmark -A trust -E UTF8 --locale=C --no-sync >/dev/null
  "${as[@]}" env HOME="$folder" "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c shared_buffers=512MB -c maintenance_work_mem=512MB -c work_mem=64MB -c fsync=off" start >/dev/null
) || { echo "PostgreSQL did not start:" >&2; cat "$folder/log" >&2 || true; exit 1; }

ABM_BENCHMARK_POSTGRES="Host=$folder;Username=benchmark;Database=postgres" "$@"
