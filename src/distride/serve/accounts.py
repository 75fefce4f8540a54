"""Who somebody is: passwords by argon2id, and credentials that expire and can be revoked."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from distride.errors import DistrideError
from distride.serve.said import Said
from distride.serve.schema import Account, Credential, Kind, microseconds

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
NAME = re.compile(r"[^\W_][\w .-]{0,63}")


class AccountError(DistrideError):
    """An account cannot be made, or its password not be set, as asked."""


class TakenError(AccountError):
    """The name is another's."""


class Accounts:
    """The accounts of one database. The caller's transaction decides whether a change stays.

    Args:
        session: Of the database.
        hasher: Of passwords; argon2id with the library's defaults (RFC 9106, low memory).
    """

    def __init__(self, session: Session, hasher: PasswordHasher | None = None) -> None:
        self.session = session
        self.hasher = hasher or PasswordHasher()

    def add(self, name: str, coach: Account | None = None) -> Account:
        """A coach, or an athlete of `coach`; they set their password by a link.

        Raises:
            AccountError: The name is no name.
            TakenError: It is another's.
        """
        if not NAME.fullmatch(name):
            raise AccountError(
                Said(
                    f"'{name:.80}' is no name: give 1 to 64 letters, digits, spaces, '.', '_' or "
                    "'-', a letter or digit first.",
                    f"“{name:.80}”不能用作名称：请用 1 至 64 个字母、数字、空格、“.”、“_”或“-”，"
                    "并以字母或数字开头。",
                )
            )
        if self.named(name) is not None:
            en, zh = "The name '{}' is taken: choose another.", "名称“{}”已被使用：请另选一个。"
            raise TakenError(Said(en.format(name), zh.format(name)))
        account = Account(
            name=name,
            role="athlete" if coach else "coach",
            coach_id=coach.id if coach else None,
        )
        self.session.add(account)
        self.session.flush()
        return account

    def named(self, name: str) -> Account | None:
        """Whoever has a name."""
        return self.session.scalar(select(Account).where(Account.name == name))

    def set_password(self, account: Account, password: str) -> None:
        """Choose a password; all logins by the one before end, and all links to another one.

        Raises:
            AccountError: It is too short or too long.
        """
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise AccountError(
                Said(
                    f"The password has {len(password)} characters: give one of "
                    f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD}.",
                    f"密码有 {len(password)} 个字符：应为 {SHORTEST_PASSWORD} 至 "
                    f"{LONGEST_PASSWORD} 个。",
                )
            )
        account.password = self.hasher.hash(password)
        self.end(account, "login", "link")

    def check(self, name: str, password: str) -> Account | None:
        """The account, if the password is its own; an unknown name takes as long to refuse."""
        if len(password) > LONGEST_PASSWORD:
            return None
        account = self.named(name)
        known = account.password if account else None
        try:
            self.hasher.verify(known or _nobodys(self.hasher), password)
        except VerificationError:
            return None
        return account if known else None

    def issue(
        self,
        account: Account,
        kind: Kind,
        expires_at: datetime,
        purpose: str = "",
    ) -> tuple[str, Credential]:
        """A credential of 256 random bits, told this once."""
        secret = secrets.token_urlsafe(32)
        credential = Credential(
            sha256=_sha256(secret),
            account_id=account.id,
            kind=kind,
            purpose=purpose,
            expires_at=microseconds(expires_at),
        )
        self.session.add(credential)
        self.session.flush()
        return secret, credential

    def who(
        self, secret: str, moment: datetime, kinds: Sequence[Kind] = ("login", "token")
    ) -> tuple[Account, Credential] | None:
        """Whose credential it is; nobody's if unknown, expired or revoked."""
        known = select(Account, Credential).join(Credential, Credential.account_id == Account.id)
        row = self.session.execute(
            known.where(
                Credential.sha256 == _sha256(secret),
                Credential.kind.in_(kinds),
                Credential.expires_at > microseconds(moment),
            )
        ).first()
        return None if row is None else (row[0], row[1])

    def end(self, account: Account, *kinds: Kind) -> None:
        """From now on the account's credentials of some kinds are nobody's."""
        own = Credential.account_id == account.id
        self.session.execute(delete(Credential).where(own, Credential.kind.in_(kinds)))

    def revoke(self, account: Account, credential_id: str) -> bool:
        """From now on the credential is nobody's; False where the account has none such."""
        found = self.session.scalar(
            select(Credential).where(
                Credential.account_id == account.id, Credential.id == credential_id
            )
        )
        if found is not None:
            self.session.delete(found)
        return found is not None

    def forget_expired(self, moment: datetime) -> None:
        """Remove what lets nobody in any more."""
        self.session.execute(
            delete(Credential).where(Credential.expires_at <= microseconds(moment))
        )

    def seen_by(self, account: Account) -> list[Account]:
        """The athletes that an account may see: a coach's own, or an athlete themselves."""
        mine = or_(Account.coach_id == account.id, Account.id == account.id)
        athletes = select(Account).where(mine, Account.role == "athlete").order_by(Account.name)
        return list(self.session.scalars(athletes))


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_urlsafe())


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
