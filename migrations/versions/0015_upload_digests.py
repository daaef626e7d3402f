"""What the sender's browser found as the SHA-256 of its file.

Revision ID: upload_digests
Revises: made_files
"""

import sqlalchemy as sa
from alembic import op

revision = "upload_digests"
down_revision = "made_files"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("uploads") as batch:
        batch.add_column(sa.Column("sha256", sa.String(64), nullable=False, server_default=""))
    with op.batch_alter_table("uploads") as batch:
        batch.alter_column("sha256", existing_type=sa.String(64), server_default=None)


def downgrade():
    with op.batch_alter_table("uploads") as batch:
        batch.drop_column("sha256")
