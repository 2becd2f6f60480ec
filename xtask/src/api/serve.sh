# A throw-away notebook on a free port; $1 is the program, $2 the folder for its own. It lives until
# standard input closes, which also happens when the program that started it is killed, so neither
# server nor folder is left behind.
set -eu
cd /
folder=$(mktemp -d "$2/retrial-api-XXXXXX")
"$1" serve --listen 127.0.0.1:0 --data-dir "$folder" 2>&1 &
server=$!
finish() {
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT
trap '' INT TERM HUP PIPE
cat >/dev/null
