"""Who may change the data that everybody sees."""

import pytest
import streamlit as st

from ui.keeper import is_loopback, may_change_data


def visit(monkeypatch: pytest.MonkeyPatch, address: str | None, **headers: str) -> None:
    """The server listens at `address`, and a browser's request came with these headers."""

    class Context:
        def __init__(self) -> None:
            self.headers = {name.replace("_", "-"): text for name, text in headers.items()}

    monkeypatch.setattr(st, "get_option", {"server.address": address}.get)
    monkeypatch.setattr(st, "context", Context())


@pytest.mark.parametrize(
    ("address", "headers", "may"),
    [
        ("localhost", {"host": "localhost:8501", "origin": "http://localhost:8501"}, True),
        ("127.0.0.1", {"host": "127.0.0.1:8501"}, True),
        ("::1", {"host": "[::1]:8501", "origin": "http://[::1]:8501"}, True),
        ("127.0.0.1", {}, True),
        (None, {"host": "localhost:8501"}, False),
        ("", {}, False),
        ("0.0.0.0", {"host": "localhost:8501"}, False),
        ("192.168.1.7", {"host": "192.168.1.7:8501"}, False),
        ("localhost", {"host": "care.example.org", "origin": "https://care.example.org"}, False),
        ("localhost", {"host": "localhost:8501", "origin": "https://care.example.org"}, False),
        ("localhost", {"host": "localhost:8501", "x_forwarded_for": "203.0.113.9"}, False),
        ("localhost", {"host": "localhost:8501", "origin": "null"}, False),
    ],
)
def test_only_who_sits_at_the_machine_itself_may_change_data(
    monkeypatch: pytest.MonkeyPatch, address: str | None, headers: dict[str, str], may: bool
) -> None:
    visit(monkeypatch, address, **headers)
    assert may_change_data() is may


@pytest.mark.parametrize(("said", "may"), [("1", True), ("yes", True), ("0", False), ("no", False), ("perhaps", False)])
def test_the_setting_says_so_either_way_and_a_slip_opens_nothing(
    monkeypatch: pytest.MonkeyPatch, said: str, may: bool
) -> None:
    monkeypatch.setenv("TRD_ACCESS_KEEPER", said)
    visit(monkeypatch, None if may else "localhost")
    assert may_change_data() is may


@pytest.mark.parametrize("host", ["localhost.example.org", "127.0.0.1.example.org", "0.0.0.0", "10.0.0.1", "", "::"])
def test_a_name_that_only_begins_like_the_machine_s_own_is_another(host: str) -> None:
    assert not is_loopback(host)
