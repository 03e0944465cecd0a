"""What cookies of this home are signed with, and whether a browser speaks HTTPS."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import Scope

from aecore.paths import home_folder

SECRET_FILE = ".visitors.key"


def secret() -> bytes:
    """The secret of this home; made at the first use, and read by nobody else on the machine."""
    path = home_folder() / SECRET_FILE
    with suppress(FileNotFoundError):
        return _read(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{SECRET_FILE}.{secrets.token_hex(6)}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(secrets.token_bytes(32))
    try:
        os.link(fresh, path)  # two servers that start at once agree on one
    except FileExistsError:
        pass
    except OSError:
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return _read(path)


def is_secure(scope: Scope) -> bool:
    """Whether the browser speaks HTTPS, with us or with a proxy. Who forges the header harms nobody else."""
    forwarded = Headers(scope=scope).get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    return "https" in (scope.get("scheme"), forwarded)


def _read(path: Path) -> bytes:
    found = path.read_bytes()
    if len(found) < 16:
        raise OSError(f"{path.name} is damaged: remove it; everybody on this server is then somebody new.")
    return found
