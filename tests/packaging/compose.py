"""deploy/compose.yaml as data: services with their merged keys, and ${NAME:-default} filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.packaging.installing import ROOT

DEPLOY = ROOT / "deploy"
COMPOSED, WITH_TLS = DEPLOY / "compose.yaml", DEPLOY / "compose.tls.yaml"
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


class _Loader(yaml.SafeLoader):
    """Knows the tags by which one file replaces what another says."""


_Loader.add_constructor("!override", lambda loader, node: loader.construct_sequence(node))


def composed(path: Path = COMPOSED, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A file of Docker Compose; KeyError for a variable that has neither a value nor a default."""
    given = environment or {}

    def filled_in(found: re.Match[str]) -> str:
        name, default = found.groups()
        return given.get(name) or (given[name] if default is None else default)

    return yaml.load(_VARIABLE.sub(filled_in, path.read_text()), _Loader)


def services(path: Path = COMPOSED, environment: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """The services by their names."""
    return composed(path, environment)["services"]


def option(command: list[str], name: str) -> str:
    """What a command gives for an option, as `--name=value` or as two words. KeyError if it does not."""
    for place, word in enumerate(command):
        if word == name:
            return command[place + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    raise KeyError(name)


def address_of(service: Mapping[str, Any]) -> str:
    """The address that a service always has; "" if it has another one each time."""
    networks = service["networks"]
    return networks["inside"]["ipv4_address"] if isinstance(networks, dict) else ""
