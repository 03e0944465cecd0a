"""The phases of a training on its chart and beside it."""

import math

from aecore.runs.status import Status
from aecore.runs.store import Run
from ui.screens.train.phases import layer_strip, mark_phases, phases_of
from ui.widgets.figures import Curves, loss_figure


def record(epoch: float, phase: str, loss: float = 1.0) -> dict:
    return {
        "step": int(epoch),
        "epoch": epoch,
        "phase": phase,
        "train": {"reconstruction": loss},
        "validation": {"reconstruction": loss},
        "validation_mse": loss,
    }


RECORDS = [record(1, "layer 1"), record(2, "layer 1"), record(3, "layer 2", 5.0), record(4, "fine-tuning", 0.1)]


def test_each_phase_has_its_part_of_the_time_line() -> None:
    assert phases_of(RECORDS) == [("layer 1", 0.0, 2), ("layer 2", 2, 3), ("fine-tuning", 3, 4)]
    assert phases_of([record(1, ""), record(2, "")]) == []
    assert phases_of([{**record(1, "")}, {key: value for key, value in record(2, "").items() if key != "phase"}]) == []


def test_no_line_joins_the_losses_of_two_phases() -> None:
    figure = loss_figure(Curves("run", RECORDS))
    mark_phases(figure, RECORDS)
    for trace in figure.data[:2]:
        assert [None if math.isnan(y) else y for y in trace.y] == [1, 1, None, 5, None, 0.1, None]
    assert [shape.x0 for shape in figure.layout.shapes] == [0, 2, 3]
    assert [note.text for note in figure.layout.annotations] == ["layer 1", "layer 2", "fine-tuning"]


def test_the_strip_tells_which_layers_are_frozen_learn_or_wait() -> None:
    settings = {"widths": [9, 7], "latent_size": 3}
    run = Run("id", None, settings, Status(state="training"))  # type: ignore[arg-type]
    strip = layer_strip(run, RECORDS[:3])
    assert [word for word in ("frozen", "learns", "not begun") if word in strip] == ["frozen", "learns", "not begun"]
    assert strip.index("frozen") < strip.index("learns") < strip.index("not begun")
    assert "not begun" not in layer_strip(run, RECORDS)
    assert layer_strip(run, [record(1, "")]) == ""
