"""Who was at which meeting, or made it up with its recording.

Revision ID: attendances
Revises: removed_parts
"""

import sqlalchemy as sa
from alembic import op

revision = "attendances"
down_revision = "removed_parts"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "attendances",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "how",
            sa.Enum("present", "made_up", name="attended", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_attendances_meeting_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_attendances_user_id")),
        sa.PrimaryKeyConstraint("meeting_id", "user_id", name=op.f("pk_attendances")),
    )
    op.create_index(op.f("ix_attendances_user_id"), "attendances", ["user_id"])


def downgrade():
    op.drop_table("attendances")
