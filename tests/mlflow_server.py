"""A small server that answers MLflow's REST API as its documentation says (https://mlflow.org/docs/latest/rest-api.html),
as far as logging a run and reading it back need it. Everything is kept in memory, files included.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Body = dict[str, Any]

API, FILES = "/api/2.0/mlflow/", "/api/2.0/mlflow-artifacts/artifacts"
MOST_METRICS, MOST_PARAMS, MOST = 1000, 100, 1000
"""Of one log-batch."""


class RefusedError(Exception):
    """What the API calls an error: a status, its code and a message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.answer = status, {"error_code": code, "message": message}


@dataclass
class Kept:
    """A run of the server. history: name -> all of its values."""

    info: Body
    tags: dict[str, str]
    params: dict[str, str] = field(default_factory=dict)
    history: dict[str, list[Body]] = field(default_factory=dict)

    def told(self) -> Body:
        """As the API tells of it: of each metric, the last value."""
        latest = [max(each, key=lambda value: (value["step"], value["timestamp"])) for each in self.history.values()]
        tags, params = (
            [{"key": key, "value": value} for key, value in each.items()] for each in (self.tags, self.params)
        )
        return {"info": self.info, "data": {"metrics": latest, "params": params, "tags": tags}}


@dataclass
class MlflowServer:
    """What the server knows. broken: the name of a call that it refuses from now on; calls: all, in their order."""

    experiments: dict[str, Body] = field(default_factory=dict)
    runs: dict[str, Kept] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    broken: str = ""
    calls: list[str] = field(default_factory=list)

    def call(self, name: str, asked: Body) -> Body:
        """The answer to a call of the API. RefusedError if it has none."""
        self.calls.append(name)
        if name == self.broken:
            raise RefusedError(400, "INVALID_PARAMETER_VALUE", "The server has had enough.")
        known: dict[str, Callable[[Body], Body]] = {
            "experiments/get-by-name": self._experiment_by_name, "experiments/create": self._create_experiment,
            "runs/create": self._create_run, "runs/get": lambda asked: {"run": self._run(asked).told()},
            "runs/search": self._search, "runs/update": self._update, "runs/delete": self._delete,
            "runs/log-batch": self._log_batch, "runs/set-tag": self._set_tag,
            "metrics/get-history": lambda asked: {"metrics": self._run(asked).history.get(asked["metric_key"], [])},
        }  # fmt: skip
        if name not in known:
            raise RefusedError(404, "ENDPOINT_NOT_FOUND", f"There is no {name}.")
        return known[name](asked)

    def _run(self, asked: Body) -> Kept:
        if asked["run_id"] not in self.runs:
            raise RefusedError(404, "RESOURCE_DOES_NOT_EXIST", f"There is no run {asked['run_id']}.")
        return self.runs[asked["run_id"]]

    def _experiment_by_name(self, asked: Body) -> Body:
        for each in self.experiments.values():
            if each["name"] == asked["experiment_name"]:
                return {"experiment": each}
        raise RefusedError(404, "RESOURCE_DOES_NOT_EXIST", f"There is no experiment {asked['experiment_name']}.")

    def _create_experiment(self, asked: Body) -> Body:
        number = str(len(self.experiments) + 1)
        about = {"experiment_id": number, "name": asked["name"], "tags": asked.get("tags", [])}
        place = {"artifact_location": f"mlflow-artifacts:/{number}", "lifecycle_stage": "active"}
        self.experiments[number] = about | place
        return {"experiment_id": number}

    def _create_run(self, asked: Body) -> Body:
        number, experiment = f"{len(self.runs) + 1:032x}", asked["experiment_id"]
        info = {
            "run_id": number, "run_uuid": number, "experiment_id": experiment, "run_name": asked.get("run_name", ""),
            "status": "RUNNING", "start_time": asked["start_time"], "lifecycle_stage": "active",
            "artifact_uri": f"mlflow-artifacts:/{experiment}/{number}/artifacts",
        }  # fmt: skip
        self.runs[number] = Kept(info, {each["key"]: each["value"] for each in asked.get("tags", [])})
        return {"run": self.runs[number].told()}

    def _search(self, asked: Body) -> Body:
        found = re.fullmatch(r"tags\.`([^`]+)` = '([^']*)'", asked.get("filter", ""))
        assert found, f"this server knows no filter {asked.get('filter')}"
        name, value = found.groups()
        return {
            "runs": [
                each.told()
                for each in self.runs.values()
                if each.info["lifecycle_stage"] == "active"
                and each.info["experiment_id"] in asked["experiment_ids"]
                and each.tags.get(name) == value
            ]
        }

    def _update(self, asked: Body) -> Body:
        info = self._run(asked).info
        info |= {name: asked[name] for name in ("status", "end_time", "run_name") if name in asked}
        return {"run_info": info}

    def _delete(self, asked: Body) -> Body:
        self._run(asked).info["lifecycle_stage"] = "deleted"
        return {}

    def _log_batch(self, asked: Body) -> Body:
        run = self._run(asked)
        metrics, params, tags = (asked.get(name, []) for name in ("metrics", "params", "tags"))
        if len(metrics) > MOST_METRICS or len(params) > MOST_PARAMS or len(metrics) + len(params) + len(tags) > MOST:
            raise RefusedError(400, "INVALID_PARAMETER_VALUE", "A batch logging request holds too much.")
        for each in metrics:
            value = each | {"step": int(each.get("step", 0)), "timestamp": int(each["timestamp"])}
            run.history.setdefault(each["key"], []).append(value)
        run.params |= {each["key"]: each["value"] for each in params}
        run.tags |= {each["key"]: each["value"] for each in tags}
        return {}

    def _set_tag(self, asked: Body) -> Body:
        self._run(asked).tags[asked["key"]] = asked["value"]
        return {}

    def below(self, folder: str) -> Body:
        """The files and folders in a folder of artifacts."""
        inside = [path.removeprefix(f"{folder}/") for path in self.files if path.startswith(f"{folder}/")]
        names = dict.fromkeys(path.partition("/")[0] for path in inside)
        sizes = {path: len(self.files[f"{folder}/{path}"]) for path in inside if "/" not in path}
        return {
            "files": [
                {"path": each, "is_dir": each not in sizes, **({"file_size": sizes[each]} if each in sizes else {})}
                for each in names
            ]
        }


def _handler(server: MlflowServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None: ...

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(url.query).items()}
            if url.path == "/health":
                self._send(200, b"OK", "text/plain")
            elif url.path == FILES:
                self._send_json(200, server.below(query.get("path", "")))
            elif url.path.startswith(f"{FILES}/"):
                data = server.files.get(unquote(url.path.removeprefix(f"{FILES}/")))
                self._send(404 if data is None else 200, data or b"", "application/octet-stream")
            else:
                self._answer(url.path, query)

        def do_POST(self) -> None:
            self._answer(urlsplit(self.path).path, json.loads(self._body() or b"{}"))

        def do_PUT(self) -> None:
            server.files[unquote(urlsplit(self.path).path.removeprefix(f"{FILES}/"))] = self._body()
            self._send_json(200, {})

        def _body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))

        def _answer(self, path: str, asked: Body) -> None:
            try:
                self._send_json(200, server.call(path.removeprefix(API), asked))
            except RefusedError as error:
                self._send_json(error.status, error.answer)

        def _send_json(self, status: int, values: Body) -> None:
            self._send(status, json.dumps(values).encode(), "application/json")

        def _send(self, status: int, data: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler


@contextmanager
def serving() -> Iterator[tuple[str, MlflowServer]]:
    """The address of a server that listens meanwhile, and what it knows."""
    known = MlflowServer()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(known)) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.server_port}", known
        finally:
            listening.shutdown()
