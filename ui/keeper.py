"""Whether a visitor of this page is the keeper of the machine, who may change the data that everybody sees."""

import ipaddress
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from access.settings import settings

# What a proxy adds, and a browser does not: the server is reached from elsewhere, whatever its own address is.
_PASSED_ON: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def may_change_data() -> bool:
    """Whether this page may change the data of the server; a visitor from elsewhere may not alter what others see.

    `TRD_ACCESS_KEEPER` says so, either way. Where it does not: the server listens to this machine alone, and the
    visit came to it under the machine's own name, through no proxy that says that it is one.
    """
    said = settings().keeper
    if said is not None:
        return said
    return is_loopback(str(st.get_option("server.address") or "")) and _came_directly(st.context.headers)


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is the machine's own, which no other can reach."""
    bare = host.strip("[]").lower()
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return bare == "localhost"


def _came_directly(headers: Mapping[str, str]) -> bool:
    if any(name in headers for name in _PASSED_ON):
        return False
    # A proxy may rewrite the host; the page's origin is what stands in the visitor's own browser.
    said = (f"//{headers.get('host', 'localhost')}", headers.get("origin", "http://localhost"))
    return all(is_loopback(urlsplit(one).hostname or "") for one in said)
