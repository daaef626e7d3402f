#!/usr/bin/env bash
# Puts a backup back: database, media and secrets. Stop the web processes and the worker first.
#
#   deploy/restore.sh BACKUP              into an empty installation
#   deploy/restore.sh BACKUP --replace    over what is there
#
# Settings from the environment, as for backup.sh. Afterwards: .venv/bin/flask --app app db upgrade
set -euo pipefail
umask 027

here="$(cd "$(dirname "$0")/.." && pwd)"
backup="${1:?which one: deploy/restore.sh BACKUP [--replace]}"
replace="${2:-}"
instance="${INSTANCE_DIR:-$here/instance}"
media="${MEDIA_DIR:-$instance/media}"
python="${PYTHON:-$here/.venv/bin/python}"
url="${DATABASE_URL:-}"
url="${url/postgresql+psycopg:/postgresql:}"
database="${url#sqlite:///}"
database="${database:-$instance/mentors.db}"

say() { echo "$1" >&2; exit 1; }
(cd "$backup" && sha256sum --check --quiet SHA256SUMS) || say "This backup is damaged: nothing was changed."

mkdir -p "$instance" "$media"
case "$url" in
  postgres*)
    [ -f "$backup/database.dump" ] || say "This is a backup of SQLite, and DATABASE_URL names PostgreSQL."
    tables="$(psql --no-psqlrc --tuples-only --no-align --dbname="$url" \
      --command="SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")"
    [ "$tables" = 0 ] || [ "$replace" = --replace ] || say "The database has tables. Say --replace to drop them."
    pg_restore --clean --if-exists --no-owner --no-privileges --single-transaction --exit-on-error \
      --dbname="$url" "$backup/database.dump"
    ;;
  *)
    [ -f "$backup/database.sqlite" ] || say "This is a backup of PostgreSQL: set DATABASE_URL."
    [ ! -e "$database" ] || [ "$replace" = --replace ] || say "$database exists. Say --replace to overwrite it."
    cp "$backup/database.sqlite" "$database.new"
    rm -f "$database-wal" "$database-shm"
    mv "$database.new" "$database"
    ;;
esac

cp --archive --force "$backup/media/." "$media/"
cp --archive --force "$backup/instance/." "$instance/"
echo "Restored from $backup. Now: .venv/bin/flask --app app db upgrade"
