"""What outlives a meeting: mentors' tasks, promises, the receipt and the archiving of a room.

Revision ID: closing
Revises: moments
"""

import sqlalchemy as sa
from alembic import op

revision = "closing"
down_revision = "moments"
branch_labels = None
depends_on = None

STATE = sa.Enum("open", "done", "cannot", name="task_state", native_enum=False, create_constraint=True, length=40)
TIME = sa.DateTime(timezone=True)


def _person(table, column):
    return sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_{table}_{column}"))


def _indexes(table, *columns):
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.create_index(batch.f(f"ix_{table}_{column}"), [column])


def upgrade():
    op.create_table(
        "question_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("given_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_question_tasks_ended")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_question_tasks_question_id")),
        _person("question_tasks", "mentor_id"),
        _person("question_tasks", "given_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_tasks")),
        sa.UniqueConstraint("question_id", name=op.f("uq_question_tasks_question_id")),
    )
    _indexes("question_tasks", "mentor_id", "given_by_id", "due_at")
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_promises_room_id")),
        _person("promises", "owner_id"),
        _person("promises", "made_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
        sa.UniqueConstraint("pid", name=op.f("uq_promises_pid")),
    )
    _indexes("promises", "room_id", "owner_id", "made_by_id")
    op.add_column("rooms", sa.Column("archived_at", TIME, nullable=True))
    op.add_column("rooms", sa.Column("receipt", sa.JSON(none_as_null=True), nullable=True))


def downgrade():
    op.drop_column("rooms", "receipt")
    op.drop_column("rooms", "archived_at")
    op.drop_table("promises")
    op.drop_table("question_tasks")
