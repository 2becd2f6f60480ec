# A throw-away PostgreSQL behind a unix socket; $1 is the folder of its programs, $2 the one for its own.
# It prints `ready` and its folder, and lives until standard input closes. That also happens when the
# program that started it is killed, so no server and no folder is ever left behind.
set -eu
# Nothing may end this script before it has cleaned up, not even a reader that is gone.
trap '' INT TERM HUP PIPE
programs=$1
cd /
folder=$(mktemp -d "$2/retrial-postgres-XXXXXX")
chmod 755 "$folder"
log=$folder/log

finish() {
    "$programs/pg_ctl" -D "$folder/data" -m immediate stop >>"$log" 2>&1 </dev/null || true
    rm -rf "$folder"
}
trap finish EXIT

# Letters beyond ASCII fold and compare as letters, and the order is the same on every machine.
locale=C
if locale -a 2>/dev/null | grep -qix 'c\.utf-\?8'; then locale=C.UTF-8; fi

# Speed over durability: these databases never outlive the test run.
"$programs/initdb" -D "$folder/data" -A trust -U postgres -E UTF8 --locale="$locale" --no-sync \
    >"$log" 2>&1 </dev/null || { cat "$log"; exit 1; }
"$programs/pg_ctl" -D "$folder/data" -w -l "$log" -o "-c listen_addresses= -c unix_socket_directories=$folder \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" \
    start >/dev/null </dev/null || { cat "$log"; exit 1; }

echo "ready $folder"
cat >/dev/null
