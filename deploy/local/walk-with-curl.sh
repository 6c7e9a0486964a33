#!/usr/bin/env bash
# The patient's way with curl and a cookie jar, while `make demo` is up. Read it as an example; run it to see the answers.
set -euo pipefail
base=${MINAINTYG_PORT_BASE:-8080}
api=http://localhost:$base/minaintyg/v1
web=http://localhost:$((base + 1))
e_legitimation=http://localhost:$((base + 2))
person=197908239820
folder=$(mktemp -d)
jar=$folder/cookies

browse() { curl -fsSL -b "$jar" -c "$jar" "$@"; }
call() { curl -sS -b "$jar" -c "$jar" -H 'X-Requested-With: mina-intyg' -H "Origin: $web" "$@"; }
json() { node -pe "JSON.parse(fs.readFileSync(0)).$1"; }
step() { printf '\n\n== %s\n' "$1"; }

step 'log in: the page of the e-legitimation, its form, and all the way back'
form=$(browse "$api/auth/login?returnTo=/" | grep -o 'action="[^"]*"' | head -n 1 | cut -d '"' -f 2)
browse -o /dev/null -d "person=$person" "$e_legitimation$form"
call "$api/me"

step 'without consent: 403'
call "$api/certificates"

step 'consent'
version=$(call "$api/consent" | json text.version)
call "$api/consent" -H 'Content-Type: application/json' -d "{\"textVersion\":\"$version\"}" | json state

step 'list, and read the first that can be sent to Försäkringskassan'
id=$(call "$api/certificates?type=LISJP&status=notSent" | json items[0].id)
call "$api/certificates/$id"

step 'save the PDF'
call -o "$folder/certificate.pdf" "$api/certificates/$id/pdf"
ls -l "$folder/certificate.pdf"

step 'send, and follow'
key=$(node -pe 'crypto.randomUUID()')
dispatch=$(call "$api/certificates/$id/dispatches" -H "Idempotency-Key: $key" \
  -H 'Content-Type: application/json' -d '{"recipientId":"FKASSA"}' | json id)
for _ in $(seq 50); do
  state=$(call "$api/dispatches/$dispatch" | json state)
  echo "$state"
  [[ $state == accepted ]] && break
  sleep 0.2
done

step 'withdraw consent: the next list is 403 again'
call -X DELETE "$api/consent"
status=$(call -o /dev/null -w '%{http_code}' "$api/certificates")
printf '\n%s\n' "$status"
rm -r "$folder"
[[ $state == accepted && $status == 403 ]]
