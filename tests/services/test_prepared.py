"""Statements that are run as text: the same values in and out as through the mapped classes."""

import pytest
from sqlalchemy import bindparam, select

from app.extensions import db
from app.storage import history
from app.storage.models import HistoryEntry, Proceeding, Task
from app.storage.prepared import Prepared
from tests.services.conftest import Office


@pytest.mark.parametrize("table", [Proceeding, Task, HistoryEntry])
def test_a_prepared_statement_reads_what_the_mapped_classes_read(office: Office, table: type) -> None:
    case = office.open_case(waits="no")
    rows = table.__table__  # type: ignore[attr-defined]
    key = rows.c.id if table is Proceeding else rows.c.proceeding_id
    query = select(rows).where(key == bindparam("case")).order_by(rows.c.id)

    read = Prepared(lambda _dialect: query).rows({"case": case})

    assert read == [tuple(row) for row in db.session.execute(query, {"case": case})]
    assert read


def test_a_line_without_one_of_its_values_is_not_written(office: Office) -> None:
    case = office.open_case(waits="no")

    with pytest.raises(KeyError, match="position"):
        history.keep([{"proceeding_id": case}])
