"""An app with nothing but the map component, over points that the test knows:
python -m streamlit run tests/benchmarks/map_app.py.

The address chooses: points=10000, dims=2 or 3, live=NAME (positions move on with every asking, done after some),
scale=1, plain=1 (no pictures), backwards=1 (points are numbered from the last).
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import FileResponse, Response  # noqa: E402
from starlette.routing import Route  # noqa: E402

STEPS = 12
asked: dict[str, int] = {}
"""How often the positions of each live map have been asked for."""


def positions(request: Request) -> Response:
    """The groups on a circle (a helix in 3-D); a live map starts in the middle and has spread after STEPS askings."""
    from tests.components.map_points import places

    count, dims, live = (request.path_params[name] for name in ("count", "dims", "live"))
    step = STEPS
    if live != "no":
        asked[live] = asked.get(live, 0) + 1
        step = min(asked[live], STEPS)
    tag = f'"{count}-{dims}-{step}"'
    headers = {
        "ETag": tag,
        "X-Step": str(step * 50),
        "X-Done": str(int(step == STEPS)),
        "Cache-Control": "no-cache",
        "X-Asked": str(asked.get(live, 0)),
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    found = places(count, dims)
    share = (step / STEPS) ** 2
    found = share * found + (1 - share) * found[::-1]
    return Response(found.astype("<f4").tobytes(), media_type="application/octet-stream", headers=headers)


def atlas(request: Request) -> Response:
    """The mosaic of the digits."""
    from aecore.latent.atlas import write_atlas
    from aecore.paths import home_folder
    from tests.components.map_points import pictures

    path = home_folder() / f"map-{request.path_params['count']}.webp"
    if not path.exists():
        write_atlas(pictures(request.path_params["count"])[0], path)
    return FileResponse(path)


def script() -> None:
    """The page: the map, and what Python has heard."""
    from aecore.latent.atlas import mosaic_of
    from tests.components.map_points import cloud_of, pictures
    from ui.components.latent_map import answer_in, latent_map

    st.set_page_config(page_title="Map", layout="wide")
    st.title("Map")
    query = st.query_params
    count, dims = int(query.get("points", 2000)), int(query.get("dims", 2))
    live = query.get("live", "no")
    state = st.session_state
    row = st.columns(4)
    if row[0].button("Search 1234"):
        state.wanted = 1234
    isolated = row[1].checkbox("Only the selected")
    has_own = row[2].checkbox("Own point")
    if row[3].button("Other map"):
        state.dims = 5 - state.get("dims", dims)
    shown, labels = pictures(count)
    revision = f"{count}-{live}"

    def picked() -> None:
        state.wanted = answer_in("map", revision, count).picked

    before = answer_in("map", revision, count)
    cloud = cloud_of(
        revision, labels, state.get("dims", dims), f"/map/{count}/{state.get('dims', dims)}/{live}/positions.bin",
        mosaic_of(shown.shape), is_live=live != "no", picked=state.get("wanted"),
        shown=before.selected if isolated and before.selected.size else None,
        own=shown[0, 0] if has_own else None, has_scale="scale" in query, has_pictures="plain" not in query,
        is_backwards="backwards" in query,
    )  # fmt: skip
    answer = latent_map(cloud, key="map", on_pick=picked)
    wanted = state.get("wanted")
    st.markdown(f"Python: picked **{wanted}**, selected **{answer.selected.size}**")
    st.text(" ".join(map(str, answer.selected[:3000])) if count <= 3000 else f"sum {answer.selected.sum()}")


ROUTES = [
    Route("/map/{count:int}/{dims:int}/{live}/positions.bin", positions),
    Route("/map/{count:int}/atlas.webp", atlas),
]

if __name__ == "__main__":
    script()
else:
    app = st.App(__file__, routes=ROUTES)
