"""The export's end: the test error beside the app's, and a picture of the reconstructions."""

from __future__ import annotations

import inspect

from aecore.corruption import CORRUPTIONS
from aecore.export.cells import Cell, fill
from aecore.export.subject import Subject
from aecore.export.training import corruption_name

TEST = """
    $highest
    test_error = mean_squared_error(test, test)
    print(f"training loss of the last epoch: {training_loss:.7f}$loss")
    print(f"test error per $unit: {test_error:.7f}$error")
"""

DENOISING = """

    test_rng = torch.Generator(DEVICE).manual_seed(1)  # the corruption of the app's test
    noisy = torch.cat([$corruption(part, NOISE_LEVEL, test_rng) for part in test.split(2000)])
    noisy_error = F.mse_loss(noisy, test).item()
    denoised_error = mean_squared_error(noisy, test)
    print(f"corrupted: {noisy_error:.7f}$noisy, denoised: {denoised_error:.7f}$denoised")
"""

PICTURES = """
    model.eval()
    with torch.inference_mode():
        shown = $shown
        rows = {$rows}
        $dreams
    figure, axes = plt.subplots(len(rows), figsize=(10, 1.3 * len(rows)), layout="constrained")
    for axis, (label, pictures) in zip(axes, rows.items(), strict=True):
        strip = torch.cat(list(pictures), dim=2).clamp(0, 1).cpu()  # (channels, height, width of all)
        axis.imshow(strip.permute(1, 2, 0).numpy(), cmap="gray", vmin=0, vmax=1)
        axis.set_title(label, loc="left")
        axis.set_axis_off()
    figure.savefig("reconstructions.png", dpi=150)
"""

DREAMS = """
    codes = torch.randn(len(shown), LATENT_SIZE, generator=rng, device=DEVICE)
    rows["dreams: random codes, decoded"] = model.decode(codes)
"""

POINTS = """
    model.eval()
    with torch.inference_mode():
        back = model(test).cpu().numpy()
    figure, axis = plt.subplots(figsize=(5, 5), layout="constrained")
    axis.scatter(*test.cpu().numpy().T, s=4, label="test examples")
    axis.scatter(*back.T, s=4, label="reconstructions")
    axis.legend()
    figure.savefig("reconstructions.png", dpi=150)
"""

ROWS = """
    model.eval()
    with torch.inference_mode():
        shown = test[:5].cpu().numpy()
        back = model(test[:5]).cpu().numpy()
    figure, axes = plt.subplots(len(shown), figsize=(8, 2 * len(shown)), squeeze=False, layout="constrained")
    for axis, before, after in zip(axes[:, 0], shown, back, strict=True):
        axis.plot(before, marker="o", label="test example")
        axis.plot(after, marker="x", linestyle="--", label="reconstruction")
    axes[0, 0].legend()
    figure.savefig("reconstructions.png", dpi=150)
"""


def corruption_cell(subject: Subject) -> Cell:
    """The cell that holds the run's corruption, which is the app's own function."""
    about = CORRUPTIONS[subject.settings.corruption.corruption]
    prose = (
        f"{about.title}: the network sees corrupted {subject.what}, and its target is the clean ones. "
        f"The corruption is drawn afresh every time. Its level is the {about.level}."
    )
    return Cell("Corruption", prose, inspect.getsource(about.apply))


def test_cell(subject: Subject, is_medium: bool) -> Cell:
    """The cell that measures the model on the test set, beside the app's figures where there are some."""
    test = subject.status.test or {}
    highest = (
        'torch.set_float32_matmul_precision("highest")  # the test is computed in full precision'
        if is_medium or subject.is_fast
        else ""
    )
    loss = subject.training_loss
    code = fill(
        TEST,
        highest=highest,
        loss="" if loss is None else f" (in the app {loss:.7f})",
        error=_app(test, "mse"),
        unit="pixel" if subject.is_image else "number",
    )
    if subject.is_corrupted:
        denoising = fill(
            DENOISING,
            corruption=corruption_name(subject),
            noisy=_app(test, "mse_damaged"),
            denoised=_app(test, "mse_denoised"),
        )
        code += "\n\n" + denoising.strip("\n")
    prose = f"The mean squared error on {subject.what} that were used neither to learn nor to choose, uncorrupted."
    if subject.is_corrupted:
        prose = prose.replace(", uncorrupted.", ": uncorrupted ones first, then corrupted ones to be denoised.")
    return Cell("Test", prose, code)


def pictures_cell(subject: Subject) -> Cell:
    """The cell that draws reconstructions into reconstructions.png."""
    if not subject.is_image:
        template = POINTS if subject.shape == (2,) else ROWS
        return Cell("Reconstructions", "Test examples and their reconstructions.", fill(template))
    shown = "test[:10]"
    rows = ['"test pictures": shown', '"reconstructions": model(shown)']
    if subject.is_corrupted:
        rows = ['"test pictures": shown', '"corrupted": noisy[:10]', '"reconstructions": model(noisy[:10])']
    is_dreaming = subject.settings.variant == "variational"
    prose = "Test pictures above, and below what the decoder paints from their codes."
    if is_dreaming:
        prose += " At the bottom are generated pictures, decoded from random codes."
    code = fill(PICTURES, shown=shown, rows=", ".join(rows), dreams=fill(DREAMS) if is_dreaming else "")
    return Cell("Pictures", prose, code)


def _app(test: dict[str, float], name: str) -> str:
    return f" (in the app {test[name]:.7f})" if name in test else ""
