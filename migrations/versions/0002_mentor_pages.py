"""A mentor's page has links and a revision.

Revision ID: mentor_pages
Revises: 0001
Create Date: 2026-11-27 03:00:00

"""
from alembic import op
import sqlalchemy as sa


revision = 'mentor_pages'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    # The rows that are there need a value; new ones get theirs from the model.
    with op.batch_alter_table('mentors') as table:
        table.add_column(sa.Column('links', sa.JSON(), nullable=False, server_default='[]'))
        table.add_column(sa.Column('revision', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('mentors') as table:
        table.alter_column('links', existing_type=sa.JSON(), server_default=None)
        table.alter_column('revision', existing_type=sa.Integer(), server_default=None)


def downgrade():
    with op.batch_alter_table('mentors') as table:
        table.drop_column('revision')
        table.drop_column('links')
