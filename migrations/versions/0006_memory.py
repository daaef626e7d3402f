"""What rooms remember: words of questions, old answers that were good enough, the FAQ of modules.

Revision ID: memory
Revises: room_chain
"""
from alembic import op
import sqlalchemy as sa


revision = 'memory'
down_revision = 'room_chain'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('faq_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pid', sa.Uuid(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=True),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('origin_el', sa.String(length=200), nullable=False),
    sa.Column('origin_en', sa.String(length=200), nullable=False),
    sa.Column('answered_by', sa.String(length=200), nullable=False),
    sa.Column('asked_by', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('rev > 0', name=op.f('ck_faq_entries_rev')),
    sa.ForeignKeyConstraint(['module_id'], ['modules.id'], name=op.f('fk_faq_entries_module_id')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_faq_entries_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_faq_entries')),
    sa.UniqueConstraint('pid', name=op.f('uq_faq_entries_pid')),
    sa.UniqueConstraint('question_id', name=op.f('uq_faq_entries_question_id'))
    )
    with op.batch_alter_table('faq_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_faq_entries_module_id'), ['module_id'], unique=False)

    op.create_table('question_endorsements',
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_endorsements_question_id')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_question_endorsements_room_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_question_endorsements_user_id')),
    sa.PrimaryKeyConstraint('question_id', 'user_id', name=op.f('pk_question_endorsements'))
    )
    with op.batch_alter_table('question_endorsements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_endorsements_room_id'), ['room_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_endorsements_user_id'), ['user_id'], unique=False)

    op.create_table('question_terms',
    sa.Column('term', sa.String(length=40), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_terms_question_id')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_question_terms_room_id')),
    sa.PrimaryKeyConstraint('term', 'question_id', name=op.f('pk_question_terms'))
    )
    with op.batch_alter_table('question_terms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_terms_question_id'), ['question_id'], unique=False)

    op.create_table('faq_endorsements',
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['faq_entries.id'], name=op.f('fk_faq_endorsements_entry_id')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_faq_endorsements_room_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_faq_endorsements_user_id')),
    sa.PrimaryKeyConstraint('entry_id', 'user_id', name=op.f('pk_faq_endorsements'))
    )
    with op.batch_alter_table('faq_endorsements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_faq_endorsements_room_id'), ['room_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_faq_endorsements_user_id'), ['user_id'], unique=False)

    op.create_table('faq_opinions',
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('holds', sa.Boolean(), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['faq_entries.id'], name=op.f('fk_faq_opinions_entry_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_faq_opinions_user_id')),
    sa.PrimaryKeyConstraint('entry_id', 'user_id', name=op.f('pk_faq_opinions'))
    )
    with op.batch_alter_table('faq_opinions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_faq_opinions_user_id'), ['user_id'], unique=False)

    op.create_table('faq_revisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('current', 'review', 'retired', name='faq_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('legal_basis', sa.String(length=200), nullable=False),
    sa.Column('valid_as_of', sa.Date(), nullable=False),
    sa.Column('review_by', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('editor_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_faq_revisions_number')),
    sa.CheckConstraint('review_by IS NULL OR review_by > valid_as_of', name=op.f('ck_faq_revisions_dates')),
    sa.ForeignKeyConstraint(['editor_id'], ['users.id'], name=op.f('fk_faq_revisions_editor_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['faq_entries.id'], name=op.f('fk_faq_revisions_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_faq_revisions')),
    sa.UniqueConstraint('entry_id', 'number', name=op.f('uq_faq_revisions_entry_id_number'))
    )
    with op.batch_alter_table('faq_revisions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_faq_revisions_editor_id'), ['editor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_faq_revisions_review_by'), ['review_by'], unique=False)

    _index_what_was_asked()


def _index_what_was_asked():
    # Derived from the questions, by the same code that keeps it from now on; `flask forum index` makes it anew.
    from forum.models.memory import terms_of

    columns = [sa.column(name) for name in ('id', 'room_id', 'body')]
    terms = sa.table('question_terms', *[sa.column(name) for name in ('term', 'question_id', 'room_id')])
    connection = op.get_bind()
    for row in connection.execute(sa.select(*columns).select_from(sa.table('questions', *columns))).all():
        if rows := terms_of(*row):
            connection.execute(sa.insert(terms), rows)


def downgrade():
    with op.batch_alter_table('faq_revisions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_faq_revisions_review_by'))
        batch_op.drop_index(batch_op.f('ix_faq_revisions_editor_id'))

    op.drop_table('faq_revisions')
    with op.batch_alter_table('faq_opinions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_faq_opinions_user_id'))

    op.drop_table('faq_opinions')
    with op.batch_alter_table('faq_endorsements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_faq_endorsements_user_id'))
        batch_op.drop_index(batch_op.f('ix_faq_endorsements_room_id'))

    op.drop_table('faq_endorsements')
    with op.batch_alter_table('question_terms', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_terms_question_id'))

    op.drop_table('question_terms')
    with op.batch_alter_table('question_endorsements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_endorsements_user_id'))
        batch_op.drop_index(batch_op.f('ix_question_endorsements_room_id'))

    op.drop_table('question_endorsements')
    with op.batch_alter_table('faq_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_faq_entries_module_id'))

    op.drop_table('faq_entries')
