"""The frame of every page: its crisis line, and its errors as one sentence each."""

import logging
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import ui
from access.errors import PackError

PAGE = Path(__file__).parent / "apps" / "widgets_app.py"


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(str(PAGE), default_timeout=30).run()


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [one for one in page.button if one.label == label]
    return button.click().run()


def test_every_page_opens_with_its_title_and_the_crisis_line(page: AppTest) -> None:
    assert page.title[0].value == "Widgets"
    assert "call or text 988" in page.info[0].value
    assert "call 911" in page.info[0].value
    assert not page.error
    assert not page.exception


def test_an_access_error_is_shown_as_its_sentence(page: AppTest) -> None:
    after = press(page, "Unknown place")
    assert "is not a ZIP code we know" in after.error[0].value
    assert not after.exception


def test_any_other_error_is_one_sentence_and_the_log_says_where_but_not_what(
    page: AppTest, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="trd_access"):
        after = press(page, "Our fault")
    assert [one.value for one in after.error] == [ui.UNFORESEEN]
    assert "KeyError" in caplog.text
    assert "widgets_app.py" in caplog.text
    # The message, here a ZIP code, stays out; the line of code that raised is ours.
    assert "KeyError: " not in caplog.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Miles City, MT", "Miles City, MT"),
        ("![x](https://a.org/b.png)", r"\!\[x\]\(https\://a\.org/b\.png\)"),
        ("$x$ :red[y] <b>`z`</b> a*b_c", r"\$x\$ \:red\[y\] \<b\>\`z\`\</b\> a\*b\_c"),
    ],
)
def test_plain_text_has_no_markdown_left_to_act(text: str, shown: str) -> None:
    assert ui.escape_markdown(text) == shown


def test_a_pack_that_is_not_there_is_said_to_be_so() -> None:
    with pytest.raises(PackError, match="no pack named 'nowhere'"):
        ui.pack("nowhere")
