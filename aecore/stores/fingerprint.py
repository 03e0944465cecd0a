"""The fingerprint of content: equal for equal content."""

from __future__ import annotations

import hashlib
import json

import numpy as np


def fingerprint(*parts: object, digits: int = 20) -> str:
    """The first hexadecimal digits of the SHA-256 of the parts, one after the other.

    Bytes and arrays count as their bytes alone (name an array's shape in another part),
    all else as JSON; TypeError if it is not JSON.
    """
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(np.ascontiguousarray(part))
        else:
            digest.update(part if isinstance(part, bytes) else json.dumps(part, sort_keys=True).encode())
    return digest.hexdigest()[:digits]
