"""In rooms that are in the archive already, who voted becomes how many did.

Revision ID: voters
Revises: breakouts
"""

from alembic import op

revision = "voters"
down_revision = "breakouts"
branch_labels = None
depends_on = None

ARCHIVED = "SELECT id FROM rooms WHERE archived_at IS NOT NULL"


def upgrade():
    questions = f"SELECT id FROM questions WHERE room_id IN ({ARCHIVED})"
    for table in ("question_votes", "question_reports"):
        op.execute(f"DELETE FROM {table} WHERE question_id IN ({questions})")
    for table in ("hands", "pulses", "room_bans"):
        op.execute(f"DELETE FROM {table} WHERE room_id IN ({ARCHIVED})")
    op.execute(
        "UPDATE poll_answers SET voter_hash = 'gone ' || CAST(id AS VARCHAR(20)), user_id = NULL "
        f"WHERE user_id IS NOT NULL AND poll_id IN (SELECT id FROM polls WHERE room_id IN ({ARCHIVED}))"
    )


def downgrade():
    """What was forgotten doesn't come back; the tables are as they were."""
