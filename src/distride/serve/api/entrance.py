"""Coming in and going out."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from distride.serve.access import Asked, Asking, Id, cookie_name, set_cookie
from distride.serve.messages import (
    FirstLogIn,
    IssuedToken,
    LogIn,
    Me,
    NewToken,
    Page,
    Token,
    moment,
)
from distride.serve.problems import ABSENT, Refused
from distride.serve.said import Said
from distride.serve.schema import Account, Credential, now
from distride.serve.settings import PREFIX
from distride.serve.state import Server, record

WRONG = Said(
    "Name or password is wrong: try again, or ask for another link.",
    "用户名或密码不正确：请重试，或索取新链接。",
)
USED = Said(
    "This link was used already, is too old, or was replaced by another: ask for a new one.",
    "此链接已被使用、已过期或已被新链接取代：请索取新链接。",
)
router = APIRouter(tags=["entrance"], prefix=PREFIX)


@router.post("/login", status_code=204)
def log_in(request: Request, sent: LogIn, server: Asked) -> Response:
    """Log a page in by a name and a password; the answer sets its cookie."""
    _count_try(request, server, sent.name)
    with server.database.reading() as session:  # hashing takes long: no writer waits for it
        accounts = server.accounts(session)
        account = accounts.check(sent.name, sent.password)
        known = accounts.named(sent.name)
    if account is None:
        with server.database.writing() as session:
            record(session, "", "login_refused", known.id if known else "")
        raise Refused(401, WRONG)
    return _inside(request, server, account)


@router.post("/first-login", status_code=204)
def first_log_in(request: Request, sent: FirstLogIn, server: Asked) -> Response:
    """Choose a password by a link, which works once; the answer sets the page's cookie."""
    _count_try(request, server, sent.link)
    with server.database.writing() as session:
        accounts = server.accounts(session)
        known = accounts.who(sent.link, datetime.now(UTC), ("link",))
        if known is None:
            raise Refused(401, USED)
        account, _ = known
        accounts.set_password(account, sent.password)
        record(session, account.id, "password_set", account.id)
    return _inside(request, server, account)


@router.post("/logout", status_code=204)
def log_out(request: Request, who: Asking, server: Asked) -> Response:
    """Make the credential of this request worthless."""
    with server.database.writing() as session:
        server.accounts(session).revoke(who.account, who.credential.id)
        record(session, who.id, "logout", who.id)
    answer = Response(status_code=204)
    answer.delete_cookie(cookie_name(request, server))
    return answer


@router.get("/me")
def me(who: Asking) -> Me:
    """Who is logged in."""
    return Me(id=who.id, name=who.account.name, role=who.account.role)


@router.post("/tokens", status_code=201)
def issue_token(new: NewToken, who: Asking, server: Asked) -> IssuedToken:
    """A token for a program; it may do what its owner may, until it expires or is revoked."""
    expires_at = datetime.now(UTC) + timedelta(days=new.days)
    with server.database.writing() as session:
        accounts = server.accounts(session)
        token, issued = accounts.issue(who.account, "token", expires_at, new.purpose)
        record(session, who.id, "token_issued", issued.id)
    return IssuedToken(**_told(issued).model_dump(), token=token)


@router.get("/tokens")
def tokens(who: Asking, server: Asked) -> Page[Token]:
    """One's own tokens, without what lets anybody in."""
    own = (Credential.account_id == who.id) & (Credential.kind == "token")
    with server.database.reading() as session:
        good = session.scalars(select(Credential).where(own, Credential.expires_at > now()))
        return Page(items=[_told(one) for one in good])


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_token(token_id: Id, who: Asking, server: Asked) -> None:
    """Make a token worthless at once."""
    with server.database.writing() as session:
        if not server.accounts(session).revoke(who.account, token_id):
            raise Refused(404, ABSENT)
        record(session, who.id, "token_revoked", token_id)


def _told(credential: Credential) -> Token:
    return Token(
        id=credential.id,
        purpose=credential.purpose,
        expires_at=moment(credential.expires_at),
    )


def _inside(request: Request, server: Server, account: Account) -> Response:
    with server.database.writing() as session:
        accounts, begins = server.accounts(session), datetime.now(UTC)
        accounts.forget_expired(begins)
        secret, _ = accounts.issue(account, "login", begins + server.settings.login)
        record(session, account.id, "login", account.id)
    answer = Response(status_code=204)
    set_cookie(request, server, answer, secret)
    return answer


def _count_try(request: Request, server: Server, name: str) -> None:
    limits = server.settings.limits
    address = request.client.host if request.client else ""
    server.rates.count("tries_here", address, limits.tries_a_minute_here)
    server.rates.count("tries", name, limits.tries_a_minute)
