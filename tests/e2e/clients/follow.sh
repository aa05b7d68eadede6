#!/usr/bin/env bash
# Follows an event stream with curl, comes back where it was after a lost connection, and prints a line of JSON for each
# event, with its data in Base64:
#   follow.sh URL
export LC_ALL=C  # bytes are bytes
url=$1 last_id='' retry=3000

on_event() {  # TYPE ID DATA
  printf '{"kind":"event","type":"%s","id":"%s","base64":"%s"}\n' "$1" "$2" "$(printf %s "$3" | base64 -w0)"
}

while true; do
  type=message id=$last_id data='' has_data='' status=''
  while IFS= read -r line; do
    case $line in
      "event: "*) type=${line#event: } ;;
      "data:"*)
        line=${line#data:}
        data+=${has_data:+$'\n'}${line# }
        has_data=yes
        ;;
      "id: "*) id=${line#id: } ;;
      "retry: "*) retry=${line#retry: } ;;
      ":ok") echo '{"kind":"open"}' ;;
      ":status "*) status=${line#:status } ;;
      "")
        [ -z "$has_data" ] || on_event "$type" "$id" "$data"
        last_id=$id  # only now: what is cut off has not been seen
        type=message data='' has_data=''
        ;;
    esac
    # curl's own line at the end begins where the relay's last one ended: a blank one would end half an event. Silence
    # for three heartbeats is taken for a lost connection.
  done < <(curl -sSfN --connect-timeout 5 --speed-limit 1 --speed-time 45 ${last_id:+-H "Last-Event-ID: $last_id"} \
    -w ':status %{http_code}\n' "$url")
  case $status in
    204) echo '{"kind":"error","closed":true}'; exit 0 ;;
    429) ;;
    4*) exit 1 ;;
  esac
  echo '{"kind":"error","closed":false}'
  sleep "$((retry / 1000)).$(printf %03d $((retry % 1000)))"
done
