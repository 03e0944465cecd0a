"""`make bench`: measures and writes docs/benchmarks.md. Ratios within one run count; machines are noisy."""

from __future__ import annotations

import platform
import statistics
import time
from pathlib import Path

from tests.benchmarks import (
    browser,
    commands,
    controls,
    gpu,
    latent_map,
    many_runs,
    maps,
    movies,
    pages,
    recommender_scale,
    refusals,
    throughput,
)

REPORT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
ROUNDS = 5


def main() -> None:
    """Runs everything.

    Loops that are compared run one right after the other, so that a fast or a busy minute hits both.
    """
    rounds: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        rounds.append({loop: throughput.measure(loop, repeats=1) for loop in throughput.LOOPS})
        print({loop: round(rate) for loop, rate in rounds[-1].items()}, flush=True)
    report = _report(rounds, maps.figures(), recommender_scale.table(), *_screens())
    REPORT.write_text(report + many_runs.section() + refusals.section() + commands.section())
    print(f"Written: {REPORT}")


def ratio(rounds: list[dict[str, float]], loop: str, base: str) -> float:
    """How many times the samples of `base` a loop takes in the same round: the median over the rounds."""
    return statistics.median(each[loop] / each[base] for each in rounds)


def _screens() -> tuple[dict[str, str], str, str]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.CHROMIUM, args=browser.FLAGS)
        browser.first_paint(chromium)  # fills the file cache
        healthy, painted, has_torch = min(browser.first_paint(chromium) for _ in range(3))
        loads = {
            "nothing trains": (0, False),
            "a run trains": (1, False),
            "two runs train and a tab watches each": (2, True),
        }
        times = {
            name: browser.answers(chromium, runs=runs, are_watched=watched) for name, (runs, watched) in loads.items()
        }
        slider, networks = browser.noise_slider(chromium)
        moves, frames, blank = browser.curve_moves(chromium)
        points = latent_map.figures(chromium) | latent_map.page_figures(chromium) | movies.figures(chromium)
        views = pages.table(pages.views(chromium))
        used = controls.table(controls.answers(chromium))
        chromium.close()
    figures = {
        "Server start to a server that answers": f"{healthy:.1f} s",
        "Server start to the painted home page": f"{painted:.1f} s",
        "Torch in the server's memory by then": "yes" if has_torch else "no",
        **{
            f"A widget of the home page answers, while {name}: median / 95th percentile": f"{browser.summary(t[0])} ms"
            for name, t in times.items()
        },
        **{
            f"The same, from a click to the new address in Chromium, while {name}": f"{browser.summary(t[1])} ms"
            for name, t in times.items()
        },
        (
            f"Noise lab: from a key on the slider to the answers of {networks} networks to sixteen pictures"
        ): f"{browser.summary(slider)} ms",
        "Changes of a training run's curve on screen": f"{moves:.1f} a second",
        "Frames of the browser in that time, and those in which the curve was missing": f"{frames} and {blank}",
        **{f"{what}: median / 95th percentile": time for what, time in points.items()},
    }
    return figures, views, used


def _report(
    rounds: list[dict[str, float]], drawing: dict[str, str], scale: str, screens: dict[str, str], views: str, used: str
) -> str:
    rates = {loop: statistics.median(each[loop] for each in rounds) for loop in throughput.LOOPS}
    names = {
        "conventional": "DataLoader, a transform per picture, default Adam, `.item()` every step",
        "bare-full": "bare training step, float32",
        "app-full": "**through the app**, float32",
        "bare-fast": "bare training step, bfloat16 matrix products",
        "app-fast": "**through the app**, bfloat16 matrix products",
    }
    loops = "\n".join(
        f"| {names[loop]} | {rate:,.0f} | {ratio(rounds, loop, 'conventional'):.2f} |" for loop, rate in rates.items()
    )
    maps_drawn, shown = (
        "\n".join(f"| {what} | {value} |" for what, value in each.items()) for each in (drawing, screens)
    )
    return f"""# Benchmarks

Made by `make bench` on {time.strftime("%Y-%m-%d")}: {_processor()}, Python {platform.python_version()}. Ratios within
one run are what counts; absolute figures depend on the machine and on what else it does.

## Training

{throughput.__doc__.split(chr(10), 2)[2].strip()} The loss is the cross-entropy per pixel. "Through the app" is a
worker with records, validation, snapshots and checkpoints, by the wall clock from the end of one epoch to the next.
Every loop runs in a process of its own, once in each of {ROUNDS} rounds; figures and ratios are medians over the
rounds, and each ratio is taken within its round.

| loop | samples per second | against conventional |
| --- | --- | --- |
{loops}

The app reaches {ratio(rounds, "app-full", "bare-full"):.2f} of the bare step in float32 and
{ratio(rounds, "app-fast", "bare-fast"):.2f} with bfloat16 products.

{"On a GPU" if gpu.write_report() else "This machine has no CUDA GPU; the newest figures of one"}: [gpu.md](gpu.md).

## Maps

One thread, the same codes for both; neighbours are 10, their votes by majority, each point left out of its own vote.

| what | measured |
| --- | --- |
{maps_drawn}

## A recommender of MovieLens 32M's size

Mult-VAE, 200 units, a code of 100 numbers, on generated ratings:
{recommender_scale.__doc__.split(chr(10), 2)[2].strip()} One epoch, the second, on {torch_threads()} threads; the peak
of the process's memory, ratings and all; one user's scores for all films.

| ratings | users | seconds an epoch | processor seconds | the same, a million ratings | GB | ms to score |
| --- | --- | --- | --- | --- | --- | --- |
{scale}

## On screen

In Chromium on the same machine, which also runs the server and the training.

| what | measured |
| --- | --- |
{shown}

## Pages

{pages.__doc__.split(chr(10), 2)[2].strip()} Seconds from the click in the menu, the first time and the second; a new
home, so that nothing but the drawn data sets has been kept from before.

| page | first view | processor | second view | processor |
| --- | --- | --- | --- | --- |
{views}

## Controls

{controls.__doc__.split(chr(10), 2)[2].strip()} Milliseconds.

| page | answers | median | slowest | over {controls.AT_ONCE:.0f} ms without a sign |
| --- | --- | --- | --- | --- |
{used}
"""


def torch_threads() -> int:
    """How many threads PyTorch takes unless told otherwise."""
    import torch

    return torch.get_num_threads()


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    import os

    return f"{name}, {os.cpu_count()} logical processors"


if __name__ == "__main__":
    main()
