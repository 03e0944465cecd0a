"""deploy/compose.yaml agrees with itself, with nginx's configuration, with the image and with the app.

`make compose-test` runs the services.
"""

from __future__ import annotations

import re
import tomllib
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from aecore.jobs.cluster import ADDRESS as CLUSTER
from tests.packaging.compose import COMPOSED, DEPLOY, WITH_TLS, address_of, composed, option, services
from tests.packaging.dockerfile import instructions

ROOT = DEPLOY.parent
SERVICES = services()
APPS = [name for name in SERVICES if name.startswith("app")]
RAY = ["head", "worker"]
IMAGE = instructions((ROOT / "Dockerfile").read_text())
UPSTREAMS = (DEPLOY / "nginx" / "upstreams.conf").read_text()
OTHERS_VARIABLES = {"FORWARDED_ALLOW_IPS", "RAY_AUTH_MODE"}
"""Of uvicorn, whose word on where somebody asks from is taken; and of Ray."""

KEYS = {
    "build", "command", "depends_on", "environment", "healthcheck", "image", "init", "mem_limit", "networks", "ports",
    "restart", "shm_size", "stop_grace_period", "volumes",
}  # fmt: skip
"""What the services say here, each a key of the compose specification."""


def of_image(word: str) -> list[str]:
    return [each.rest for each in IMAGE if each.word == word]


def test_there_are_two_servers_a_head_a_worker_and_nginx() -> None:
    assert set(SERVICES) == {"nginx", "app1", "app2", "head", "worker"}
    for name, each in SERVICES.items():
        assert set(each) <= KEYS, name
        assert each["restart"] == "unless-stopped", name
        assert set(each.get("depends_on", ())) <= set(SERVICES), name


def test_all_but_nginx_run_one_image_with_the_part_for_clusters() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    images = {SERVICES[name]["image"] for name in (*APPS, *RAY)}
    assert len(images) == 1
    for name in (*APPS, *RAY):
        build = SERVICES[name]["build"]
        assert (COMPOSED.parent / build["context"] / "Dockerfile").resolve() == ROOT / "Dockerfile"
        assert {each.partition("=")[0] for each in of_image("ARG")} >= set(build["args"])
        assert build["args"]["EXTRAS"] in extras


def test_the_client_of_the_cluster_is_installed_with_that_part() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert any(each.startswith("ray[client]") for each in extras["cluster"])
    assert SERVICES["app1"]["environment"][CLUSTER].startswith("ray://")


def test_both_servers_are_alike_and_share_a_home_that_outlives_them() -> None:
    one, other = ({key: text for key, text in SERVICES[name].items() if key != "networks"} for name in APPS)
    assert one == other
    folders = dict(each.split("=") for each in " ".join(of_image("ENV")).split())
    volume, there = one["volumes"][0].split(":")
    assert volume in composed()["volumes"]
    assert all(folders[name].startswith(f"{there}/") for name in ("AECORE_HOME", "AECORE_DATA"))


def test_commands_are_those_that_the_package_and_ray_install() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    for name in APPS:
        assert SERVICES[name]["command"][0] in scripts
    for name in RAY:
        assert SERVICES[name]["command"][:2] == ["ray", "start"]
        assert "--block" in SERVICES[name]["command"]


def test_servers_and_nodes_ask_for_the_head_at_its_own_ports() -> None:
    head = SERVICES["head"]["command"]
    assert SERVICES["worker"]["command"][2] == f"--address=head:{option(head, '--port')}"
    for name in APPS:
        assert SERVICES[name]["environment"][CLUSTER] == f"ray://head:{option(head, '--ray-client-server-port')}"
        assert SERVICES[name]["depends_on"]["head"]["condition"] == "service_healthy"
    assert option(SERVICES["head"]["healthcheck"]["test"], "--address").endswith(f":{option(head, '--port')}")


def test_ray_has_the_shared_memory_that_it_is_told_to_use() -> None:
    for name in RAY:
        given = int(SERVICES[name]["shm_size"].removesuffix("gb")) * 2**30
        assert int(option(SERVICES[name]["command"], "--object-store-memory")) < given


def test_every_variable_is_one_that_the_app_reads_and_documents() -> None:
    documented = set(re.findall(r"^\| `(AECORE_\w+)`", (ROOT / "README.md").read_text(), re.M))
    for name in APPS:
        assert set(SERVICES[name]["environment"]) - OTHERS_VARIABLES <= documented


def test_nginx_asks_the_servers_where_they_are_and_they_take_its_word() -> None:
    port = option(SERVICES["app1"]["command"], "--port")
    known = {f"{address_of(SERVICES[name])}:{port}" for name in APPS}
    assert set(re.findall(r"server ([\d.:]+)", UPSTREAMS)) == known
    assert set(re.findall(r"\)([\d.:]+)\$", UPSTREAMS)) == known
    for name in APPS:
        first = re.search(rf"upstream {name} {{\s*server ([\d.:]+)", UPSTREAMS)
        assert first is not None
        assert first[1] == f"{address_of(SERVICES[name])}:{port}"
        assert SERVICES[name]["environment"]["FORWARDED_ALLOW_IPS"] == address_of(SERVICES["nginx"])
    subnet = ip_network(composed()["networks"]["inside"]["ipam"]["config"][0]["subnet"])
    assert all(ip_address(address_of(SERVICES[name])) in subnet for name in (*APPS, "nginx"))


def test_nobody_outside_reaches_anything_but_nginx() -> None:
    assert [name for name, each in SERVICES.items() if "ports" in each] == ["nginx"]
    assert SERVICES["nginx"]["ports"] == ["8080:80"]
    assert services(environment={"HTTP_PORT": "80"})["nginx"]["ports"] == ["80:80"]


def test_no_health_check_of_the_image_asks_a_node_for_pages() -> None:
    assert of_image("HEALTHCHECK")
    assert all("healthcheck" in SERVICES[name] for name in RAY)
    assert all("healthcheck" not in SERVICES[name] for name in APPS)


@pytest.mark.parametrize("path", [COMPOSED, WITH_TLS], ids=["plain", "tls"])
def test_what_is_mounted_into_nginx_is_there(path: Path) -> None:
    mounted: dict[str, Any] = dict(each.split(":")[1::-1] for each in services()["nginx"]["volumes"])
    mounted |= dict(each.split(":")[1::-1] for each in services(path)["nginx"]["volumes"])
    for target, source in mounted.items():
        assert (DEPLOY / source).is_file() or target == "/etc/nginx/certificates"
    texts = [(DEPLOY / source).read_text() for source in mounted.values() if (DEPLOY / source).is_file()]
    wanted = {file for text in texts for file in re.findall(r"(?:include|ssl_certificate\w*)\s+(\S+);", text)}
    assert all(file in mounted or str(Path(file).parent) in mounted for file in wanted)


def test_servers_and_nodes_agree_on_whether_a_token_is_asked_for() -> None:
    """Ray asks for one unless it is told not to, and each container would make its own."""
    assert {SERVICES[name]["environment"]["RAY_AUTH_MODE"] for name in (*APPS, *RAY)} == {"disabled"}
