"""Where people take part from: seats, questions, and the turns of a room.

Revision ID: places
Revises: mentor_pages
"""

import sqlalchemy as sa
from alembic import op

revision = "places"
down_revision = "mentor_pages"
branch_labels = None
depends_on = None

ORDERING = sa.Enum("voices", "fair", name="ordering", native_enum=False, create_constraint=True, length=40)


def upgrade():
    with op.batch_alter_table("enrolments") as table:
        table.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_enrolments_organisation_id", "organisations", ["organisation_id"], ["id"])
        table.create_index("ix_enrolments_organisation_id", ["organisation_id"])
    with op.batch_alter_table("rooms") as table:
        table.add_column(sa.Column("ordering", ORDERING, nullable=False, server_default="voices"))
        table.add_column(sa.Column("place_cap", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_rooms_place_cap"), "place_cap > 0")
    with op.batch_alter_table("questions") as table:
        table.add_column(sa.Column("place_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("first", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("hall", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("behalf", sa.String(60), nullable=False, server_default=""))
        table.create_foreign_key("fk_questions_place_id", "organisations", ["place_id"], ["id"])
        table.create_index("ix_questions_place_id", ["place_id"])
        table.create_check_constraint(
            op.f("ck_questions_unplaced"), "visibility <> 'none' OR (place_id IS NULL AND NOT first AND NOT hall)"
        )


def downgrade():
    with op.batch_alter_table("questions") as table:
        table.drop_constraint(op.f("ck_questions_unplaced"), type_="check")
        table.drop_index("ix_questions_place_id")
        table.drop_constraint("fk_questions_place_id", type_="foreignkey")
        for column in ("behalf", "hall", "first", "place_id"):
            table.drop_column(column)
    with op.batch_alter_table("rooms") as table:
        table.drop_constraint(op.f("ck_rooms_place_cap"), type_="check")
        table.drop_constraint(op.f("ck_rooms_ordering"), type_="check")
        table.drop_column("place_cap")
        table.drop_column("ordering")
    with op.batch_alter_table("enrolments") as table:
        table.drop_index("ix_enrolments_organisation_id")
        table.drop_constraint("fk_enrolments_organisation_id", type_="foreignkey")
        table.drop_column("organisation_id")
