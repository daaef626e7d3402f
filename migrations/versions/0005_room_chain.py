"""A hash chain over the log of each room; names stand beside the events.

Revision ID: room_chain
Revises: answers

The recipe is written out here and not imported: it must stay what it was when this ran.
"""
import datetime as dt
import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "room_chain"
down_revision = "answers"
branch_labels = None
depends_on = None

START = "0" * 64
ROOMS = sa.table("rooms", sa.column("id"), sa.column("code"), sa.column("pub_hash"), sa.column("mod_hash"))
EVENTS = sa.table(
    "room_events",
    sa.column("room_id"),
    sa.column("stream"),
    sa.column("seq"),
    sa.column("type"),
    sa.column("data", sa.JSON()),
    sa.column("names", sa.JSON(none_as_null=True)),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("hash"),
)


def _split(data, place=""):
    names = {}
    if isinstance(data, dict):
        bare = {}
        for key, value in data.items():
            if key in {"by", "who"} and isinstance(value, str):
                names[place + key], bare[key] = value, None
            else:
                bare[key], more = _split(value, f"{place}{key}/")
                names |= more
        return bare, names
    if isinstance(data, list):
        rows = [_split(value, f"{place}{at}/") for at, value in enumerate(data)]
        for _bare, more in rows:
            names |= more
        return [bare for bare, _more in rows], names
    return data, names


def _joined(data, names):
    for place, name in (names or {}).items():
        *way, key = place.split("/")
        here = data
        for step in way:
            here = here[int(step) if isinstance(here, list) else step]
        here[key] = name
    return data


def _utc(at):
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)


def _of(room_id, stream):
    return sa.and_(EVENTS.c.room_id == room_id, EVENTS.c.stream == stream)


def _begin_chain(connection, room_id, code, stream):
    before = START
    rows = connection.execute(
        sa.select(EVENTS.c.seq, EVENTS.c.type, EVENTS.c.data, EVENTS.c.at)
        .where(_of(room_id, stream))
        .order_by(EVENTS.c.seq)
    ).all()
    for seq, kind, data, at in rows:
        bare, names = _split(data)
        told = [code, stream, seq, kind, bare, _utc(at).isoformat(timespec="microseconds")]
        written = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        before = hashlib.sha256((before + written).encode()).hexdigest()
        connection.execute(
            EVENTS.update()
            .where(_of(room_id, stream), EVENTS.c.seq == seq)
            .values(data=bare, names=names or None, hash=before)
        )
    return before


def upgrade():
    for column in ("pub_hash", "mod_hash"):
        op.add_column("rooms", sa.Column(column, sa.String(64), nullable=False, server_default=START))
    op.add_column("room_events", sa.Column("names", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("room_events", sa.Column("hash", sa.String(64), nullable=False, server_default=""))
    connection = op.get_bind()
    for room_id, code in connection.execute(sa.select(ROOMS.c.id, ROOMS.c.code)).all():
        heads = {f"{stream}_hash": _begin_chain(connection, room_id, code, stream) for stream in ("pub", "mod")}
        connection.execute(ROOMS.update().where(ROOMS.c.id == room_id).values(**heads))
    with op.batch_alter_table("room_events") as batch_op:
        batch_op.alter_column("hash", existing_type=sa.String(64), existing_nullable=False, server_default=None)


def downgrade():
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(EVENTS.c.room_id, EVENTS.c.stream, EVENTS.c.seq, EVENTS.c.data, EVENTS.c.names).where(
            EVENTS.c.names.is_not(None)
        )
    ).all()
    for room_id, stream, seq, data, names in rows:
        connection.execute(
            EVENTS.update().where(_of(room_id, stream), EVENTS.c.seq == seq).values(data=_joined(data, names))
        )
    op.drop_column("room_events", "hash")
    op.drop_column("room_events", "names")
    op.drop_column("rooms", "mod_hash")
    op.drop_column("rooms", "pub_hash")
