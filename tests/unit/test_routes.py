"""The app's own routes, also below a path of the server's choice."""

from __future__ import annotations

from starlette.routing import WebSocketRoute

from ui.app.routes import ROUTES, routes_below


def test_below_a_base_path_is_every_route_with_its_methods() -> None:
    below = routes_below("/lab/")
    assert [each.path for each in below] == [f"/lab{each.path}" for each in ROUTES]  # type: ignore[attr-defined]
    assert [type(each) for each in below] == [type(each) for each in ROUTES]
    for one, other in zip(ROUTES, below, strict=True):
        assert isinstance(one, WebSocketRoute) or (one.methods, one.endpoint) == (other.methods, other.endpoint)  # type: ignore[attr-defined]


def test_without_a_base_path_there_are_no_others() -> None:
    assert routes_below("") == routes_below("/") == []
