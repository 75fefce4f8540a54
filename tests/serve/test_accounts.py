from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from distride.serve.accounts import LONGEST_PASSWORD, AccountError, Accounts, TakenError
from distride.serve.schema import Account, Base, Credential

from .conftest import PASSWORD, QUICK

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def accounts() -> Iterator[Accounts]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield Accounts(session, QUICK)
    engine.dispose()


def with_password(accounts: Accounts, name: str, password: str = PASSWORD) -> Account:
    account = accounts.add(name)
    accounts.set_password(account, password)
    return account


def test_only_the_own_password_opens_an_account(accounts: Accounts) -> None:
    coach = with_password(accounts, "Kim")
    accounts.add("Lee")
    assert accounts.check("Kim", PASSWORD) is coach
    assert accounts.check("Kim", PASSWORD + ".") is None
    assert accounts.check("Lee", PASSWORD) is None
    assert accounts.check("nobody", PASSWORD) is None


def test_the_longest_password_is_not_opened_by_a_longer_one(accounts: Accounts) -> None:
    with_password(accounts, "Kim", "x" * LONGEST_PASSWORD)
    assert accounts.check("Kim", "x" * (LONGEST_PASSWORD + 1)) is None


def test_a_password_is_kept_as_argon2id(accounts: Accounts) -> None:
    assert str(with_password(accounts, "Kim").password).startswith("$argon2id$")


def test_a_credential_ends_when_it_expires(accounts: Accounts) -> None:
    coach = accounts.add("Kim")
    token, issued = accounts.issue(coach, "token", LATER)
    assert accounts.who(token, NOW) == (coach, issued)
    assert accounts.who(token, LATER) is None
    accounts.forget_expired(LATER)
    assert accounts.who(token, NOW) is None


def test_a_revoked_or_forged_credential_is_nobodys(accounts: Accounts) -> None:
    coach, other = accounts.add("Kim"), accounts.add("Lee")
    token, issued = accounts.issue(coach, "token", LATER)
    assert not accounts.revoke(other, issued.id)
    assert accounts.who(token[:-2], NOW) is None
    assert accounts.revoke(coach, issued.id)
    assert accounts.who(token, NOW) is None


def test_a_link_is_no_login(accounts: Accounts) -> None:
    link, _ = accounts.issue(accounts.add("Kim"), "link", LATER)
    assert accounts.who(link, NOW) is None
    assert accounts.who(link, NOW, ("link",)) is not None


def test_a_new_password_ends_logins_and_links_and_leaves_tokens(accounts: Accounts) -> None:
    coach = with_password(accounts, "Kim")
    login, _ = accounts.issue(coach, "login", LATER)
    link, _ = accounts.issue(coach, "link", LATER)
    token, _ = accounts.issue(coach, "token", LATER)
    others, _ = accounts.issue(accounts.add("Lee"), "link", LATER)
    accounts.set_password(coach, PASSWORD + "!")
    assert accounts.who(login, NOW) is None
    assert accounts.who(link, NOW, ("link",)) is None
    assert accounts.who(token, NOW) is not None
    assert accounts.who(others, NOW, ("link",)) is not None


def test_a_credential_itself_is_not_kept(accounts: Accounts) -> None:
    token, _ = accounts.issue(accounts.add("Kim"), "token", LATER)
    assert token not in accounts.session.scalars(select(Credential.sha256))


def test_each_account_sees_its_own_athletes_alone(accounts: Accounts) -> None:
    kim, lee = accounts.add("Kim"), accounts.add("Lee")
    anna, ben, cho = accounts.add("Anna", kim), accounts.add("Ben", kim), accounts.add("Cho", lee)
    assert accounts.seen_by(kim) == [anna, ben]
    assert accounts.seen_by(lee) == [cho]
    assert accounts.seen_by(anna) == [anna]


@pytest.mark.parametrize("name", ["", "x" * 65, "../etc", "a/b", " Kim", "Kim\n", "Kim\x00"])
def test_what_is_no_name_is_told(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError, match="is no name"):
        accounts.add(name)


def test_a_name_is_one_accounts(accounts: Accounts) -> None:
    accounts.add("李 娜")
    with pytest.raises(TakenError, match="is taken"):
        accounts.add("李 娜")


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_a_password_has_a_length(accounts: Accounts, password: str) -> None:
    with pytest.raises(AccountError, match=f"{len(password)} characters"):
        accounts.set_password(accounts.add("Kim"), password)
