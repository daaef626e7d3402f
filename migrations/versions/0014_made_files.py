"""Files made of a recording: which of several, by which version of its step, in what condition.

Revision ID: made_files
Revises: audiences
"""

import sqlalchemy as sa
from alembic import op

revision = "made_files"
down_revision = "audiences"
branch_labels = None
depends_on = None

BEFORE = ("original", "mp4", "poster", "captions")
NOW = ("original", "mp4", "stream", "playlist", "audio", "low", "poster", "storyboard", "storyboard_track", "captions")
STATES = ("ready", "stale", "missing", "corrupt")


def one_of(column, values):
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade():
    with op.batch_alter_table("assets") as batch:
        batch.add_column(sa.Column("part", sa.String(20), nullable=False, server_default=""))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        state = sa.Enum(*STATES, name="asset_state", native_enum=False, create_constraint=False, length=40)
        batch.add_column(sa.Column("state", state, nullable=False, server_default="ready"))
        batch.add_column(sa.Column("checked_at", sa.DateTime(timezone=True)))
        batch.drop_constraint(op.f("ck_assets_asset_role"), type_="check")
        batch.create_check_constraint(op.f("ck_assets_asset_role"), one_of("role", NOW))
        batch.create_check_constraint(op.f("ck_assets_asset_state"), one_of("state", STATES))
        batch.drop_constraint(op.f("uq_assets_recording_id_role_language"), type_="unique")
        name = op.f("uq_assets_recording_id_role_language_part")
        batch.create_unique_constraint(name, ["recording_id", "role", "language", "part"])
    with op.batch_alter_table("assets") as batch:
        for column, type_ in (("part", sa.String(20)), ("version", sa.Integer()), ("state", state)):
            batch.alter_column(column, existing_type=type_, server_default=None)


def downgrade():
    # What was made can be made again; the older tables have no place for it.
    op.execute(f"DELETE FROM assets WHERE NOT ({one_of('role', BEFORE)}) OR part <> ''")
    with op.batch_alter_table("assets") as batch:
        batch.drop_constraint(op.f("uq_assets_recording_id_role_language_part"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_assets_recording_id_role_language"), ["recording_id", "role", "language"]
        )
        batch.drop_constraint(op.f("ck_assets_asset_state"), type_="check")
        batch.drop_constraint(op.f("ck_assets_asset_role"), type_="check")
        batch.create_check_constraint(op.f("ck_assets_asset_role"), one_of("role", BEFORE))
        for column in ("part", "version", "state", "checked_at"):
            batch.drop_column(column)
