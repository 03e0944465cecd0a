"""A finished run in MLflow: settings, curves, figures, pictures, tags and the model, once."""

from __future__ import annotations

import itertools
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from aecore.exchange import ExchangeError, MissingLibraryError, is_installed
from aecore.exchange.account import PICTURES, Account
from aecore.exchange.artifacts import artifacts
from aecore.runs.run import Run
from aecore.runs.tracking import note, without_password

SERVERS = ("http", "https", "databricks")
DATABASES = ("sqlite", "postgresql", "mysql", "mssql")
FOLDER = Path("mlruns")
"""Where MLflow's files go if nothing else is said."""

BATCH, PARAMS = 1000, 100
"""Most numbers and params that MLflow takes at once."""

KIND = {"mlflow.experimentKind": "custom_model_development"}
"""By this tag MLflow shows an experiment of trainings, and none of language models."""

ANSWER_SECONDS = 5.0
"""How long a server may take to say that it is there."""

BEHAVIOUR = {
    "MLFLOW_DISABLE_TELEMETRY": "true",  # MLflow tells its makers of its use otherwise
    "MLFLOW_ALLOW_FILE_STORE": "true",  # a folder that somebody names is meant
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}
"""Variables of MLflow while it logs, unless they are set."""


class AlreadyLoggedError(ExchangeError):
    """The run is there already; nothing has been logged."""


class BusyError(ExchangeError):
    """Another process logs the run at this moment."""


@dataclass(frozen=True)
class Logged:
    """A run of MLflow. where: the address, without passwords. is_replaced: an earlier one of the same run is gone."""

    mlflow_run: str
    experiment: str
    where: str
    is_replaced: bool


def log_to_mlflow(run: Run, address: str, experiment: str, *, is_replacing: bool = False) -> Logged:
    """Logs a finished run, unless the experiment has it.

    address: of a server, a database or a folder; "" for what MLflow's variable says, or a folder `mlruns`.
    is_replacing: logs it anew and then deletes the earlier one. ExchangeError, in a sentence, if it cannot be logged:
    nothing of it is left there then.
    """
    account, address = Account(run), address_of(address)
    lock = run.folder.parent / ".writing" / f"{run.id}.mlflow"
    with suppress(OSError):
        lock.parent.mkdir(exist_ok=True)
    try:
        with FileLock(lock).acquire(timeout=0), _behaviour():
            found = _logged(account, address, experiment, is_replacing)
    except Timeout:
        raise BusyError(f"Run '{run.name}' is being logged to MLflow at this moment.") from None
    with suppress(OSError):
        note(run.folder, "logged", f"MLflow, experiment '{found.experiment}', run {found.mlflow_run}")
    return found


def address_of(given: str) -> str:
    """The address as MLflow takes it. ExchangeError if it is none."""
    given = given.strip() or os.environ.get("MLFLOW_TRACKING_URI", "").strip() or str(FOLDER)
    scheme = given.partition(":")[0].partition("+")[0].lower() if "://" in given or given.startswith("file:") else ""
    if scheme in SERVERS or given == "databricks":
        return given
    if scheme in DATABASES:
        if not is_installed("sqlalchemy") or not is_installed("alembic"):
            raise MissingLibraryError(
                f"{without_password(given)} is a database, which only the whole of MLflow can write to: "
                "`pip install mlflow`. The address of a server or a folder needs mlflow-skinny alone."
            )
        return given
    if scheme not in ("", "file"):
        raise ExchangeError(
            f"'{without_password(given)[:80]}' is no address of MLflow. Give that of a server (http://127.0.0.1:5000) "
            "or a folder."
        )
    if scheme == "file" and not given.startswith(("file:///", "file:/")):
        given = given.removeprefix("file://").removeprefix("file:")  # MLflow takes file:./mlruns as well
        return Path(given).resolve().as_uri()
    return given if scheme == "file" else Path(given).expanduser().resolve().as_uri()


@contextmanager
def _behaviour() -> Iterator[None]:
    """MLflow as `BEHAVIOUR` says, and quiet about what is meant."""
    known = {name: os.environ.get(name) for name in BEHAVIOUR}
    os.environ.update({name: value for name, value in BEHAVIOUR.items() if known[name] is None})
    logger = logging.getLogger("mlflow")
    level = logger.level
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            logger.setLevel(logging.ERROR)
            yield
    finally:
        logger.setLevel(level)
        for name, value in known.items():
            if value is None:
                os.environ.pop(name, None)


def _logged(account: Account, address: str, experiment: str, is_replacing: bool) -> Logged:
    where = without_password(address).partition("?")[0]
    try:
        from mlflow.exceptions import MlflowException
        from mlflow.tracking import MlflowClient
    except ImportError:
        raise MissingLibraryError(
            "MLflow is not installed. `pip install mlflow-skinny` brings what logging needs; in a checkout of this "
            "project, `.venv/bin/pip install '.[trackers]'` does so too."
        ) from None
    _check_answer(address, where)
    try:
        client = MlflowClient(tracking_uri=address)
        experiment_id = _experiment(client, experiment)
        complete, partial = _earlier(client, experiment_id, account.run)
        if complete and not is_replacing:
            raise AlreadyLoggedError(
                f"Run '{account.run.name}' is in the experiment '{experiment}' of {where} already, as MLflow run "
                f"{complete[0]}. Nothing was logged again; --replace logs it anew and deletes that one."
            )
        new = _log(client, experiment_id, account)
        for each in (*complete, *partial):
            client.delete_run(each)
        return Logged(new, experiment, where, is_replaced=bool(complete))
    except MlflowException as error:
        raise ExchangeError(f"MLflow at {where} refused: {_first_line(error)}") from None
    except OSError as error:  # those of requests too
        raise ExchangeError(f"MLflow at {where} cannot be reached or written to: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return without_password(next((line for line in str(error).splitlines() if line.strip()), type(error).__name__))[
        :300
    ]


def _check_answer(address: str, where: str) -> None:
    """ExchangeError unless a server answers, whatever it says: MLflow itself would try for minutes."""
    if urlsplit(address).scheme not in ("http", "https"):
        return
    import requests

    try:
        requests.get(f"{address.rstrip('/')}/health", timeout=ANSWER_SECONDS)
    except (requests.RequestException, ValueError) as error:
        why = (
            "it took too long" if isinstance(error, requests.Timeout) else "nothing listens there, or not to this name"
        )
        raise ExchangeError(
            f"The MLflow server at {where} does not answer: {why}. Start it, or check the address."
        ) from None


def _experiment(client: Any, name: str) -> str:
    """The id of the experiment, which is made if need be. ExchangeError if it was deleted."""
    found = client.get_experiment_by_name(name)
    if found is None:
        return client.create_experiment(name, tags=KIND)
    if found.lifecycle_stage != "active":
        raise ExchangeError(
            f"The experiment '{name}' was deleted in MLflow. Restore it there, or choose another with --experiment."
        )
    return found.experiment_id


def _earlier(client: Any, experiment_id: str, run: Run) -> tuple[list[str], list[str]]:
    """Ids of what MLflow has of this run: logged to the end, and cut off on the way."""
    found = client.search_runs([experiment_id], f"tags.`aecore.run` = '{run.id}'")
    complete = [each.info.run_id for each in found if each.info.status == "FINISHED"]
    return complete, [each.info.run_id for each in found if each.info.run_id not in complete]


def _log(client: Any, experiment_id: str, account: Account) -> str:
    """A new run of MLflow with all there is; it is deleted if something fails on the way."""
    run, status = account.run, account.run.status
    tags = {**{name: value for name, value in account.tags().items() if value}, "mlflow.note.content": account.words()}
    new = client.create_run(experiment_id, _milliseconds(status.started or status.created), tags, run.name).info.run_id
    try:
        _log_numbers(client, new, account)
        from PIL import Image

        for picture in account.pictures():
            client.log_image(
                new, Image.fromarray(picture.pixels), key=PICTURES, step=picture.step,
                timestamp=_milliseconds(picture.time), synchronous=True,
            )  # fmt: skip
        with TemporaryDirectory() as folder:
            for name, content in artifacts(run).items():
                (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
                (Path(folder) / name).write_bytes(content)
            client.log_artifacts(new, folder)
        client.set_terminated(new, "FINISHED", _milliseconds(account.ended))
    except BaseException:
        with suppress(Exception):
            client.delete_run(new)
        raise
    return new


def _log_numbers(client: Any, new: str, account: Account) -> None:
    from mlflow.entities import Metric, Param

    params = (Param(name, str(value)) for name, value in account.params().items())
    for part in _parts(params, PARAMS):
        client.log_batch(new, params=part, synchronous=True)
    points = (Metric(each.name, each.value, _milliseconds(each.time), each.step) for each in account.points())
    for part in _parts(points, BATCH):
        client.log_batch(new, metrics=part, synchronous=True)


def _parts(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while part := list(itertools.islice(items, size)):
        yield part


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
