#!/usr/bin/env bash
# Copies the database, the media and the secrets into a new folder under TARGET, while everything runs.
#
#   deploy/backup.sh TARGET        settings from the environment (DATABASE_URL, INSTANCE_DIR, MEDIA_DIR)
#
# KEEP=14 folders stay, older ones go. The database comes first: whatever it names is then among the media.
set -euo pipefail
umask 077

here="$(cd "$(dirname "$0")/.." && pwd)"
target="${1:?where to: deploy/backup.sh TARGET}"
instance="${INSTANCE_DIR:-$here/instance}"
media="${MEDIA_DIR:-$instance/media}"
python="${PYTHON:-$here/.venv/bin/python}"
url="${DATABASE_URL:-}"
url="${url/postgresql+psycopg:/postgresql:}"
name="$(date -u +%Y-%m-%dT%H%M%SZ)"
new="$target/.$name"   # hidden until it is whole

mkdir -p "$new/media" "$new/instance"
trap 'rm -rf "$new"' EXIT
previous="$(find "$target" -mindepth 1 -maxdepth 1 -type d -name '20*' | sort | tail -1)"

case "$url" in
  postgres*) pg_dump --format=custom --no-owner --no-privileges --file="$new/database.dump" "$url" ;;
  *)
    "$python" - "${url#sqlite:///}" "$instance/mentors.db" "$new/database.sqlite" <<'PY'
import sqlite3, sys
named, usual, copy = sys.argv[1:]
source = sqlite3.connect(f"file:{named or usual}?mode=ro", uri=True)
target = sqlite3.connect(copy)
with target:
    source.backup(target)  # a consistent moment, while others write
target.execute("PRAGMA journal_mode=DELETE")
found = target.execute("PRAGMA integrity_check").fetchone()[0]
sys.exit(None if found == "ok" else found)
PY
    ;;
esac

# Media never change once they are there: those of the last backup are linked, not copied. What is on its way stays out.
if [ ! -d "$media" ]; then
  :
elif command -v rsync >/dev/null; then
  rsync --archive --exclude=/uploads --exclude=/work ${previous:+--link-dest="$(cd "$previous" && pwd)/media"} "$media/" "$new/media/"
else
  cp --archive "$media/." "$new/media/"
  rm -rf "$new/media/uploads" "$new/media/work"
fi

# Without these nobody's second factor could be read again. Texts are the words of this installation.
for thing in secret_key password_salt totp_secret texts; do
  if [ -e "$instance/$thing" ]; then cp --archive "$instance/$thing" "$new/instance/"; fi
done

(cd "$new" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 -r sha256sum > SHA256SUMS)
mv "$new" "$target/$name"
trap - EXIT

find "$target" -mindepth 1 -maxdepth 1 -type d -name '20*' | sort | head -n "-${KEEP:-14}" | xargs -r -d '\n' rm -rf
echo "$target/$name"
