#!/usr/bin/env bash
# The arrows between the rooms: app -> http -> relay -> journal, sse -> core, and each library in its own room.
#   tests/architecture_test.sh [PROJECT FOLDER]
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}"
failures=0

fail() {
  printf '%s\n' "$*" >&2
  failures=$((failures + 1))
}

files_of() { find "include/event_relay/$1" "src/$1" \( -name '*.hpp' -o -name '*.cpp' \) 2>/dev/null | sort; }

# What each file includes: own[file] of this project, libraries[file] of others, separated by spaces.
declare -A own libraries
while IFS=: read -r file line; do
  name=${line#*[<\"]}
  name=${name%%[>\"]*}
  if [[ $line == *\<* ]]; then
    libraries[$file]+=" $name"
    continue
  fi
  for base in include src "${file%/*}"; do
    if [ -f "$base/$name" ]; then own[$file]+=" $base/$name" && break; fi
  done
done < <(grep -rHE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]' include src --include='*.hpp' --include='*.cpp')

# Sets seen to every file of the project that a file sees, itself included, so that nothing arrives by a detour.
see() {
  seen=" "
  local queue=$1 file
  while [ -n "$queue" ]; do
    file=${queue%% *}
    queue=${queue#"$file"}
    queue=${queue# }
    [[ $seen != *" $file "* ]] || continue
    seen+="$file "
    queue+=${own[$file]-}
    queue=${queue# }
  done
}

# room_uses ROOM ROOM...: the rooms whose files it may see.
room_uses() {
  local room=$1 allowed file other
  allowed=$(IFS='|'; echo "$*")
  for file in $(files_of "$room"); do
    see "$file"
    for other in $seen; do
      [[ $other =~ ^(include/event_relay|src)/($allowed)/ ]] || fail "$file must not see $other"
    done
  done
}

# never_in PATTERN ROOM: no file that the room sees includes a library header that begins so.
never_in() {
  local pattern=$1 room=$2 file other library
  for file in $(files_of "$room"); do
    see "$file"
    for other in $seen; do
      for library in ${libraries[$other]-}; do
        [[ ! $library =~ ^($pattern) ]] || fail "$file must not reach <$library>, which $other includes"
      done
    done
  done
}

# only_in PATTERN PLACE: no file elsewhere includes it directly.
only_in() {
  local wrong
  wrong=$(grep -rnE "#[[:space:]]*include[[:space:]]*<($1)" include src --include='*.hpp' --include='*.cpp' |
    grep -vE "^($2)" || true)
  [ -z "$wrong" ] || fail "only in $2:"$'\n'"$wrong"
}

room_uses core core
room_uses sse sse core
room_uses journal journal core
room_uses relay relay journal sse core
room_uses http http relay journal sse core
room_uses client client sse core

never_in 'caf/|boost/asio|boost/beast|pqxx|SQLiteCpp/|sqlite3|spdlog/[^>]*sinks' core
never_in 'boost/asio|boost/beast|pqxx|SQLiteCpp/|sqlite3' relay
never_in 'caf/|pqxx|SQLiteCpp/|sqlite3' http
never_in 'caf/|boost/asio|boost/beast|pqxx|SQLiteCpp/|sqlite3' client
only_in 'curl/' 'src/client/'
only_in 'pqxx' 'src/journal/'
only_in 'SQLiteCpp/|sqlite3' 'src/journal/sqlite_'
only_in 'caf/' '(include/event_relay|src)/(relay|app)/'
only_in 'boost/(asio|beast)' '(include/event_relay|src)/(http|app)/'
only_in 'spdlog/' 'src/core/log\.cpp|src/app/'
only_in 'boost/program_options' 'src/app/'
only_in 'systemd/' 'src/app/service_manager\.cpp'

# A source that is not listed is not built, and not missed.
while IFS= read -r file; do
  grep -qE "(^|[[:space:](])${file#src/}([[:space:])]|\$)" src/CMakeLists.txt || fail "src/CMakeLists.txt does not list $file"
done < <(find src \( -name '*.cpp' -o -path 'src/console/*' \) -type f | sort)

project_version=$(sed -nE 's/^project\(event_relay VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)
grep -q "version = \"$project_version\"" include/event_relay/app/version.hpp ||
  fail "include/event_relay/app/version.hpp does not say $project_version"

[ "$failures" = 0 ] || { echo "$failures failures" >&2; exit 1; }
echo "the rooms keep to their arrows"
