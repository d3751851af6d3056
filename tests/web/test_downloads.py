"""Files that are sent carry their Chinese names in a way that the web server lets through."""

from urllib.parse import unquote

import pytest
from flask import Flask

from app.web.sending import as_download
from tests.web.test_reports import SignIn, lost  # noqa: F401  (a county with cases)

EXPORTS = ("/ledger.xlsx", "/ledger.csv", "/reports/assessment.xlsx", "/inbox/todo/list.xlsx")


@pytest.mark.parametrize("address", EXPORTS)
def test_the_name_of_an_export_is_written_in_signs_that_a_header_may_hold(
    lost: Flask,  # noqa: F811
    signed_in: SignIn,
    address: str,
) -> None:
    said = signed_in("north.officer").client.get(address).headers["Content-Disposition"]

    assert said.isascii()
    assert said.startswith("attachment; filename*=UTF-8''")
    assert unquote(said.partition("''")[2]).endswith(address.rpartition(".")[2])


def test_a_name_can_close_nothing_in_its_header() -> None:
    assert as_download('台账 "甲";\r\nX: y.csv') == (
        "attachment; filename*=UTF-8''%E5%8F%B0%E8%B4%A6%20%22%E7%94%B2%22%3B%0D%0AX%3A%20y.csv"
    )
