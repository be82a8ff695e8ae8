"""The server: Streamlit on loopback with safe settings, and one route by which the command line reaches the open warehouse.

`service-quality serve` and `streamlit run app.py` start the same app with the same settings (`.streamlit/config.toml` repeats them, a test compares).
"""

from __future__ import annotations

import asyncio
import gc
import hmac
import json
import os
import secrets
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warehouse import PROJECT, commands, inbox
from warehouse.cli import ADDRESS_FILE, UNAVAILABLE, data_folder
from warehouse.errors import WarehouseError
from warehouse.samples import load_sample
from warehouse.web import say, state, words
from warehouse.web.markup import element

SHELL = Path(__file__).parent / "shell.py"

#: Streamlit's settings; see the README, 安全設定.
SETTINGS: dict[str, Any] = {
    "server.address": "127.0.0.1",
    "server.headless": True,
    "server.allowedHosts": ["127.0.0.1", "localhost"],
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.maxUploadSize": 10,
    "server.maxMessageSize": 50,
    "server.enableStaticServing": False,
    "server.disconnectedSessionTTL": 60,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "browser.gatherUsageStats": False,
    "browser.serverAddress": "localhost",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "runner.postScriptGC": False,
    "theme.base": "light",
    "theme.primaryColor": "#0b5cab",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f3f5f8",
    "theme.textColor": "#000000",
    "theme.font": "'Noto Sans CJK TC','Noto Sans TC','PingFang TC','Microsoft JhengHei',sans-serif",
}

#: Seconds from the start until what the first page does without is imported.
_WARM_AFTER = 3.0

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
}


def options(folder: Path | None = None) -> dict[str, Any]:
    """How the app over a data folder is made: what `st.App` is given beside the shell."""
    place = (folder or data_folder()).resolve()
    os.environ["SERVICE_QUALITY_DATA"] = str(place)
    if str(PROJECT) not in sys.path:
        sys.path.insert(0, str(PROJECT))

    @asynccontextmanager
    async def lifespan(app: st.App) -> AsyncIterator[None]:
        token = secrets.token_urlsafe(32)
        await asyncio.to_thread(state.current, place)
        _write_address(place, token)
        app_state["token"] = token
        closing = threading.Event()
        watching = threading.Thread(target=inbox.watch, args=(state.current(place), closing), name="service-quality-inbox")
        watching.start()
        warming = threading.Thread(target=_warm_up, args=(closing,), name="service-quality-warm-up")
        warming.start()
        try:
            yield
        finally:
            closing.set()
            await asyncio.to_thread(watching.join)
            await asyncio.to_thread(warming.join)
            (place / ADDRESS_FILE).unlink(missing_ok=True)
            await asyncio.to_thread(state.close_all)

    app_state: dict[str, str] = {}

    def command(request: Request, body: dict[str, Any]) -> Response:
        lines: list[str] = []
        answer = commands.run(state.current(place), body["command"], body["arguments"], lines.append)
        return JSONResponse({"document": answer.document, "text": answer.text, "code": answer.code, "progress": lines[:1000]})

    async def route(request: Request) -> Response:
        token = request.headers.get("x-service-quality-token", "")
        if not hmac.compare_digest(token.encode(), app_state.get("token", secrets.token_hex()).encode()):
            return JSONResponse({"error": "權杖不符"}, status_code=403)
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict) or not isinstance(body.get("arguments"), dict) or body.get("command") not in commands.NAMES:
            return JSONResponse({"error": "不認得的指令"}, status_code=400)
        spool = (place / inbox.FOLDER).resolve()
        if any(Path(file["path"]).resolve().parent != spool for file in body["arguments"].get("files", [])):
            return JSONResponse({"error": "檔案不在收件匣"}, status_code=403)
        return await asyncio.to_thread(command, request, body)

    return {
        "lifespan": lifespan,
        "routes": [Route("/service-quality/command", route, methods=["POST"])],
        "middleware": [Middleware(_PageHeaders)],
        "on_script_error": _log_error,
    }


def serve(folder: Path, *, port: int, sample: bool) -> int:
    """Run the dashboard until it is stopped. Returns the exit code: 3 where the data folder or the port cannot be had."""
    try:
        warehouse = state.current(folder)
        if sample and not warehouse.data_version():
            print("載入示範資料……", file=sys.stderr)
            load_sample(warehouse)
    except WarehouseError as error:
        answer = commands.failure(error)
        print(answer.text, file=sys.stderr)
        return answer.code
    if not _port_is_free(port):
        state.close_all()
        print(f"現在無法進行：通訊埠{port}已被占用，請以 --port 指定另一個", file=sys.stderr)
        return UNAVAILABLE
    print(f"儀表板：http://127.0.0.1:{port}　（只在本機開放；按 Ctrl+C 結束）", file=sys.stderr)
    st.App(SHELL, **options(folder)).run(config={**SETTINGS, "server.port": port})
    return 0


def _write_address(folder: Path, token: str) -> None:
    """Tell the owner of the data folder, and nobody else, how to reach this process."""
    from streamlit import config

    path = folder / ADDRESS_FILE
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump({"port": config.get_option("server.port"), "token": token, "pid": os.getpid()}, stream)


def _warm_up(closing: threading.Event) -> None:
    """Get ready what the first page takes while its visitor's browser is still loading Streamlit's own files; then, once that visitor has been
    served, import what only other pages and loads want, and take it all out of the garbage collector's rounds."""
    with suppress(Exception):  # whatever is amiss, the visitor's own run meets it and says so
        import streamlit.emojis  # noqa: F401

        from pages import _data, _home  # noqa: F401

        warehouse = state.current()
        if version := warehouse.data_version():
            _data.snapshot_of(str(warehouse.folder), version)
    gc.freeze()
    if closing.wait(_WARM_AFTER):
        return
    import altair  # noqa: F401
    import pandera.polars  # noqa: F401

    gc.collect()
    gc.freeze()


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _log_error(error: Exception) -> bool:
    """One line in the log, without row content; the page says in words that something went wrong."""
    answer = commands.failure(error)
    print(json.dumps({"event": "page_error", "detail": answer.text}, ensure_ascii=False), file=sys.stderr)
    shape = element("span", "▲", cls="sq-shape", aria_hidden="true")
    st.html(element("p", shape, words.t("app.failed"), " ", say.quoted(answer.text), cls="sq-complaint", role="alert"))
    return True


class _PageHeaders:
    """Middleware: security headers on every answer, and `<html lang>` on the page itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        page = not scope["path"].startswith(("/static", "/_stcore", "/media", "/component", "/service-quality"))
        if page:
            scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]}
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        started: dict[str, Message] = {}
        body = bytearray()

        async def rewrite(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in _HEADERS]
                message["headers"] = [*kept, *_HEADERS.items()]
                if page:
                    started["start"] = message
                    return
            elif page and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                tag = words.TAGS["en" if asked.get("lang") == ["en"] else "zh"]
                html = bytes(body).replace(b'<html lang="en"', f'<html lang="{tag}"'.encode(), 1)
                start = started["start"]
                start["headers"] = [
                    (name, str(len(html)).encode() if name.lower() == b"content-length" else value) for name, value in start["headers"]
                ]
                await send(start)
                message = {"type": "http.response.body", "body": html}
            await send(message)

        await self._app(scope, receive, rewrite)
