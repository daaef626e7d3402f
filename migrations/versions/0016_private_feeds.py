"""Private podcast feeds: one address for each person, known by the hash of its token.

Revision ID: private_feeds
Revises: upload_digests
"""

import sqlalchemy as sa
from alembic import op

revision = "private_feeds"
down_revision = "upload_digests"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "private_feeds",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_private_feeds_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_private_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_private_feeds_token_hash")),
    )


def downgrade():
    op.drop_table("private_feeds")
