"""Sessions that are sent while they run."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "live_session",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("account_id", *_of("account"), nullable=False, index=True),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("begun", sa.Text, nullable=False),
        sa.UniqueConstraint("account_id", "key"),
    )
    op.create_table(
        "live_batch",
        sa.Column("session_id", *_of("live_session"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("duration_s", sa.Float, nullable=False),
        sa.Column("clock_s", sa.Float, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )


def _of(table: str) -> tuple[sa.String, sa.ForeignKey]:
    return sa.String(16), sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
