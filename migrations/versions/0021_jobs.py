"""Why a job waits or was given up, how far it is, and its lane.

Revision ID: job_states
Revises: voters
"""

import sqlalchemy as sa
from alembic import op

revision = "job_states"
down_revision = "voters"
branch_labels = None
depends_on = None

BEFORE = ("queued", "running", "done", "failed")
NOW = ("queued", "running", "waiting", "done", "failed", "skipped")
LANES = ("fast", "slow")


def one_of(column, values):
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade():
    lane = sa.Enum(*LANES, name="job_lane", native_enum=False, create_constraint=False, length=40)
    with op.batch_alter_table("jobs") as batch:
        batch.add_column(sa.Column("lane", lane, nullable=False, server_default="fast"))
        batch.add_column(sa.Column("reason", sa.String(40), nullable=False, server_default=""))
        batch.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("alike", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("progress", sa.Double()))
        batch.drop_constraint(op.f("ck_jobs_job_state"), type_="check")
        batch.create_check_constraint(op.f("ck_jobs_job_state"), one_of("state", NOW))
        batch.create_check_constraint(op.f("ck_jobs_job_lane"), one_of("lane", LANES))
    # Until now every start was spent; a job that failed for good did so by its own error.
    op.execute("UPDATE jobs SET failures = attempts, alike = 1 WHERE error IS NOT NULL")
    op.execute("UPDATE jobs SET reason = 'exhausted' WHERE state = 'failed'")
    with op.batch_alter_table("jobs") as batch:
        for column, type_ in (
            ("lane", lane), ("reason", sa.String(40)), ("failures", sa.Integer()), ("alike", sa.Integer())
        ):
            batch.alter_column(column, existing_type=type_, server_default=None)


def downgrade():
    # What waits is asked again; what was skipped is done with.
    op.execute("UPDATE jobs SET state = 'queued' WHERE state = 'waiting'")
    op.execute("UPDATE jobs SET state = 'done' WHERE state = 'skipped'")
    with op.batch_alter_table("jobs") as batch:
        batch.drop_constraint(op.f("ck_jobs_job_lane"), type_="check")
        batch.drop_constraint(op.f("ck_jobs_job_state"), type_="check")
        batch.create_check_constraint(op.f("ck_jobs_job_state"), one_of("state", BEFORE))
        for column in ("lane", "reason", "failures", "alike", "progress"):
            batch.drop_column(column)
