"""Polls: what is asked, what each person chose, hands counted in a hall.

Revision ID: polls
Revises: memory
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "polls"
down_revision = "memory"
branch_labels = None
depends_on = None

KINDS = ("single", "multiple", "yesno", "scale", "cloud", "text", "ranking", "number", "quiz", "peer", "budget")
STATES = ("draft", "open", "closed", "revealed")
ENUM = {"native_enum": False, "create_constraint": True, "length": 40}


def upgrade():
    _polls()
    op.create_table(
        "poll_options",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_options_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "position", name=op.f("pk_poll_options")),
    )
    _answers()
    op.create_table(
        "poll_hands",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("option", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("counted_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_poll_hands_count")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_hands_poll_id")),
        sa.ForeignKeyConstraint(["counted_by_id"], ["users.id"], name=op.f("fk_poll_hands_counted_by_id")),
        sa.PrimaryKeyConstraint("poll_id", "round", "option", name=op.f("pk_poll_hands")),
    )
    op.create_index("ix_poll_hands_counted_by_id", "poll_hands", ["counted_by_id"])


def _polls():
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="poll_kind", **ENUM), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="poll_state", **ENUM), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("number", sa.Double(), nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("check_no", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("revealed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("most >= 1", name=op.f("ck_polls_most")),
        sa.CheckConstraint("round IN (1, 2)", name=op.f("ck_polls_round")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["users.id"], name=op.f("fk_polls_changed_by_id")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_polls_question_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_polls_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sa.UniqueConstraint("pid", name=op.f("uq_polls_pid")),
    )
    op.create_index("ix_polls_changed_by_id", "polls", ["changed_by_id"])
    op.create_index("ix_polls_list", "polls", ["room_id", "position"])
    op.create_index("ix_polls_question_id", "polls", ["question_id"])
    shown = sa.text("shown")
    op.create_index("uq_polls_shown", "polls", ["room_id"], unique=True, sqlite_where=shown, postgresql_where=shown)


def _answers():
    op.create_table(
        "poll_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("voter_hash", sa.String(64), nullable=True),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("picked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (voter_hash IS NULL)", name=op.f("ck_poll_answers_voter")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_answers_poll_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_poll_answers_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_answers")),
        sa.UniqueConstraint("poll_id", "round", "user_id", name=op.f("uq_poll_answers_poll_id_round_user_id")),
        sa.UniqueConstraint("poll_id", "round", "voter_hash", name=op.f("uq_poll_answers_poll_id_round_voter_hash")),
    )
    op.create_index("ix_poll_answers_user_id", "poll_answers", ["user_id"])


def downgrade():
    op.drop_table("poll_hands")
    op.drop_table("poll_answers")
    op.drop_table("poll_options")
    op.drop_table("polls")
