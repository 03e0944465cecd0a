"""`aecore` in a notebook: the six lines of the README, run as IPython runs them, and what things say of themselves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

import aecore
from aecore.pretrained.curve_svg import curve_svg
from aecore.progress import Progress
from aecore.runs.store import RunStore
from aecore.settings import SettingsError

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "docs" / "six_lines.ipynb"


def code() -> list[str]:
    return [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]


def test_the_readme_shows_the_lines_of_the_notebook() -> None:
    lines = "\n\n".join(code())
    assert len([line for line in lines.splitlines() if line]) == 6
    assert lines in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.long
def test_the_notebook_trains_draws_the_loss_encodes_and_plots(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(history_manager=None)
    shell.display_pub = CapturingDisplayPublisher()
    try:
        for cell in code():
            result = shell.run_cell(cell.replace("epochs=60", "epochs=8"))
            assert result.error_before_exec is None
            assert result.error_in_exec is None
        shown: list[dict[str, Any]] = [each["data"] for each in shell.display_pub.outputs]
        pictures = [each["text/html"] for each in shown if "<svg" in each.get("text/html", "")]
        assert pictures
        assert "100% of the training" in pictures[-1]
        z = shell.user_ns["z"]
        assert z.shape == (len(aecore.load("digits").test), 2)
        assert min(z.std(0)) > 0.2, "both numbers of the code say something: the picture is no line"
    finally:
        InteractiveShell.clear_instance()
    (run,) = RunStore().list()
    assert run.status.state == "done"


def test_a_trained_model_encodes_decodes_and_reconstructs_what_its_network_does(home: Path, capsys: Any) -> None:
    model = aecore.train("digits", "linear", latent_size=3, epochs=4)
    assert re.search(r"epoch 4\.0, training loss [\d.]+\n", capsys.readouterr().err)
    x = aecore.load("digits").test.x
    z = model.encode(x)
    assert z.shape == (len(x), 3)
    assert np.allclose(model.encode(x.reshape(len(x), -1)), z)
    assert model.reconstruct(x).shape == x.shape
    error = float(np.mean((model.reconstruct(x) - x) ** 2))
    (run,) = RunStore().list()
    assert error == pytest.approx((run.status.test or {})["mse"], rel=1e-4)
    with pytest.raises(ValueError, match=r"This model takes \(N, 1, 8, 8\)"):
        model.encode(np.zeros((2, 9), np.float32))
    with pytest.raises(ValueError, match=r"Codes of this model are \(N, 3\)"):
        model.decode(np.zeros((2, 4), np.float32))
    assert repr(model) == f"<TrainedModel: linear of digits, code of 3, run {run.id}>"
    assert re.fullmatch(rf"<Run {run.id} '.+': linear of digits, done, test error 0\.\d+ per pixel>", repr(run))
    assert "shape=(1, 8, 8), latent_size=3, parameters=" in repr(model.network())


def test_settings_that_cannot_be_used_leave_no_run(home: Path) -> None:
    with pytest.raises(SettingsError, match="latent_size is 99"):
        aecore.train("digits", latent_size=99)
    assert not RunStore().list()


def test_the_curve_of_one_record_and_of_a_runaway_loss_is_drawn() -> None:
    def record(epoch: float, loss: float) -> Progress:
        return Progress(1, epoch, 0.1, 10.0, 0.01, {"loss": loss}, {"loss": loss}, 0.1, epoch / 2)

    assert curve_svg("<a & b>", []).count("<polyline") == 0
    drawn = curve_svg("<a & b>", [record(1, 0.5), record(2, float("inf"))])
    assert "&lt;a &amp; b&gt;" in drawn
    assert drawn.count("<polyline") == 2
    assert "nan" not in drawn
