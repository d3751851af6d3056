"""What tests photograph can be read: the machine draws Chinese letters, not the box that stands for a missing one."""

import pytest
from playwright.sync_api import Browser

PAGE = "<!doctype html><meta charset=utf-8><body style='font: 48px sans-serif'><span>{}</span>"


@pytest.mark.browser
def test_the_browser_draws_each_chinese_letter_differently(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 120, "height": 120})

    pictures = set()
    for letter in "问责会签案件":
        page.set_content(PAGE.format(letter))
        pictures.add(page.screenshot())
    page.close()

    assert len(pictures) == 6
