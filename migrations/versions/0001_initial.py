"""The first schema.

Revision ID: 0001
Revises: 
Create Date: 2026-11-21 22:59:36.126279

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


# References both ways between two tables: PostgreSQL gets the second one afterwards, SQLite has it inline.
CIRCULAR = (
    ("fk_courses_current_id", "courses", "course_versions", "current_id"),
    ("fk_modules_current_id", "modules", "module_versions", "current_id"),
    ("fk_rooms_spotlight_id", "rooms", "questions", "spotlight_id"),
)


def upgrade():
    op.create_table('courses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('format', sa.Enum('weekend', 'evening', 'staff', name='course_format', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('current_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['current_id'], ['course_versions.id'], name='fk_courses_current_id', use_alter=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_courses')),
    sa.UniqueConstraint('slug', name=op.f('uq_courses_slug'))
    )
    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('queued', 'running', 'done', 'failed', name='job_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('run_after', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name=op.f('ck_jobs_leased')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sa.UniqueConstraint('kind', 'key', name=op.f('uq_jobs_kind_key'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index('ix_jobs_due', ['state', 'run_after'], unique=False)

    op.create_table('organisations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.Enum('programme', 'municipality', 'region', 'partnership', 'cooperative', 'other', name='organisation_kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('name_el', sa.String(length=200), nullable=False),
    sa.Column('name_en', sa.String(length=200), nullable=False),
    sa.Column('region_el', sa.String(length=200), nullable=False),
    sa.Column('region_en', sa.String(length=200), nullable=False),
    sa.Column('about_el', sa.Text(), nullable=False),
    sa.Column('about_en', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisations')),
    sa.UniqueConstraint('slug', name=op.f('uq_organisations_slug'))
    )
    op.create_table('revisions',
    sa.Column('area', sa.String(length=40), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('area', name=op.f('pk_revisions'))
    )
    op.create_table('roles',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('description', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roles')),
    sa.UniqueConstraint('name', name=op.f('uq_roles_name'))
    )
    op.create_table('themes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title_el', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('about_el', sa.Text(), nullable=False),
    sa.Column('about_en', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_themes')),
    sa.UniqueConstraint('number', name=op.f('uq_themes_number')),
    sa.UniqueConstraint('slug', name=op.f('uq_themes_slug'))
    )
    op.create_table('users',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pid', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('given_name', sa.String(length=100), nullable=False),
    sa.Column('family_name', sa.String(length=100), nullable=False),
    sa.Column('latin_name', sa.String(length=200), nullable=True),
    sa.Column('locale', sa.String(length=5), nullable=False),
    sa.Column('tf_primary_method', sa.String(length=64), nullable=True),
    sa.Column('tf_totp_secret', sa.Text(), nullable=True),
    sa.Column('tf_last_counter', sa.Integer(), nullable=True),
    sa.Column('tf_phone_number', sa.String(length=128), nullable=True),
    sa.Column('mf_recovery_codes', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('email', name=op.f('uq_users_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_users_fs_uniquifier')),
    sa.UniqueConstraint('pid', name=op.f('uq_users_pid'))
    )
    op.create_table('course_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'published', 'retired', name='course_version_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title_el', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('summary_el', sa.Text(), nullable=False),
    sa.Column('summary_en', sa.Text(), nullable=False),
    sa.Column('description_el', sa.Text(), nullable=False),
    sa.Column('description_en', sa.Text(), nullable=False),
    sa.Column('for_whom_el', sa.String(length=300), nullable=False),
    sa.Column('for_whom_en', sa.String(length=300), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('editor_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('sort_el', sa.String(length=200), nullable=False),
    sa.Column('sort_en', sa.String(length=200), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name=op.f('ck_course_versions_published_at')),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_course_versions_author_id')),
    sa.ForeignKeyConstraint(['course_id'], ['courses.id'], name=op.f('fk_course_versions_course_id')),
    sa.ForeignKeyConstraint(['editor_id'], ['users.id'], name=op.f('fk_course_versions_editor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_versions')),
    sa.UniqueConstraint('course_id', 'number', name=op.f('uq_course_versions_course_id_number'))
    )
    with op.batch_alter_table('course_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_course_versions_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_course_versions_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_course_versions_editor_id'), ['editor_id'], unique=False)
        batch_op.create_index('uq_course_versions_draft', ['course_id'], unique=True, sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))

    op.create_table('memberships',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.Enum('coordinator', 'viewer', name='membership_part', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_memberships_organisation_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_memberships_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_memberships')),
    sa.UniqueConstraint('organisation_id', 'user_id', name=op.f('uq_memberships_organisation_id_user_id'))
    )
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_memberships_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_memberships_user_id'), ['user_id'], unique=False)

    op.create_table('mentors',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('headline_el', sa.String(length=200), nullable=False),
    sa.Column('headline_en', sa.String(length=200), nullable=False),
    sa.Column('bio_el', sa.Text(), nullable=False),
    sa.Column('bio_en', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_mentors_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentors')),
    sa.UniqueConstraint('slug', name=op.f('uq_mentors_slug')),
    sa.UniqueConstraint('user_id', name=op.f('uq_mentors_user_id'))
    )
    op.create_table('modules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.Column('current_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['current_id'], ['module_versions.id'], name='fk_modules_current_id', use_alter=True),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_modules_theme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_modules')),
    sa.UniqueConstraint('slug', name=op.f('uq_modules_slug'))
    )
    with op.batch_alter_table('modules', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_modules_theme_id'), ['theme_id'], unique=False)

    op.create_table('role_grants',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['roles.id'], name=op.f('fk_role_grants_role_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_role_grants_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'role_id', name=op.f('pk_role_grants'))
    )
    op.create_table('topics',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title_el', sa.String(length=300), nullable=False),
    sa.Column('title_en', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_topics_theme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topics')),
    sa.UniqueConstraint('code', name=op.f('uq_topics_code')),
    sa.UniqueConstraint('theme_id', 'position', name=op.f('uq_topics_theme_id_position'))
    )
    with op.batch_alter_table('topics', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_topics_theme_id'), ['theme_id'], unique=False)

    op.create_table('cohorts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('course_version_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'published', 'running', 'completed', 'archived', 'cancelled', name='cohort_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('title_el', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('summary_el', sa.Text(), nullable=False),
    sa.Column('summary_en', sa.Text(), nullable=False),
    sa.Column('place_el', sa.String(length=200), nullable=False),
    sa.Column('place_en', sa.String(length=200), nullable=False),
    sa.Column('enrol_policy', sa.Enum('open', 'invite', name='enrol_policy', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('enrol_closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cancel_reason', sa.Text(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state <> 'cancelled' OR cancel_reason <> ''", name=op.f('ck_cohorts_cancel_reason')),
    sa.CheckConstraint("state IN ('draft', 'cancelled') OR published_at IS NOT NULL", name=op.f('ck_cohorts_published_at')),
    sa.CheckConstraint('seats > 0', name=op.f('ck_cohorts_seats')),
    sa.CheckConstraint('starts_at < ends_at AND enrol_closes_at <= ends_at', name=op.f('ck_cohorts_dates')),
    sa.CheckConstraint('taken >= 0 AND taken <= seats', name=op.f('ck_cohorts_capacity')),
    sa.ForeignKeyConstraint(['course_version_id'], ['course_versions.id'], name=op.f('fk_cohorts_course_version_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_cohorts_created_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohorts')),
    sa.UniqueConstraint('slug', name=op.f('uq_cohorts_slug'))
    )
    with op.batch_alter_table('cohorts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cohorts_course_version_id'), ['course_version_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cohorts_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cohorts_starts_at'), ['starts_at'], unique=False)

    op.create_table('mentor_themes',
    sa.Column('mentor_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['mentor_id'], ['mentors.id'], name=op.f('fk_mentor_themes_mentor_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_mentor_themes_theme_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('mentor_id', 'theme_id', name=op.f('pk_mentor_themes'))
    )
    with op.batch_alter_table('mentor_themes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mentor_themes_theme_id'), ['theme_id'], unique=False)

    op.create_table('module_topics',
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['module_id'], ['modules.id'], name=op.f('fk_module_topics_module_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_module_topics_topic_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('module_id', 'topic_id', name=op.f('pk_module_topics'))
    )
    with op.batch_alter_table('module_topics', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_module_topics_topic_id'), ['topic_id'], unique=False)

    op.create_table('module_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'published', 'retired', name='module_version_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title_el', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('summary_el', sa.Text(), nullable=False),
    sa.Column('summary_en', sa.Text(), nullable=False),
    sa.Column('outcomes_el', sa.JSON(), nullable=False),
    sa.Column('outcomes_en', sa.JSON(), nullable=False),
    sa.Column('plan', sa.JSON(), nullable=False),
    sa.Column('opening_questions_el', sa.JSON(), nullable=False),
    sa.Column('opening_questions_en', sa.JSON(), nullable=False),
    sa.Column('reading_el', sa.Text(), nullable=False),
    sa.Column('reading_en', sa.Text(), nullable=False),
    sa.Column('self_check', sa.JSON(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('editor_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checksum', sa.String(length=64), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('sort_el', sa.String(length=200), nullable=False),
    sa.Column('sort_en', sa.String(length=200), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name=op.f('ck_module_versions_published_at')),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_module_versions_author_id')),
    sa.ForeignKeyConstraint(['editor_id'], ['users.id'], name=op.f('fk_module_versions_editor_id')),
    sa.ForeignKeyConstraint(['module_id'], ['modules.id'], name=op.f('fk_module_versions_module_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_module_versions')),
    sa.UniqueConstraint('module_id', 'number', name=op.f('uq_module_versions_module_id_number'))
    )
    with op.batch_alter_table('module_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_module_versions_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_module_versions_editor_id'), ['editor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_module_versions_module_id'), ['module_id'], unique=False)
        batch_op.create_index('uq_module_versions_draft', ['module_id'], unique=True, sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))

    op.create_table('modules_followed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('by', sa.Enum('live', 'recording', name='followed_by', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['module_id'], ['modules.id'], name=op.f('fk_modules_followed_module_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_modules_followed_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_modules_followed')),
    sa.UniqueConstraint('user_id', 'module_id', name=op.f('uq_modules_followed_user_id_module_id'))
    )
    with op.batch_alter_table('modules_followed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_modules_followed_module_id'), ['module_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_modules_followed_user_id'), ['user_id'], unique=False)

    op.create_table('cohort_partners',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.Enum('lead', 'co_organiser', 'supporter', name='partner_part', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_cohort_partners_cohort_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_cohort_partners_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort_partners')),
    sa.UniqueConstraint('cohort_id', 'organisation_id', name=op.f('uq_cohort_partners_cohort_id_organisation_id'))
    )
    with op.batch_alter_table('cohort_partners', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cohort_partners_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cohort_partners_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('uq_cohort_partners_lead', ['cohort_id'], unique=True, sqlite_where=sa.text("part = 'lead'"), postgresql_where=sa.text("part = 'lead'"))

    op.create_table('cohort_team',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.Enum('host', 'mentor', 'moderator', name='team_part', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_cohort_team_cohort_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_cohort_team_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort_team')),
    sa.UniqueConstraint('cohort_id', 'user_id', name=op.f('uq_cohort_team_cohort_id_user_id'))
    )
    with op.batch_alter_table('cohort_team', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cohort_team_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cohort_team_user_id'), ['user_id'], unique=False)

    op.create_table('course_parts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_version_id', sa.Integer(), nullable=False),
    sa.Column('module_version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['course_version_id'], ['course_versions.id'], name=op.f('fk_course_parts_course_version_id')),
    sa.ForeignKeyConstraint(['module_version_id'], ['module_versions.id'], name=op.f('fk_course_parts_module_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_parts')),
    sa.UniqueConstraint('course_version_id', 'module_version_id', name=op.f('uq_course_parts_course_version_id_module_version_id')),
    sa.UniqueConstraint('course_version_id', 'position', name=op.f('uq_course_parts_course_version_id_position'))
    )
    with op.batch_alter_table('course_parts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_course_parts_course_version_id'), ['course_version_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_course_parts_module_version_id'), ['module_version_id'], unique=False)

    op.create_table('enrolments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pid', sa.Uuid(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('enrolled', 'completed', 'withdrawn', 'removed', 'cancelled', name='enrolment_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('enrolled_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_enrolments_cohort_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_enrolments_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolments')),
    sa.UniqueConstraint('pid', name=op.f('uq_enrolments_pid'))
    )
    with op.batch_alter_table('enrolments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolments_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enrolments_user_id'), ['user_id'], unique=False)
        batch_op.create_index('uq_enrolments_live', ['cohort_id', 'user_id'], unique=True, sqlite_where=sa.text("state IN ('enrolled', 'completed')"), postgresql_where=sa.text("state IN ('enrolled', 'completed')"))

    op.create_table('meetings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pid', sa.Uuid(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module_version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('planned', 'live', 'ended', 'cancelled', name='meeting_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('conference_url', sa.String(length=500), nullable=False),
    sa.Column('mentor_id', sa.Integer(), nullable=True),
    sa.Column('ics_uid', sa.String(length=120), nullable=False),
    sa.Column('ics_sequence', sa.Integer(), nullable=False),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_meetings_dates')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_meetings_cohort_id')),
    sa.ForeignKeyConstraint(['mentor_id'], ['users.id'], name=op.f('fk_meetings_mentor_id')),
    sa.ForeignKeyConstraint(['module_version_id'], ['module_versions.id'], name=op.f('fk_meetings_module_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings')),
    sa.UniqueConstraint('cohort_id', 'position', name=op.f('uq_meetings_cohort_id_position')),
    sa.UniqueConstraint('ics_uid', name=op.f('uq_meetings_ics_uid')),
    sa.UniqueConstraint('pid', name=op.f('uq_meetings_pid'))
    )
    with op.batch_alter_table('meetings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meetings_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_mentor_id'), ['mentor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_module_version_id'), ['module_version_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_starts_at'), ['starts_at'], unique=False)

    op.create_table('enrolment_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('from_state', sa.String(length=40), nullable=True),
    sa.Column('to_state', sa.String(length=40), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_enrolment_events_actor_id')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_enrolment_events_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment_events'))
    )
    with op.batch_alter_table('enrolment_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolment_events_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enrolment_events_enrolment_id'), ['enrolment_id'], unique=False)

    op.create_table('recordings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pid', sa.Uuid(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('title_el', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('licence', sa.String(length=40), nullable=False),
    sa.Column('state', sa.Enum('draft', 'verifying', 'playable', 'rejected', name='recording_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('visibility', sa.Enum('private', 'cohort', 'public', name='recording_visibility', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('duration', sa.Double(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_recordings_created_by_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_recordings_meeting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recordings')),
    sa.UniqueConstraint('pid', name=op.f('uq_recordings_pid'))
    )
    with op.batch_alter_table('recordings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recordings_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recordings_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('rooms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('planned', 'open', 'closed', name='room_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('moderation', sa.Enum('off', 'pre', name='moderation', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('epoch', sa.String(length=8), nullable=False),
    sa.Column('pub_seq', sa.Integer(), nullable=False),
    sa.Column('mod_seq', sa.Integer(), nullable=False),
    sa.Column('last_no', sa.Integer(), nullable=False),
    sa.Column('spotlight_id', sa.Integer(), nullable=True),
    sa.Column('asker_key', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_rooms_meeting_id')),
    sa.ForeignKeyConstraint(['spotlight_id'], ['questions.id'], name='fk_rooms_spotlight_id', use_alter=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rooms')),
    sa.UniqueConstraint('code', name=op.f('uq_rooms_code')),
    sa.UniqueConstraint('meeting_id', name=op.f('uq_rooms_meeting_id'))
    )
    op.create_table('assets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recording_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('original', 'mp4', 'poster', 'captions', name='asset_role', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('key', sa.String(length=300), nullable=False),
    sa.Column('mimetype', sa.String(length=80), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['recording_id'], ['recordings.id'], name=op.f('fk_assets_recording_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assets')),
    sa.UniqueConstraint('key', name=op.f('uq_assets_key')),
    sa.UniqueConstraint('recording_id', 'role', 'language', name=op.f('uq_assets_recording_id_role_language'))
    )
    with op.batch_alter_table('assets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assets_recording_id'), ['recording_id'], unique=False)

    op.create_table('questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pid', sa.Uuid(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('visibility', sa.Enum('name', 'mods', 'none', name='question_visibility', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('asker_id', sa.Integer(), nullable=True),
    sa.Column('asker_hash', sa.String(length=64), nullable=True),
    sa.Column('state', sa.Enum('pending', 'open', 'answering', 'answered', 'later', 'merged', 'dismissed', 'withdrawn', name='question_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answering_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(visibility = 'none') = (asker_id IS NULL)", name=op.f('ck_questions_asker')),
    sa.CheckConstraint('score >= 0', name=op.f('ck_questions_score')),
    sa.ForeignKeyConstraint(['asker_id'], ['users.id'], name=op.f('fk_questions_asker_id')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['users.id'], name=op.f('fk_questions_changed_by_id')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['questions.id'], name=op.f('fk_questions_merged_into_id')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_questions_room_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questions')),
    sa.UniqueConstraint('pid', name=op.f('uq_questions_pid')),
    sa.UniqueConstraint('room_id', 'no', name=op.f('uq_questions_room_id_no'))
    )
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_questions_asker_hash'), ['asker_hash'], unique=False)
        batch_op.create_index(batch_op.f('ix_questions_asker_id'), ['asker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_questions_changed_by_id'), ['changed_by_id'], unique=False)
        batch_op.create_index('ix_questions_list', ['room_id', 'state', 'score'], unique=False)
        batch_op.create_index(batch_op.f('ix_questions_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_questions_room_id'), ['room_id'], unique=False)

    op.create_table('room_commands',
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('cid', sa.String(length=40), nullable=False),
    sa.Column('body_hash', sa.String(length=64), nullable=False),
    sa.Column('ack', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_room_commands_room_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_room_commands_user_id')),
    sa.PrimaryKeyConstraint('room_id', 'user_id', 'cid', name=op.f('pk_room_commands'))
    )
    op.create_table('room_events',
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('stream', sa.Enum('pub', 'mod', name='room_stream', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('type', sa.String(length=40), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_room_events_room_id')),
    sa.PrimaryKeyConstraint('room_id', 'stream', 'seq', name=op.f('pk_room_events'))
    )
    op.create_table('uploads',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('recording_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('length', sa.BigInteger(), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('fingerprint', sa.String(length=200), nullable=False),
    sa.Column('state', sa.Enum('open', 'received', 'finalised', 'expired', 'aborted', name='upload_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length > 0', name=op.f('ck_uploads_length')),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_uploads_owner_id')),
    sa.ForeignKeyConstraint(['recording_id'], ['recordings.id'], name=op.f('fk_uploads_recording_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_uploads'))
    )
    with op.batch_alter_table('uploads', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_uploads_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_uploads_recording_id'), ['recording_id'], unique=False)
        batch_op.create_index('uq_uploads_open', ['recording_id'], unique=True, sqlite_where=sa.text("state IN ('open', 'received')"), postgresql_where=sa.text("state IN ('open', 'received')"))

    op.create_table('watch_positions',
    sa.Column('recording_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('seen', sa.Text(), nullable=False),
    sa.Column('credit', sa.Double(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['recording_id'], ['recordings.id'], name=op.f('fk_watch_positions_recording_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_watch_positions_user_id')),
    sa.PrimaryKeyConstraint('recording_id', 'user_id', name=op.f('pk_watch_positions')),
    info={'area': 'watching'}
    )
    with op.batch_alter_table('watch_positions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_watch_positions_user_id'), ['user_id'], unique=False)

    op.create_table('answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_answers_author_id')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_answers_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answers'))
    )
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answers_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_answers_question_id'), ['question_id'], unique=False)

    op.create_table('question_votes',
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.CheckConstraint('value IN (0, 1)', name=op.f('ck_question_votes_value')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_votes_question_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_question_votes_user_id')),
    sa.PrimaryKeyConstraint('question_id', 'user_id', name=op.f('pk_question_votes'))
    )
    with op.batch_alter_table('question_votes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_votes_user_id'), ['user_id'], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        for name, table, other, column in CIRCULAR:
            op.create_foreign_key(name, table, other, [column], ["id"])


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        for name, table, _other, _column in CIRCULAR:
            op.drop_constraint(name, table, type_="foreignkey")
    with op.batch_alter_table('question_votes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_votes_user_id'))

    op.drop_table('question_votes')
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answers_question_id'))
        batch_op.drop_index(batch_op.f('ix_answers_author_id'))

    op.drop_table('answers')
    with op.batch_alter_table('watch_positions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_watch_positions_user_id'))

    op.drop_table('watch_positions')
    with op.batch_alter_table('uploads', schema=None) as batch_op:
        batch_op.drop_index('uq_uploads_open', sqlite_where=sa.text("state IN ('open', 'received')"), postgresql_where=sa.text("state IN ('open', 'received')"))
        batch_op.drop_index(batch_op.f('ix_uploads_recording_id'))
        batch_op.drop_index(batch_op.f('ix_uploads_owner_id'))

    op.drop_table('uploads')
    op.drop_table('room_events')
    op.drop_table('room_commands')
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_questions_room_id'))
        batch_op.drop_index(batch_op.f('ix_questions_merged_into_id'))
        batch_op.drop_index('ix_questions_list')
        batch_op.drop_index(batch_op.f('ix_questions_changed_by_id'))
        batch_op.drop_index(batch_op.f('ix_questions_asker_id'))
        batch_op.drop_index(batch_op.f('ix_questions_asker_hash'))

    op.drop_table('questions')
    with op.batch_alter_table('assets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assets_recording_id'))

    op.drop_table('assets')
    op.drop_table('rooms')
    with op.batch_alter_table('recordings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recordings_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_recordings_created_by_id'))

    op.drop_table('recordings')
    with op.batch_alter_table('enrolment_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enrolment_events_enrolment_id'))
        batch_op.drop_index(batch_op.f('ix_enrolment_events_actor_id'))

    op.drop_table('enrolment_events')
    with op.batch_alter_table('meetings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meetings_starts_at'))
        batch_op.drop_index(batch_op.f('ix_meetings_module_version_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_mentor_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_cohort_id'))

    op.drop_table('meetings')
    with op.batch_alter_table('enrolments', schema=None) as batch_op:
        batch_op.drop_index('uq_enrolments_live', sqlite_where=sa.text("state IN ('enrolled', 'completed')"), postgresql_where=sa.text("state IN ('enrolled', 'completed')"))
        batch_op.drop_index(batch_op.f('ix_enrolments_user_id'))
        batch_op.drop_index(batch_op.f('ix_enrolments_cohort_id'))

    op.drop_table('enrolments')
    with op.batch_alter_table('course_parts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_course_parts_module_version_id'))
        batch_op.drop_index(batch_op.f('ix_course_parts_course_version_id'))

    op.drop_table('course_parts')
    with op.batch_alter_table('cohort_team', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cohort_team_user_id'))
        batch_op.drop_index(batch_op.f('ix_cohort_team_cohort_id'))

    op.drop_table('cohort_team')
    with op.batch_alter_table('cohort_partners', schema=None) as batch_op:
        batch_op.drop_index('uq_cohort_partners_lead', sqlite_where=sa.text("part = 'lead'"), postgresql_where=sa.text("part = 'lead'"))
        batch_op.drop_index(batch_op.f('ix_cohort_partners_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_cohort_partners_cohort_id'))

    op.drop_table('cohort_partners')
    with op.batch_alter_table('modules_followed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_modules_followed_user_id'))
        batch_op.drop_index(batch_op.f('ix_modules_followed_module_id'))

    op.drop_table('modules_followed')
    with op.batch_alter_table('module_versions', schema=None) as batch_op:
        batch_op.drop_index('uq_module_versions_draft', sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.drop_index(batch_op.f('ix_module_versions_module_id'))
        batch_op.drop_index(batch_op.f('ix_module_versions_editor_id'))
        batch_op.drop_index(batch_op.f('ix_module_versions_author_id'))

    op.drop_table('module_versions')
    with op.batch_alter_table('module_topics', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_module_topics_topic_id'))

    op.drop_table('module_topics')
    with op.batch_alter_table('mentor_themes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mentor_themes_theme_id'))

    op.drop_table('mentor_themes')
    with op.batch_alter_table('cohorts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cohorts_starts_at'))
        batch_op.drop_index(batch_op.f('ix_cohorts_created_by_id'))
        batch_op.drop_index(batch_op.f('ix_cohorts_course_version_id'))

    op.drop_table('cohorts')
    with op.batch_alter_table('topics', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_topics_theme_id'))

    op.drop_table('topics')
    op.drop_table('role_grants')
    with op.batch_alter_table('modules', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_modules_theme_id'))

    op.drop_table('modules')
    op.drop_table('mentors')
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_memberships_user_id'))
        batch_op.drop_index(batch_op.f('ix_memberships_organisation_id'))

    op.drop_table('memberships')
    with op.batch_alter_table('course_versions', schema=None) as batch_op:
        batch_op.drop_index('uq_course_versions_draft', sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.drop_index(batch_op.f('ix_course_versions_editor_id'))
        batch_op.drop_index(batch_op.f('ix_course_versions_course_id'))
        batch_op.drop_index(batch_op.f('ix_course_versions_author_id'))

    op.drop_table('course_versions')
    op.drop_table('users')
    op.drop_table('themes')
    op.drop_table('roles')
    op.drop_table('revisions')
    op.drop_table('organisations')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index('ix_jobs_due')

    op.drop_table('jobs')
    op.drop_table('courses')
