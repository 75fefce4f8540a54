"""Lists a hundred at a time."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

AT_ONCE = 100
Cursor = Annotated[int, Query(ge=0, le=2**31, description="`next` of the list before.")]


Columns = tuple[Any, ...]


def cut(
    session: Session, query: Select[*Columns], after: int
) -> tuple[Sequence[Row[*Columns]], str | None]:
    """Some rows of a query, and where it goes on; None at its end."""
    rows = session.execute(query.offset(after).limit(AT_ONCE + 1)).all()
    return rows[:AT_ONCE], str(after + AT_ONCE) if len(rows) > AT_ONCE else None
