"""The export's training loop: the same order, corruption, learning rates and steps as the run's."""

from __future__ import annotations

import textwrap

from aecore.corruption import CORRUPTIONS
from aecore.export.cells import Cell, fill
from aecore.export.network import Network, Words
from aecore.export.subject import Subject

OPTIMISERS = {
    "adam": "torch.optim.Adam($weights, lr=$rate$decay, fused=True)",
    "adamw": "torch.optim.AdamW($weights, lr=$rate$decay, fused=True)",
    "rmsprop": "torch.optim.RMSprop($weights, lr=$rate$decay, foreach=True)",
    "sgd": "torch.optim.SGD($weights, lr=$rate$decay, momentum=0.9, fused=True)",
}

SETUP = """
    torch.set_num_threads(1)  # quickest for small networks; and sums are always added up in the same order
    model = Autoencoder(torch.Generator().manual_seed(SEED)).to(DEVICE)
    $initialise
    $medium
    $generator
    steps_per_epoch = math.ceil(len(train) / BATCH_SIZE)
"""

MEDIUM = """
    # The run's way to multiply matrices.$caution
    torch.set_float32_matmul_precision("medium")
"""

CAUTION = ' On a processor with AMX it would round to bfloat16; there, take "highest".'

ORDER = '''
    def epoch_order(epoch: int) -> Tensor:
        """The order in which an epoch visits the training $what: shuffled afresh, determined by SEED."""
        mixed = (SEED * 1_000_003 + epoch * 7_919 + 1) % 2**63
        return torch.randperm(len(train), generator=torch.Generator().manual_seed(mixed)).to(DEVICE)
'''

RATES = {
    "one-cycle": '''
        def learning_rate(step: int, total: int) -> float:
            """Up from a tenth during the first 5 % of all steps, then down to zero: one-cycle, Smith & Topin 2018."""
            $peak
            share, warm_up = step / total, 0.05
            if share < warm_up:
                return $top * (0.1 + 0.9 * share / warm_up)
            return $top * (1 - share) / (1 - warm_up)
    ''',
    "cosine": '''
        def learning_rate(step: int, total: int) -> float:
            """Half a cosine: from LEARNING_RATE down to zero over all steps."""
            $peak
            return $top * (1 + math.cos(math.pi * step / total)) / 2
    ''',
    "constant": '''
        def learning_rate(step: int, total: int) -> float:
            """Constant until the run diverged and resumed with a smaller one."""
            $peak
            return $top
    ''',
}

ERROR = '''
    @torch.inference_mode()
    def mean_squared_error(x: Tensor, target: Tensor) -> float:
        """Per $unit, between `target` (N, $shape) and the reconstruction of x."""
        model.eval()
        parts = zip(x.split(2000), target.split(2000), strict=True)
        total = sum(F.mse_loss(model(part), wanted, reduction="sum") for part, wanted in parts)
        model.train()
        return float(total) / x.numel()
'''

LOOP = """
    optimizer = $optimizer
    step = 0
    for epoch in range($epochs):
        $sums
        for batch in epoch_order(epoch).split(BATCH_SIZE)$cut:
            $clean = train[batch]
            $corruption
            loss = model.loss($arguments)
            optimizer.zero_grad()
            loss.backward()  # the slope of the loss in every weight
            $rate
            optimizer.step()  # a small step downhill
            step += 1
            summed += loss.item() * len(batch)
            $count
        training_loss = summed / $seen
        $report
"""

REPORT = """
    error = mean_squared_error(validation, validation)
    print(f"epoch {epoch + 1:4d}   training loss {training_loss:.6f}   validation error {error:.6f}")
"""

STEP_RATE = """
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(step, EPOCHS * steps_per_epoch)
"""

PROSE = (
    "Every epoch visits all training {what} once, in an order of its own, a batch at a time: {corruption}compute the "
    "loss, let PyTorch compute its gradient, and take a small step downhill.{start}"
)
EVERY = (1, 2, 5, 10, 20, 50, 100)
LINES = 30
"""A line is printed after every epoch, or, so that there are not many more lines than this,
after every second, fifth, ...
"""


def training_cell(subject: Subject, network: Network, is_medium: bool) -> Cell:
    """The cell that trains `model` in one phase and leaves `training_loss`, the mean over the last epoch."""
    words = Words(subject)
    is_varying = has_rates(subject)
    rate = fill(STEP_RATE) if is_varying else ""
    loop = fill(
        LOOP, **counting(subject, "train"), optimizer=optimizer(subject, "model.parameters()", "LEARNING_RATE"),
        clean=words.clean, corruption=corruption_line(subject),
        arguments=_arguments(subject, network), rate=rate, report=_report(subject),
        epochs="math.ceil(LAST_STEP / steps_per_epoch)" if subject.is_stopped else "EPOCHS",
        cut="[: LAST_STEP - step]" if subject.is_stopped else "",
    )  # fmt: skip
    parts = [setup(subject, network, is_medium), *([rates(subject)] if is_varying else []), *common(subject), loop]
    return Cell("Training", prose(subject, network), "\n\n\n".join(parts))


def counting(subject: Subject, examples: str) -> dict[str, str]:
    """How the mean loss of an epoch is computed; the last epoch of a stopped run does not see all examples."""
    if subject.is_stopped:
        return {"sums": "summed, seen = 0.0, 0", "count": "seen += len(batch)", "seen": "seen"}
    return {"sums": "summed = 0.0", "count": "", "seen": f"len({examples})"}


def prose(subject: Subject, network: Network) -> str:
    """Describes this cell in words."""
    start = " Before the first step the network is set to answer with the mean." if network.starts_at_mean else ""
    return PROSE.format(what=subject.what, corruption="corrupt it, " if subject.is_corrupted else "", start=start)


def setup(subject: Subject, network: Network, is_medium: bool) -> str:
    """Model, generator and what they need."""
    drawn = [
        *(["the corruption"] if subject.is_corrupted else []),
        *(["the noise of the loss"] if network.draws else []),
    ]
    if subject.is_greedy and subject.settings.variant == "deep":
        drawn.append("the states of the machines")
    generator = f"rng = torch.Generator(DEVICE).manual_seed(SEED)  # draws {' and '.join(drawn)}" if drawn else ""
    initialise = "model.start_at_mean(train)" if network.starts_at_mean else ""
    return fill(
        SETUP,
        medium=fill(MEDIUM, caution="" if subject.is_fast else CAUTION) if is_medium else "",
        initialise=initialise,
        generator=generator,
    )


def common(subject: Subject) -> list[str]:
    """The functions that every training needs."""
    values = Words(subject).values
    return [fill(ORDER, **values), fill(ERROR, **values)]


def rates(subject: Subject) -> str:
    """The function that gives each step its learning rate."""
    stretches = subject.peaks()
    if len(stretches) == 1:
        return fill(RATES[subject.settings.training.schedule], peak="", top="LEARNING_RATE")
    peak = f"LEARNING_RATE if step >= {stretches[-1][0]} else "
    for index in range(len(stretches) - 2, -1, -1):
        peak += f"{stretches[index][1]!r} if step >= {stretches[index][0]} else " if index else f"{stretches[0][1]!r}"
    line = f"peak = {peak}  # the run diverged, and went on with smaller steps"
    return fill(RATES[subject.settings.training.schedule], peak=line, top="peak")


def has_rates(subject: Subject) -> bool:
    """Whether the learning rate changes while it trains."""
    return subject.settings.training.schedule != "constant" or len(subject.peaks()) > 1


def optimizer(subject: Subject, weights: str, rate: str) -> str:
    """The optimiser, as the run makes it."""
    decay = ", weight_decay=WEIGHT_DECAY" if subject.settings.training.weight_decay else ""
    return fill(OPTIMISERS[subject.settings.training.optimiser], weights=weights, rate=rate, decay=decay)


def corruption_line(subject: Subject) -> str:
    """The line that corrupts a batch, if the run does."""
    if not subject.is_corrupted:
        return ""
    return f"noisy = {corruption_name(subject)}(clean, NOISE_LEVEL, rng)  # the input only: the target stays clean"


def corruption_name(subject: Subject) -> str:
    """The name of the corruption's function."""
    return CORRUPTIONS[subject.settings.corruption.corruption].apply.__name__


def _arguments(subject: Subject, network: Network) -> str:
    return ("noisy, clean" if subject.is_corrupted else "x") + (", rng" if network.draws else "")


def _report(subject: Subject) -> str:
    every = next((each for each in EVERY if subject.settings.training.epochs / each <= LINES), EVERY[-1])
    report = fill(REPORT)
    return report if every == 1 else f"if (epoch + 1) % {every} == 0:\n{textwrap.indent(report, '    ')}"
