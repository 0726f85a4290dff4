#!/usr/bin/env bash
# Builds the registry and runs it in the foreground until Ctrl-C.
# LISTEN, DATA and ARGS change the address, the folder and further options of `concord serve`.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
listen=${LISTEN:-127.0.0.1:8081}
data=${DATA:-./data}

make/build.sh

# Another server there would answer in our place.
if (exec 3<>"/dev/tcp/${listen%:*}/${listen##*:}") 2>/dev/null; then
    die "something listens on $listen already. Another address: make run LISTEN=127.0.0.1:8082"
fi

read -r -a more <<<"${ARGS:-}"
"$CARGO_TARGET_DIR/release/concord" serve --listen "$listen" --data-dir "$data" "${more[@]}" &
server=$!
trap 'kill -TERM "$server" 2>/dev/null || true' INT TERM

until curl -sf --max-time 2 "http://$listen/" >/dev/null 2>&1; do
    kill -0 "$server" 2>/dev/null || { wait "$server"; exit; }
    sleep 0.1
done

cat <<TEXT

Concord listens on http://$listen and keeps its data in $data. Ctrl-C stops it. Try:

  curl -X POST -H 'Content-Type: application/vnd.schemaregistry.v1+json' \\
    -d '{"schema": "{\\"type\\": \\"record\\", \\"name\\": \\"Order\\", \\"fields\\": [{\\"name\\": \\"id\\", \\"type\\": \\"long\\"}]}"}' \\
    http://$listen/subjects/orders-value/versions
  curl http://$listen/subjects/orders-value/versions/latest
  curl http://$listen/subjects

TEXT

# The first wait ends when a signal arrives, the second when the server has finished its requests.
status=0
wait "$server" || status=$?
if kill -0 "$server" 2>/dev/null; then
    status=0
    wait "$server" || status=$?
fi
exit "$status"
