"""Accounts, their credentials, bundles and sessions, and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _accounts()
    _kept()


def _accounts() -> None:
    op.create_table(
        "account",
        _id(),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("role", sa.String(10), nullable=False),
        _of_account("coach_id", nullable=True),
        sa.Column("password", sa.String(200)),
        sa.Column("bundle_id", sa.String(16)),
    )
    op.create_table(
        "credential",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(16), nullable=False, unique=True),
        _of_account("account_id"),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("purpose", sa.String(100), nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
    )


def _kept() -> None:
    op.create_table(
        "bundle",
        _id(),
        _of_account("coach_id"),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("body_sha256", sa.String(64), nullable=False),
        sa.Column("macro_f1", sa.Float),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "session",
        _id(),
        _of_account("account_id"),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("duration_s", sa.Float, nullable=False),
        sa.Column("summary", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("account_id", "key"),
    )
    op.create_table(
        "audit",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor_id", sa.String(16), nullable=False, index=True),
        sa.Column("verb", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(16), nullable=False, index=True),
    )


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(16), primary_key=True)


def _of_account(name: str, nullable: bool = False) -> sa.Column[str]:
    owner = sa.ForeignKey("account.id", ondelete="CASCADE")
    return sa.Column(name, sa.String(16), owner, nullable=nullable, index=True)
