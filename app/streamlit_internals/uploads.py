"""The files that visitors have uploaded to Streamlit.

Streamlit keeps what it accepts, whether a widget names it or not, until the session ends, which is
minutes after its socket has closed; and Starlette writes what is on its way to a temporary file.

Relied on: ``uploaded_file_mgr`` and ``session_id`` of the script run's context; the manager's
``file_storage``, ``_total_bytes`` and ``_file_count``; ``is_active_session`` of the runtime; the
address of an upload; ``spool_max_size`` of Starlette's parser; the session's id in
``new_session``. If they are removed, a change of the
page, an upload or a socket's end raises AttributeError (tests/app/startup/test_page_change.py,
tests/app/streamlit_internals/test_uploads.py); if the parser's option is, uploads are on disk while
they arrive.
"""

from __future__ import annotations

from typing import Any

from starlette.formparsers import MultiPartParser
from starlette.types import Message, Scope
from streamlit import runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

PATH = "/_stcore/upload_file/"  # below the app's root, then session/file


def forget_all() -> None:
    """Free this session's files, which Streamlit keeps until the session ends."""
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)


def keep_in_memory() -> None:
    """Let no upload be written to disk while it arrives, however large."""
    MultiPartParser.spool_max_size = 1 << 40


def session_of(path: str) -> str:
    """The session in an upload's path, of which the app's own path was cut."""
    return path.removeprefix(PATH).partition("/")[0]


def held(session: str, overhead: int) -> int:
    """Bytes of the files of a session, with ``overhead`` for each file."""
    manager = _manager()
    files = () if manager is None else tuple(manager.file_storage.get(session, {}).values())
    return sum(len(each.data) + overhead for each in files)


def held_by_all(overhead: int) -> int:
    """Bytes of all sessions' files, with ``overhead`` for each file."""
    manager = _manager()
    return 0 if manager is None else manager._total_bytes + overhead * manager._file_count


def free(session: str) -> None:
    """Free a session's files, unless its visitor is here again."""
    if runtime.exists() and not runtime.get_instance().is_active_session(session):
        runtime.get_instance().uploaded_file_mgr.remove_session_files(session)


def session_asked_for(scope: Scope) -> str:
    """The session that a reconnecting browser names in its websocket's third subprotocol."""
    return str([*scope.get("subprotocols", ()), "", "", ""][2])


def session_begun(sent: Message) -> str | None:
    """The session that this ASGI message tells the browser, if it does."""
    raw = sent.get("bytes")
    if not raw:
        return None
    message = ForwardMsg.FromString(raw)
    if message.WhichOneof("type") != "new_session":
        return None
    return str(message.new_session.initialize.session_id)


def _manager() -> Any:
    return runtime.get_instance().uploaded_file_mgr if runtime.exists() else None
