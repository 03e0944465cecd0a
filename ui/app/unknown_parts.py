"""What is pressed in a part of a page that this session does not know, or not yet.

A tab that has found its server again, started anew, shows parts that the new session has yet to draw. Streamlit drops
what is pressed there until it has. Here the whole page runs instead, with what was pressed. This replaces a private
part of Streamlit; where a later version has moved it, the app works as without, and the log says so.
"""

from __future__ import annotations

import logging
from functools import wraps
from typing import Any

log = logging.getLogger("autoencoder-explorer")


def install() -> None:
    """Lets a request of an unknown part run the whole page, unless the part only refreshes itself."""
    from streamlit.runtime.app_session import AppSession

    request = getattr(AppSession, "request_rerun", None)
    if request is None or not hasattr(AppSession, "has_fragment"):
        log.warning("this version of Streamlit works in another way: what is pressed too early may be lost")
        return
    if hasattr(request, "knows_parts"):
        return

    @wraps(request)
    def request_part_or_page(self: AppSession, client_state: Any) -> None:
        part = client_state.fragment_id if client_state else ""
        if part and not client_state.is_auto_rerun and not self.has_fragment(part):
            client_state.fragment_id = ""
        request(self, client_state)

    request_part_or_page.knows_parts = True  # type: ignore[attr-defined]
    AppSession.request_rerun = request_part_or_page  # type: ignore[method-assign]
