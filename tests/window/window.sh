# The window under Xvfb, for `run` and `pictures`: source it. It needs Xvfb, xdotool, a software OpenGL driver and Python.
#
# It draws into a display of its own, keeps its settings in a folder of its own, and ends only what it started.

# Where to click, in points of a window of 1440 × 900: the one table to change when the layout does (src/app/layout.rs and
# src/app/panels/top_bar.rs). The tabs stand right of the project's name; these are their places while it is Polar Night.
declare -A PLACE=(
  [project menu]="184 21"
  [first project]="230 58"          # Polar Night
  [second project]="230 86"         # Copper Season
  [browse]="289 21"
  [calls]="360 21"
  [compare]="436 21"
  [theme]="1415 21"
  # The tabs while no project is known yet, whether the site is or not.
  [browse, connecting]="280 21"
  [calls, connecting]="350 21"
  [compare, connecting]="425 21"
  # Browse
  [a row]="400 322"
  [the table]="660 500"
  # Calls
  [a call]="160 600"
  [a call of the sync side]="160 400"
  # Compare
  [number of calls]="75 67"
  [5 calls]="85 131"
  [latency]="315 67"
  [run both]="1386 67"
  [run offloaded]="1388 248"
  [type here]="1200 125"
  # Nothing that reacts, with as little as possible of the arrow to see.
  [aside]="1424 899"
)
# Lines of the screen that show whether something is going on: from, to.
declare -A STRIPE=([screen]="0 900" [controls]="56 78" [verdict]="172 208" [top bar]="0 42" [headings]="56 72")

WIDTH=1440 HEIGHT=900
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TEMP=$(mktemp -d)
STARTED=()             # processes to end
KEY="planted-$$-key"   # what nobody may find anywhere
trap tidy EXIT

tidy() {
  local pid
  for pid in "${STARTED[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$TEMP"
}

fail() {
  echo "FAILED: $*" >&2
  if [[ -n ${SCREEN:-} ]]; then
    local picture=${TMPDIR:-/tmp}/callboard-failed.png
    python3 "$HERE/x.py" shot "$SCREEN" "$picture" && echo "The screen at that moment: $picture" >&2
  fi
  exit 1
}

# ---------------------------------------------------------------------------- the display

# start_display [OPTION…]: an X server of its own, on a free number. Its picture is a file, SCREEN.
start_display() {
  local folder number
  folder=$(mktemp -d -p "$TEMP")
  mkfifo "$folder/number"
  Xvfb -displayfd 3 -screen 0 "${WIDTH}x${HEIGHT}x24" -fbdir "$folder" -nolisten tcp "$@" \
    3>"$folder/number" >"$folder/log" 2>&1 &
  STARTED+=($!)
  read -r -t 20 number <"$folder/number" || fail "Xvfb did not start: $(tail -n 3 "$folder/log")"
  export DISPLAY=":$number"
  unset WAYLAND_DISPLAY WAYLAND_SOCKET
  SCREEN="$folder/Xvfb_screen0"
}

# shot NAME: what the screen shows, as PICTURES/NAME.png.
shot() { python3 "$HERE/x.py" shot "$SCREEN" "$PICTURES/$1.png"; }

# look [STRIPE]: a number for what the screen shows there.
look() {
  local from to line=$((WIDTH * 4)) head
  read -r from to <<<"${STRIPE[${1:-screen}]}"
  head=$(($(stat -c %s "$SCREEN") - HEIGHT * line))
  dd if="$SCREEN" iflag=skip_bytes,count_bytes skip="$((head + from * line))" count="$(((to - from) * line))" \
    bs=256K status=none | cksum
}

# Moves the pointer a little where nothing reacts: somebody waits, and the window draws.
stir() {
  for _ in 1 2 3 4; do
    xdotool mousemove 1421 897; sleep 0.05
    park; sleep 0.05
  done
}

# until_seconds N CONDITION…: asks four times a second.
until_seconds() {
  local until=$((SECONDS + $1)); shift
  until "$@"; do
    ((SECONDS < until)) || return 1
    sleep 0.25
  done
}

differs() { [[ $(look "$1") != "$2" ]]; }
equals() { [[ $(look "$1") == "$2" ]]; }

# still [STRIPE]: whether nothing moves there for half a second.
still() { local before; before=$(look "${1:-screen}"); sleep 0.5; equals "${1:-screen}" "$before"; }
wait_still() { until_seconds "${2:-20}" still "${1:-screen}" || fail "The ${1:-screen} does not come to rest"; }

# ---------------------------------------------------------------------------- the window

# open_window [OPTION…]: starts the program with a home of its own, and waits for its window.
open_window() {
  local home
  home=$(mktemp -d -p "$TEMP")
  HOME_OF_WINDOW=$home
  env HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/data" XDG_CACHE_HOME="$home/cache" \
    "$PROGRAM" "$@" >"$home/output" 2>&1 &
  WINDOW_PID=$!
  STARTED+=("$WINDOW_PID")
  until_seconds 20 find_window || fail "No window opened: $(cat "$home/output")"
  xdotool windowfocus "$WINDOW"
  park
}

find_window() { WINDOW=$(xdotool search --onlyvisible --name '^Callboard$' 2>/dev/null | head -n 1) && [[ -n $WINDOW ]]; }

# serve OPTION…: a sandbox of its own process, for a script `pipeline` with KEY. Sets SITE.
serve() {
  local greeting
  greeting=$(mktemp -p "$TEMP")
  "$PROGRAM" sandbox --quiet --script "pipeline:$KEY" "$@" >"$greeting" &
  STARTED+=($!)
  until_seconds 20 grep -q '^listening on' "$greeting" || fail "The sandbox did not start"
  SITE=$(head -n 1 "$greeting")
  SITE=${SITE##* }
}

# break_site PLAN: gives the sandbox at SITE another plan of faults.
break_site() {
  python3 - "$SITE/callboard/faults" "$1" <<'END'
import sys, urllib.request
url, plan = sys.argv[1:]
urllib.request.urlopen(urllib.request.Request(url, plan.encode(), {"X-Callboard": "sandbox"}, method="PUT"))
END
}

# close_window: asks it to close. Sets CLOSED_IN to the milliseconds that took, and EXIT_CODE.
close_window() {
  local began guard
  (sleep 15; exec kill -9 "$WINDOW_PID") & guard=$!
  began=$(python3 "$HERE/x.py" close "$WINDOW")
  EXIT_CODE=0
  wait "$WINDOW_PID" || EXIT_CODE=$?
  CLOSED_IN=$((($(date +%s%N) - began) / 1000000))
  kill "$guard" 2>/dev/null || true
}

park() { xdotool mousemove ${PLACE[aside]}; }
point() { xdotool mousemove ${PLACE[$1]:?"no place is called $1"}; }
press() { xdotool key --clearmodifiers "$1"; }
enter() { xdotool type --delay 30 -- "$1"; }

# click PLACE: as a hand does, which does not press in the moment it arrives.
click() {
  point "$1"
  sleep 0.15
  xdotool mousedown 1
  sleep 0.05
  xdotool mouseup 1
}

# go PLACE: clicks, and waits until the screen shows something else.
go() {
  local before
  before=$(look "${2:-screen}")
  click "$1"
  until_seconds 10 differs "${2:-screen}" "$before" || fail "A click on “$1” changed nothing"
}

# pick PROJECT: from the project menu.
pick() {
  go "project menu"
  wait_still
  go "$1"
  park
  wait_still
}

# set_latency TIME: on the Compare page.
set_latency() {
  click latency; sleep 0.3
  press ctrl+a; enter "$1"; press Return
  park; sleep 0.5
}

# run_both: on the Compare page. Types while the offloaded side runs, and waits for the end.
run_both() {
  local rest said
  park
  sleep 0.5
  rest=$(look controls) said=$(look verdict)
  click "run both"
  park
  until_seconds 10 differs verdict "$said" || fail "The comparison did not start"
  said=$(look verdict)
  # The window stands still; what it says changes with the side.
  until_seconds 60 differs verdict "$said" || fail "The synchronous side did not end"
  click "type here"
  enter "typed while it runs"
  park
  until_seconds 60 equals controls "$rest" || fail "The comparison did not end"
  sleep 0.5
}
