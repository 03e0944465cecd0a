"""The command `autoencoder-explorer`: serves the app, whatever the current directory is."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from aecore import __version__

PORT = 8501


def app_file() -> Path:
    """The app that Streamlit serves: beside this file in an installed package, one folder up in a checkout."""
    here = Path(__file__).resolve().parent
    return here / "app.py" if (here / "app.py").is_file() else here.parent / "app.py"


def main(arguments: list[str] | None = None) -> int:
    """Serves the app until it is interrupted; returns the exit status.

    The settings come from `.streamlit/config.toml` beside the app. Options that are not known here
    go to `streamlit run`.
    """
    parser = argparse.ArgumentParser(
        "autoencoder-explorer",
        description="Serve Autoencoder Explorer. Open the address that it prints in a browser; Ctrl+C ends it.",
        epilog="Any other option is passed on to `streamlit run`, for instance --server.address 0.0.0.0.",
        allow_abbrev=False,
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"the port to serve on (default: {PORT})")
    parser.add_argument(
        "--lecture", action="store_true",
        help="let others in this network in, and print the address and a QR code for them",
    )  # fmt: skip
    parser.add_argument(
        "--new-host-link", action="store_true",
        help="make and print another link for the host; the earlier one is no longer valid",
    )  # fmt: skip
    parser.add_argument(
        "--cluster", metavar="ADDRESS",
        help="train on a Ray cluster: auto, ray://HOST:PORT, HOST:PORT, or local to begin one here; needs the extra "
        "[cluster]",
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"Autoencoder Explorer {__version__}")
    chosen, rest = parser.parse_known_args(arguments)
    if chosen.new_host_link and not chosen.lecture:
        _renew_link(chosen.port)
        return 0
    if chosen.cluster:
        os.environ["AECORE_CLUSTER"] = chosen.cluster
    for_lecture = _lecture(chosen.port, chosen.new_host_link) if chosen.lecture else []
    from streamlit.web import cli

    options = ["--server.port", str(chosen.port), *for_lecture, *rest]
    cli.main(["run", str(app_file()), *options], prog_name="streamlit")
    return 0


def _renew_link(port: int) -> None:
    sys.path.insert(0, str(app_file().parent))
    from ui.app import lecture

    lecture.renew_link(port)


def _lecture(port: int, wants_new_key: bool) -> list[str]:
    sys.path.insert(0, str(app_file().parent))
    from ui.app import lecture

    return lecture.begin(port, wants_new_key=wants_new_key)


if __name__ == "__main__":
    sys.exit(main())
