"""`python -m aecore assets`: trains the built-in models again, each by its recipe in aecore/recipes.py."""

from __future__ import annotations

import argparse

from aecore.builtin import ASSETS, make_builtin
from aecore.recipes import BUILTIN


def main(arguments: list[str]) -> int:
    """Makes all of them, or those named."""
    parser = argparse.ArgumentParser("python -m aecore assets", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BUILTIN, []], metavar="NAME", help="which models, all unless told: " + ", ".join(BUILTIN))
    names = parser.parse_args(arguments).names or BUILTIN
    import torch

    from aecore.devices import keep_memory

    torch.set_num_threads(1)  # as in the app's workers: the same numbers
    keep_memory()
    for name in names:
        facts = make_builtin(name)
        print(f"{name}: test mse {facts['test']['mse']:.5f}, PCA {facts['baselines']['pca_test']:.5f}, {facts['seconds']} s", flush=True)
    print(f"{sum(path.stat().st_size for path in ASSETS.rglob('*') if path.is_file()) / 1e6:.2f} MB in {ASSETS}")
    return 0
