"""Work in groups: a time of it, its groups, who sits where.

Revision ID: breakouts
Revises: pictures
"""

import sqlalchemy as sa
from alembic import op

revision = "breakouts"
down_revision = "pictures"
branch_labels = None
depends_on = None


def upgrade():
    deal = sa.Enum("random", "place", name="deal", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "breakouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("deal", deal, nullable=False),
        sa.Column("task", sa.String(300), nullable=False),
        sa.Column("called", sa.String(40), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("rev > 0", name=op.f("ck_breakouts_rev")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_breakouts_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakouts")),
        sa.UniqueConstraint("room_id", "no", name=op.f("uq_breakouts_room_id_no")),
    )
    op.create_table(
        "breakout_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("breakout_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("question_id", sa.Integer()),
        sa.CheckConstraint("no > 0", name=op.f("ck_breakout_groups_no")),
        sa.ForeignKeyConstraint(["breakout_id"], ["breakouts.id"], name=op.f("fk_breakout_groups_breakout_id")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_breakout_groups_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakout_groups")),
        sa.UniqueConstraint("breakout_id", "no", name=op.f("uq_breakout_groups_breakout_id_no")),
    )
    op.create_index(op.f("ix_breakout_groups_question_id"), "breakout_groups", ["question_id"])
    op.create_table(
        "breakout_seats",
        sa.Column("breakout_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["breakout_id"], ["breakouts.id"], name=op.f("fk_breakout_seats_breakout_id")),
        sa.ForeignKeyConstraint(["group_id"], ["breakout_groups.id"], name=op.f("fk_breakout_seats_group_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_breakout_seats_user_id")),
        sa.PrimaryKeyConstraint("breakout_id", "user_id", name=op.f("pk_breakout_seats")),
    )
    op.create_index(op.f("ix_breakout_seats_user_id"), "breakout_seats", ["user_id"])
    op.create_index(op.f("ix_breakout_seats_group_id"), "breakout_seats", ["group_id"])


def downgrade():
    op.drop_table("breakout_seats")
    op.drop_table("breakout_groups")
    op.drop_table("breakouts")
