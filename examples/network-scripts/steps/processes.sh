# What runs in the background: services of the contract, and the members' agents.

# start NAME FOLDER PROGRAM ARGUMENT…: unless it runs. Ctrl-C in this terminal does not reach it.
start() {
  local name=$1 folder=$2
  shift 2
  ! runs "$name" || return 0
  mkdir -p "$MARKET/processes" "$MARKET/logs"
  set -m
  (cd "$folder" && exec nohup "$@") >>"$MARKET/logs/$name.log" 2>&1 </dev/null &
  set +m
  printf '%s\n%s\n' "$!" "${*:2}" >"$MARKET/processes/$name"
  printf '%s runs, and writes to %s\n' "$name" "$MARKET/logs/$name.log"
}

# By its arguments, too: the number may be another process's by now.
runs() {
  local file=$MARKET/processes/$1 id arguments
  [ -f "$file" ] || return 1
  { read -r id && read -r arguments; } <"$file"
  [[ $(ps -ww -o args= -p "$id" 2>/dev/null) == *"$arguments" ]]
}

down() {
  local file name id
  [ -z "${1:-}" ] || [ "$1" = --wipe ] || fail "down takes --wipe, and nothing else."
  for file in "$MARKET"/processes/*; do
    name=$(basename "$file")
    if runs "$name"; then
      id=$(head -n 1 "$file")
      kill "$id"
      for _ in {1..50}; do
        ! runs "$name" || sleep 0.2
      done
      ! runs "$name" || kill -KILL "$id"
      printf '%s stopped\n' "$name"
    fi
    rm -f "$file"
  done
  [ -n "${1:-}" ] || return 0
  rm -rf "${MARKET:?}"/{contract,home,invites,logs,network,organizations,organizations.new,organizations.yaml,processes}
  rmdir "$MARKET" 2>/dev/null || printf '%s holds other things, too, and stays\n' "$MARKET"
}
