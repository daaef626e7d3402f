"""Answers: a public id, what they rest on, whether they want checking, which one is accepted.

Revision ID: answers
Revises: places
"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "answers"
down_revision = "places"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("answers") as table:
        table.add_column(sa.Column("pid", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("sources", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("unsure", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("accepted", sa.Boolean(), nullable=False, server_default=sa.false()))
    answers = sa.table("answers", sa.column("id", sa.Integer), sa.column("pid", sa.Uuid))
    connection = op.get_bind()
    for (number,) in connection.execute(sa.select(answers.c.id)).all():
        connection.execute(sa.update(answers).where(answers.c.id == number).values(pid=uuid.uuid4()))
    with op.batch_alter_table("answers") as table:
        table.alter_column("pid", existing_type=sa.Uuid(), nullable=False)
        table.create_unique_constraint(op.f("uq_answers_pid"), ["pid"])
    accepted = sa.text("accepted")
    op.create_index(
        "uq_answers_accepted", "answers", ["question_id"], unique=True, sqlite_where=accepted, postgresql_where=accepted
    )


def downgrade():
    op.drop_index("uq_answers_accepted", "answers")
    with op.batch_alter_table("answers") as table:
        table.drop_constraint(op.f("uq_answers_pid"), type_="unique")
        for column in ("accepted", "unsure", "sources", "pid"):
            table.drop_column(column)
