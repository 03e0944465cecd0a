"""Layer-by-layer training: stacked autoencoders and stacks of Boltzmann machines, then the fine-tuning of the whole."""

from __future__ import annotations

import textwrap

from aecore.export.cells import Cell, fill
from aecore.export.machines import machines
from aecore.export.network import Network, Words
from aecore.export.subject import Subject
from aecore.export.training import common, corruption_line, counting, has_rates, optimizer, rates, setup

FIT = '''
    losses: list[float] = []  # the mean loss of every epoch


    $signature
        """Trains on `examples` for `epochs` epochs, minimising loss(batch)."""
        $total
        for epoch in range(len(losses), len(losses) + epochs):
            $stop
            $sums
            for batch in epoch_order(epoch).split(BATCH_SIZE)$cut:
                value = loss(examples[batch])
                optimizer.zero_grad()
                value.backward()  # the slope of the loss in every weight
                $rate
                optimizer.step()  # a small step downhill
                summed += value.item() * len(batch)
                $count
            losses.append(summed / $seen)
            print(f"{label:12s} epoch {epoch + 1:4d}   training loss {losses[-1]:.6f}")
'''

PARAMETERS = "label: str, epochs: int, examples: Tensor, loss: Callable, optimizer: torch.optim.Optimizer"
TOTAL = "step, total = 0, epochs * steps_per_epoch"

RATE = """
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(step, total)
    step += 1
"""

LAYERS = """
    LAYERS = $layers
    examples = train
    for k in range($begun):
        $layer
        with torch.no_grad():  # what this layer makes of all examples is what the next one learns from
            $unrolled
            examples = torch.cat([model.encoder[2 * k : 2 * k + 2](part.flatten(1)) for part in examples.split(5000)])
"""

PAIR = '''
    def pair_loss(pair: nn.Module, k: int) -> Callable:
        """The loss of layer k and its mirror image: the error of $what, or of the codes below."""

        def loss(x: Tensor) -> Tensor:
            $corruption
            $answer
            target = x.flatten(1)
            return $loss

        return loss
'''

STACKED = """
    up, down = 2 * k, 2 * (LAYERS - 1 - k)
    pair = nn.Sequential(*model.encoder[up : up + 2], *model.decoder[down : down + 2])  # an autoencoder of its own
    optimizer = $optimizer
    fit(f"layer {k + 1}", LAYER_EPOCHS, examples, pair_loss(pair, k), optimizer)
"""

WHOLE_LOSS = '''
    def whole_loss(clean: Tensor) -> Tensor:
        """The loss of the whole network on corrupted $what."""
        $corruption
        return model.loss(noisy, clean)
'''

FINE_TUNING = """
    optimizer = $optimizer
    fit("fine-tuning", EPOCHS, train, $loss, optimizer$flag)
"""

ENDED = """
    training_loss = losses[-1]
    print(f"validation error {mean_squared_error(validation, validation):.6f}")
"""

PROSE = {
    "stacked": "First each layer learns alone: with its mirror image it is a small autoencoder of the codes of the "
    "layers below. Then all layers together learn to reconstruct the {what}.",
    "deep": "First each layer learns alone, as a restricted Boltzmann machine of the codes of the layers below. "
    "Then the stack is unrolled into an autoencoder, and all layers together learn to reconstruct the {what}.",
}


def greedy_cell(subject: Subject, network: Network, is_medium: bool) -> Cell:
    """The cell that trains layer by layer and then all of them, and leaves `training_loss` of the last epoch."""
    variant = subject.settings.variant
    layers = len(subject.settings.layer_sizes(subject.shape)) - 1
    begun = _layers_begun(subject, layers)
    first, layer, unrolled = _stacked(subject) if variant == "stacked" else machines(subject)
    loop = fill(
        LAYERS, layers=layers, begun="LAYERS" if begun >= layers else f"{begun}", layer=layer, unrolled=unrolled
    )
    last = (_fine_tuning(subject) if begun > layers else "") + fill(ENDED)
    corrupted = (
        [fill(WHOLE_LOSS, corruption=corruption_line(subject), what=subject.what)]
        if subject.is_corrupted and begun > layers
        else []
    )
    parts = [
        setup(subject, network, is_medium),
        *([rates(subject)] if has_rates(subject) else []),
        *common(subject),
        _fit(subject),
    ]
    return Cell(
        "Training",
        PROSE[variant].format(what=subject.what),
        "\n\n\n".join([*parts, first, *corrupted, f"{loop}\n\n{last}"]),
    )


def _layers_begun(subject: Subject, layers: int) -> int:
    """Number of layers that a stopped run has begun, one more if it has begun the fine-tuning;
    all of them if it was not stopped.
    """
    phase = subject.records[-1].get("phase", "") if subject.is_stopped else ""
    return int(phase.split()[-1]) if phase and phase[-1].isdigit() else layers + 1


def _fit(subject: Subject) -> str:
    is_deep, is_varying = subject.settings.variant == "deep", has_rates(subject)
    signature = f"def fit({PARAMETERS}) -> None:"
    rate = fill(RATE) if is_varying else ""
    if is_varying and is_deep:
        signature = f"def fit(\n    {PARAMETERS}, is_scheduled: bool\n) -> None:"
        rate = "if is_scheduled:\n" + textwrap.indent(rate, "    ")
    return fill(
        FIT, **counting(subject, "examples"), signature=signature, total=TOTAL if is_varying else "",
        stop="if epoch * steps_per_epoch >= LAST_STEP:\n    break" if subject.is_stopped else "",
        cut="[: LAST_STEP - epoch * steps_per_epoch]" if subject.is_stopped else "", rate=rate,
    )  # fmt: skip


def _stacked(subject: Subject) -> tuple[str, str, str]:
    """Code before all layers, for each layer, and after each layer is trained."""
    words, is_bce = Words(subject), subject.model.loss == "bce"
    corruption = corruption_line(subject).replace("clean", "x").replace("= ", "= x if k else ")
    pair = fill(
        PAIR, corruption=corruption, answer=_answer(subject, "noisy" if corruption else "x"),
        loss=_pair_error(is_bce, words.is_sigmoid), what=subject.what,
    )  # fmt: skip
    return pair, fill(STACKED, optimizer=optimizer(subject, "pair.parameters()", "LEARNING_RATE")), ""


def _answer(subject: Subject, seen: str) -> str:
    """The reconstruction by a pair, in bfloat16 if the run computed it so."""
    answer = f"y = pair({seen}.flatten(1))"
    return f"with torch.autocast(DEVICE, torch.bfloat16):\n    {answer}.float()" if subject.is_fast else answer


def _pair_error(is_bce: bool, is_sigmoid: bool) -> str:
    """The run's own loss for the lowest pair, the mean squared error for the others."""
    squared = "F.mse_loss(y, target)"
    if not is_bce and not is_sigmoid:
        return squared
    lowest = "F.binary_cross_entropy_with_logits(y, target)" if is_bce else "F.mse_loss(torch.sigmoid(y), target)"
    return f"{squared} if k else {lowest}"


def _fine_tuning(subject: Subject) -> str:
    is_flagged = subject.settings.variant == "deep" and has_rates(subject)
    return fill(
        FINE_TUNING, loss="whole_loss" if subject.is_corrupted else "model.loss",
        flag=", is_scheduled=True" if is_flagged else "",
        optimizer=optimizer(subject, "model.parameters()", "LEARNING_RATE"),
    ) + "\n"  # fmt: skip
