"""Hands, pulse, announcements, captions, notes and the projector of a room.

Revision ID: room_life
Revises: polls
Create Date: 2026-11-27 03:06:23.259513

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'room_life'
down_revision = 'polls'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('announcements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pid', sa.Uuid(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('on_screen', sa.Boolean(), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_announcements_author_id')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_announcements_room_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcements')),
    sa.UniqueConstraint('pid', name=op.f('uq_announcements_pid'))
    )
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_announcements_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_announcements_room_id'), ['room_id'], unique=False)

    op.create_table('caption_keys',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pid', sa.Uuid(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('maker_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('made_at < expires_at', name=op.f('ck_caption_keys_dates')),
    sa.ForeignKeyConstraint(['maker_id'], ['users.id'], name=op.f('fk_caption_keys_maker_id')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_caption_keys_room_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_caption_keys')),
    sa.UniqueConstraint('pid', name=op.f('uq_caption_keys_pid'))
    )
    with op.batch_alter_table('caption_keys', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_caption_keys_maker_id'), ['maker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_caption_keys_room_id'), ['room_id'], unique=False)

    op.create_table('captions',
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('cid', sa.String(length=40), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_captions_author_id')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_captions_room_id')),
    sa.PrimaryKeyConstraint('room_id', 'no', name=op.f('pk_captions')),
    sa.UniqueConstraint('room_id', 'cid', name=op.f('uq_captions_room_id_cid'))
    )
    with op.batch_alter_table('captions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_captions_author_id'), ['author_id'], unique=False)

    op.create_table('hands',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('up', 'called', 'down', name='hand_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('named', sa.Boolean(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_hands_room_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_hands_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hands')),
    sa.UniqueConstraint('room_id', 'no', name=op.f('uq_hands_room_id_no'))
    )
    with op.batch_alter_table('hands', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hands_room_id'), ['room_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hands_user_id'), ['user_id'], unique=False)
        batch_op.create_index('uq_hands_floor', ['room_id'], unique=True, sqlite_where=sa.text("state = 'called'"), postgresql_where=sa.text("state = 'called'"))
        batch_op.create_index('uq_hands_up', ['room_id', 'user_id'], unique=True, sqlite_where=sa.text("state <> 'down'"), postgresql_where=sa.text("state <> 'down'"))

    op.create_table('notes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pid', sa.Uuid(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_notes_author_id')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_notes_room_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notes')),
    sa.UniqueConstraint('pid', name=op.f('uq_notes_pid'))
    )
    with op.batch_alter_table('notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notes_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notes_room_id'), ['room_id'], unique=False)

    op.create_table('pulses',
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Enum('lost', 'fast', 'clear', name='pulse_level', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_pulses_room_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_pulses_user_id')),
    sa.PrimaryKeyConstraint('room_id', 'user_id', name=op.f('pk_pulses'))
    )
    with op.batch_alter_table('pulses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pulses_user_id'), ['user_id'], unique=False)

    op.create_table('room_screens',
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('blank', sa.Boolean(), nullable=False),
    sa.Column('captions', sa.Boolean(), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('spot_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_room_screens_room_id')),
    sa.PrimaryKeyConstraint('room_id', name=op.f('pk_room_screens'))
    )
    op.create_table('understood_checks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'revealed', 'closed', name='check_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('rev > 0', name=op.f('ck_understood_checks_rev')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_understood_checks_room_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_understood_checks')),
    sa.UniqueConstraint('room_id', 'no', name=op.f('uq_understood_checks_room_id_no'))
    )
    op.create_table('note_reads',
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['note_id'], ['notes.id'], name=op.f('fk_note_reads_note_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_note_reads_user_id')),
    sa.PrimaryKeyConstraint('note_id', 'user_id', name=op.f('pk_note_reads'))
    )
    with op.batch_alter_table('note_reads', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_note_reads_user_id'), ['user_id'], unique=False)



def downgrade():
    with op.batch_alter_table('note_reads', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_note_reads_user_id'))

    op.drop_table('note_reads')
    op.drop_table('understood_checks')
    op.drop_table('room_screens')
    with op.batch_alter_table('pulses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pulses_user_id'))

    op.drop_table('pulses')
    with op.batch_alter_table('notes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notes_room_id'))
        batch_op.drop_index(batch_op.f('ix_notes_author_id'))

    op.drop_table('notes')
    with op.batch_alter_table('hands', schema=None) as batch_op:
        batch_op.drop_index('uq_hands_up', sqlite_where=sa.text("state <> 'down'"), postgresql_where=sa.text("state <> 'down'"))
        batch_op.drop_index('uq_hands_floor', sqlite_where=sa.text("state = 'called'"), postgresql_where=sa.text("state = 'called'"))
        batch_op.drop_index(batch_op.f('ix_hands_user_id'))
        batch_op.drop_index(batch_op.f('ix_hands_room_id'))

    op.drop_table('hands')
    with op.batch_alter_table('captions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_captions_author_id'))

    op.drop_table('captions')
    with op.batch_alter_table('caption_keys', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_caption_keys_room_id'))
        batch_op.drop_index(batch_op.f('ix_caption_keys_maker_id'))

    op.drop_table('caption_keys')
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_announcements_room_id'))
        batch_op.drop_index(batch_op.f('ix_announcements_author_id'))

    op.drop_table('announcements')
