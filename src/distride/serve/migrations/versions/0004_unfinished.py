"""Sessions whose phone went away before they were over."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """All that are kept so far were finished."""
    unfinished = sa.Column("is_unfinished", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("session", unfinished)
