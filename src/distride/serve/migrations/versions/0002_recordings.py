"""Recordings and jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "recording",
        sa.Column("id", sa.String(16), primary_key=True),
        _of_account("account_id"),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("duration_s", sa.Float, nullable=False),
        sa.Column("channels", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.String(16), primary_key=True),
        _of_account("coach_id"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("bundle_id", sa.String(16)),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )


def _of_account(name: str) -> sa.Column[str]:
    owner = sa.ForeignKey("account.id", ondelete="CASCADE")
    return sa.Column(name, sa.String(16), owner, nullable=False, index=True)
