"""What every refusal says: one kind, and one sentence."""

import errno
import os
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, OperationalError
from starlette.exceptions import HTTPException as StarletteException
from starlette.requests import HTTPConnection

from distride.errors import DistrideError
from distride.serve.accounts import TakenError
from distride.serve.observe import LOG
from distride.serve.said import Said, spoken

KINDS = {
    400: "malformed",
    401: "unknown_credential",
    403: "forbidden",
    404: "absent",
    405: "no_such_method",
    408: "too_slow",
    409: "conflict",
    413: "too_large",
    422: "not_allowed",
    429: "too_often",
    500: "fault",
    503: "unavailable",
    507: "disk_full",
}
HEADERS = {
    401: {"WWW-Authenticate": "Bearer"},
    429: {"Retry-After": "60"},
    503: {"Retry-After": "5"},
}
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
NO_SPACE_TOLD = os.strerror(errno.ENOSPC)  # by libraries that give no number
POSTGRES_FULL = "53100"  # its state for a disk that is full; its words depend on the language
WHY_ZH = {  # by pydantic's kinds; it speaks English alone
    "missing": "缺少此项",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
}
ELSE_ZH = "允许的内容见 /openapi.json"
FULL = Said(
    "The server's disk is full: nothing was stored; free it, and send this again.",
    "服务器磁盘已满：未保存任何内容；请清理后重新发送。",
)
SILENT = Said(
    "The server's database does not answer: nothing was stored; send this again.",
    "服务器的数据库没有响应：未保存任何内容；请重新发送。",
)
STORE_SILENT = Said(
    "The server's store of recordings does not answer: nothing was stored; send this again.",
    "服务器的记录存储没有响应：未保存任何内容；请重新发送。",
)
FAULT = Said(
    "The server failed at this: nothing is known to be stored; its log says why.",
    "服务器处理时出错：无法确认是否已保存；原因见服务器日志。",
)


class ProblemDetail(BaseModel):
    """The kind, for programs, and a sentence for people."""

    kind: str
    message: str


class Problem(BaseModel):
    """The body of every answer that is not 2xx."""

    error: ProblemDetail


class Refused(HTTPException):
    """A request that is answered with a status and one sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message, HEADERS.get(status))


ABSENT = Said(
    "There is none of that name, or it is not yours.", "没有这个名称的内容，或它不属于您。"
)
OTHER_METHODS = Said("This address takes other methods.", "此地址只接受其他方法。")


def problem(
    asked: HTTPConnection, status: int, message: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The answer, in the language that was asked for where it is known in it."""
    kind = KINDS.get(status, "refused")
    text, language = spoken(message, asked.headers.get("accept-language", ""))
    told = text.encode("utf-8", "replace").decode()  # half a character cannot be told
    headers = {**(headers or {}), "Content-Language": language}
    return JSONResponse({"error": {"kind": kind, "message": told}}, status, headers)


def add_problems(app: FastAPI) -> None:
    """Have every error answered alike."""
    app.add_exception_handler(StarletteException, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(DistrideError, _not_allowed)
    app.add_exception_handler(DBAPIError, _not_kept)
    app.add_exception_handler(OSError, _not_kept)
    app.add_exception_handler(Exception, _fault)


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StarletteException)
    message = error.detail
    if message == HTTPStatus(error.status_code).phrase:
        message = {404: ABSENT, 405: OTHER_METHODS}.get(error.status_code, f"{message}.")
    return problem(request, error.status_code, message, error.headers)


def _malformed(request: Request, error: Exception) -> JSONResponse:
    """The first fault, and where; what was sent is not told back."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if where.startswith("path."):
        return problem(request, 404, ABSENT)
    status, why = 400 if first["type"] == "json_invalid" else 422, first["msg"]
    why_zh = WHY_ZH.get(first["type"], ELSE_ZH).format(**first.get("ctx", {}))
    wrong = Said(f"'{where}' is not as it must be: {why}.", f"“{where}”不符合要求：{why_zh}。")
    return problem(request, status, wrong)


def refusal_of(error: Exception) -> Refused | None:
    """What whoever sends is told where storing failed; None: the fault is the server's own.

    Nothing was stored: the sender keeps what it has, and sends it again.
    """
    cause = error.__cause__ if isinstance(error, DistrideError) else error
    if getattr(cause, "errno", None) in NO_SPACE or NO_SPACE_TOLD in str(cause):
        return Refused(507, FULL)
    if not isinstance(error, DBAPIError):
        return None
    if "full" in str(error.orig) or getattr(error.orig, "sqlstate", "") == POSTGRES_FULL:
        return Refused(507, FULL)
    is_away = isinstance(error, OperationalError) or error.connection_invalidated
    return Refused(503, SILENT) if is_away else None


def _not_allowed(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error.__cause__, OSError) or refusal_of(error):
        return _not_kept(request, error)
    message = error.args[0] if error.args else str(error)
    return problem(request, 409 if isinstance(error, TakenError) else 422, message)


def _not_kept(request: Request, error: Exception) -> JSONResponse:
    refused = refusal_of(error)
    if refused:
        return _refused(request, refused)
    LOG.error("a request failed", exc_info=error)
    return _fault(request, error)


def _fault(request: Request, _: Exception) -> JSONResponse:
    return problem(request, 500, FAULT)
