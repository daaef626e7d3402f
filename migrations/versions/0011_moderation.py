"""What moderators set, change, join and undo in a room.

Revision ID: moderation
Revises: closing
Create Date: 2026-11-27 03:20:00

"""
from alembic import op
import sqlalchemy as sa


revision = 'moderation'
down_revision = 'closing'
branch_labels = None
depends_on = None

STATES = ('pending', 'open', 'answering', 'answered', 'later', 'merged', 'dismissed', 'withdrawn')
# Of rooms: (column, type, value of the rows that are there)
SETTINGS = (
    ('question_cap', sa.Integer(), '3'),
    ('anonymous', sa.Boolean(), sa.true()),
    ('anonymous_delay', sa.Boolean(), sa.true()),
    ('reactions', sa.Boolean(), sa.true()),
    ('blocklist', sa.Boolean(), sa.true()),
    ('blocked_words', sa.JSON(), '[]'),
    ('allowed_words', sa.JSON(), '[]'),
    ('tags', sa.JSON(), '[]'),
)
OF_QUESTIONS = (
    ('locked', sa.Boolean(), sa.false()),
    ('tags', sa.JSON(), '[]'),
    ('downs', sa.Integer(), '0'),
)


def kind(name, *values):
    """An enumeration as the models write it; its CHECK is made beside it."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=False, length=40)


def one_of(column, *values):
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def add_filled(table, columns):
    """New columns without a default of their own, on rows that need a value."""
    with op.batch_alter_table(table) as batch:
        for name, type_, value in columns:
            batch.add_column(sa.Column(name, type_, nullable=False, server_default=value))
    with op.batch_alter_table(table) as batch:
        for name, type_, _value in columns:
            batch.alter_column(name, existing_type=type_, server_default=None)


def upgrade():
    add_filled('rooms', SETTINGS)
    with op.batch_alter_table('rooms') as batch:
        batch.create_check_constraint(op.f('ck_rooms_question_cap'), 'question_cap BETWEEN 1 AND 10')
        batch.drop_constraint(op.f('ck_rooms_moderation'), type_='check')
        batch.create_check_constraint(op.f('ck_rooms_moderation'), one_of('moderation', 'off', 'pre', 'post'))
    add_filled('questions', OF_QUESTIONS)
    with op.batch_alter_table('questions') as batch:
        batch.add_column(sa.Column('original', sa.Text()))
        batch.add_column(sa.Column('watch', kind('question_watch', 'words', 'delay', 'post')))
        batch.add_column(sa.Column('publish_at', sa.DateTime(timezone=True)))
        batch.add_column(sa.Column('merged_with_id', sa.Integer()))
        batch.add_column(sa.Column('merged_from', kind('question_merged_from', *STATES)))
        batch.create_check_constraint(op.f('ck_questions_downs'), 'downs >= 0')
        batch.create_check_constraint(op.f('ck_questions_question_watch'), one_of('watch', 'words', 'delay', 'post'))
        batch.create_check_constraint(op.f('ck_questions_question_merged_from'), one_of('merged_from', *STATES))
        batch.create_foreign_key(op.f('fk_questions_merged_with_id'), 'questions', ['merged_with_id'], ['id'])
        batch.create_index(op.f('ix_questions_merged_with_id'), ['merged_with_id'])
        batch.create_index(op.f('ix_questions_publish_at'), ['publish_at'])
    op.execute('UPDATE questions SET merged_with_id = merged_into_id')
    with op.batch_alter_table('question_votes') as batch:
        batch.drop_constraint(op.f('ck_question_votes_value'), type_='check')
        batch.create_check_constraint(op.f('ck_question_votes_value'), 'value IN (-1, 0, 1)')
    _tables()


def _tables():
    op.create_table(
        'question_reports',
        sa.Column('question_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_reports_question_id')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_question_reports_user_id')),
        sa.PrimaryKeyConstraint('question_id', 'user_id', name=op.f('pk_question_reports')),
    )
    op.create_index(op.f('ix_question_reports_user_id'), 'question_reports', ['user_id'])
    op.create_table(
        'room_bans',
        sa.Column('question_id', sa.Integer(), nullable=False),
        sa.Column('room_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer()),
        sa.Column('asker_hash', sa.String(64)),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('(user_id IS NULL) <> (asker_hash IS NULL)', name=op.f('ck_room_bans_asker')),
        sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_room_bans_question_id')),
        sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_room_bans_room_id')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_room_bans_user_id')),
        sa.PrimaryKeyConstraint('question_id', name=op.f('pk_room_bans')),
    )
    op.create_index(op.f('ix_room_bans_room_id'), 'room_bans', ['room_id'])
    op.create_index(op.f('ix_room_bans_user_id'), 'room_bans', ['user_id'])
    op.create_table(
        'moderation_acts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_id', sa.Integer(), nullable=False),
        sa.Column('who_id', sa.Integer(), nullable=False),
        sa.Column('op', sa.String(40), nullable=False),
        sa.Column('before', sa.JSON(), nullable=False),
        sa.Column('after', sa.JSON(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('undone_at', sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_moderation_acts_room_id')),
        sa.ForeignKeyConstraint(['who_id'], ['users.id'], name=op.f('fk_moderation_acts_who_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_acts')),
    )
    op.create_index('ix_moderation_acts_room', 'moderation_acts', ['room_id', 'id'])
    op.create_index(op.f('ix_moderation_acts_who_id'), 'moderation_acts', ['who_id'])


def downgrade():
    for table in ('moderation_acts', 'room_bans', 'question_reports'):
        op.drop_table(table)
    # What the schema before can't say becomes the nearest thing that it can.
    op.execute('UPDATE question_votes SET value = 0 WHERE value < 0')
    op.execute("UPDATE rooms SET moderation = 'off' WHERE moderation = 'post'")
    with op.batch_alter_table('question_votes') as batch:
        batch.drop_constraint(op.f('ck_question_votes_value'), type_='check')
        batch.create_check_constraint(op.f('ck_question_votes_value'), 'value IN (0, 1)')
    with op.batch_alter_table('questions') as batch:
        batch.drop_index(op.f('ix_questions_publish_at'))
        batch.drop_index(op.f('ix_questions_merged_with_id'))
        batch.drop_constraint(op.f('fk_questions_merged_with_id'), type_='foreignkey')
        for name in ('downs', 'question_watch', 'question_merged_from'):
            batch.drop_constraint(op.f(f'ck_questions_{name}'), type_='check')
        for name in ('original', 'watch', 'publish_at', 'merged_with_id', 'merged_from', 'locked', 'tags', 'downs'):
            batch.drop_column(name)
    with op.batch_alter_table('rooms') as batch:
        batch.drop_constraint(op.f('ck_rooms_question_cap'), type_='check')
        batch.drop_constraint(op.f('ck_rooms_moderation'), type_='check')
        batch.create_check_constraint(op.f('ck_rooms_moderation'), one_of('moderation', 'off', 'pre'))
        for name, _type, _value in SETTINGS:
            batch.drop_column(name)
