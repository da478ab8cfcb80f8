"""The server, started by `streamlit run serve.py`: the app, and headers that let a browser ask no other host."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware

_HOST = re.compile(r"[\w.\-\[\]:]+")
# st_folium runs the map's script from text, and Streamlit a component's from a blob. Street tiles come only when a
# user turns them on.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob: https://tile.openstreetmap.org; font-src 'self' data:; worker-src 'self' blob:; "
    "connect-src 'self'{sockets}; frame-src 'self'; frame-ancestors 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'"
)


class PrivateHeaders:
    """Says in every reply what the page may load, that links tell no one where they stood, and how long to keep it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request: passed on, and its reply given the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                _set_headers(MutableHeaders(scope=message), scope)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _set_headers(headers: MutableHeaders, scope: Any) -> None:
    host = Headers(scope=scope).get("host", "")
    # Some browsers do not count the websocket of the same host as 'self'.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    headers["Content-Security-Policy"] = _POLICY.format(sockets=sockets)
    headers["Referrer-Policy"] = "no-referrer"
    headers["X-Content-Type-Options"] = "nosniff"
    if "/app/static/" in scope["path"]:
        headers["Cache-Control"] = "public, max-age=600"


def _show_failure(failure: Exception) -> bool:
    # Not above: Streamlit serves a component only if a page's run imports it, and ui imports that of the map.
    import ui

    return ui.show_failure(failure)


@asynccontextmanager
async def _ready_early(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    # pandas and its kin take seconds to load: before anybody comes, and in one thread, since two can lock up.
    import access.maps.browser_map
    import access.questions.what_if  # noqa: F401

    yield {}


app = st.App("app.py", middleware=[Middleware(PrivateHeaders)], lifespan=_ready_early, on_script_error=_show_failure)
