# Makes the manual page: what --help lists in place of @COMMANDS@ and @OPTIONS@ in the template.
#   event-relay --help | awk -v version=0.1.0 -v date=2026-11-27 -f man_page.awk - event-relay.1.in

function escaped(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  return text
}

# The form of an option as Boost.Program_options has it: "-h [ --help ]", "--http.port PORT (=8080)".
function name_of(form,    words, count) {
  count = split(form, words, " ")
  if (words[2] == "[") return "\\fB" escaped(words[1]) "\\fR, \\fB" escaped(words[3]) "\\fR"
  return "\\fB" escaped(words[1]) "\\fR" (words[2] ~ /^[A-Z]+$/ ? "=\\fI" words[2] "\\fR" : "")
}

function print_option() {
  if (form == "") return
  by_default = form ~ /\(=.*\)$/ ? form : ""
  sub(/^.*\(=/, "", by_default)
  sub(/\)$/, "", by_default)
  options = options ".TP\n" name_of(form) "\n\\&" escaped(meaning) \
    (by_default == "" ? "" : "\n(default: " escaped(by_default) ")") "\n"
  form = ""
}

# --help: a command is a word and what it does.
FNR == NR && /^  [a-z]/ {
  name = $1
  sub(/^ +[^ ]+ +/, "")
  commands = commands ".TP\n.B event\\-relay " escaped(name) "\n\\&" escaped($0) "\n"
  next
}
FNR == NR && $0 == "Commands:" { next }

# A title ends in a colon, an option begins behind two blanks, and its meaning goes on below itself.
FNR == NR && /^[A-Z][A-Za-z ]*:$/ {
  print_option()
  sub(/:$/, "")
  sub(/^Options of /, "")
  options = options ".SS " $0 "\n"
  next
}
FNR == NR && /^  -/ {
  print_option()
  form = substr($0, 3)
  sub(/  +[^ ].*$/, "", form)
  meaning = substr($0, 3 + length(form))
  sub(/^ +/, "", meaning)
  next
}
FNR == NR && /^   +[^ ]/ {
  if (form != "") {
    sub(/^ +/, "")
    sub(/ $/, "", meaning)
    meaning = meaning " " $0
  }
  next
}
FNR == NR { next }

$0 == "@COMMANDS@" {
  printf "%s", commands
  next
}
$0 == "@OPTIONS@" {
  print_option()
  printf "%s", options
  next
}
{
  gsub(/@VERSION@/, version)
  gsub(/@DATE@/, date)
  print
}
