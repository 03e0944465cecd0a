"""The numpy forward pass gives what torch gives."""

from pathlib import Path

import numpy as np
import pytest
import torch

from aecore.nn.numpy_forward import FUNCTIONS, apply, layers_of
from aecore.pretrained import builtin
from aecore.pretrained.trained_models import builtin_names, find_trained_model, plain_layers
from aecore.runs.store import RunStore
from aecore.variants import VARIANTS


@pytest.mark.parametrize("activation", FUNCTIONS)
@pytest.mark.parametrize("output", ["sigmoid", "linear"])
def test_a_dense_autoencoder_gives_the_same_in_numpy_and_in_torch(activation: str, output: str) -> None:
    variant = VARIANTS["undercomplete"]
    settings = variant.settings_class(
        latent_size=3, widths=(9, 5), activation=activation, code_activation=activation, output=output
    )
    model = variant.build(settings, (1, 4, 4), torch.Generator().manual_seed(1))
    x = torch.rand(6, 1, 4, 4, generator=torch.Generator().manual_seed(2))
    weights = {name: value.detach().numpy() for name, value in model.state_dict().items()}
    encoder, decoder = (layers_of(part, weights, settings.to_dict()) for part in ("encoder", "decoder"))
    with torch.inference_mode():
        z = model.encode(x)
        assert np.allclose(apply(encoder, x.flatten(1).numpy()), z.numpy(), atol=1e-5)
        assert np.allclose(apply(decoder, z.numpy()), model.decode(z).flatten(1).numpy(), atol=1e-5)


def test_built_in_models_of_plain_layers_give_the_same_in_numpy_and_in_torch(tmp_path: Path) -> None:
    trained_models = [find_trained_model(RunStore(tmp_path / "runs"), name) for name in builtin_names()]
    plain = {trained_model.id: layers for trained_model in trained_models if (layers := plain_layers(trained_model))}
    assert {"digits", "digits-without-3", "mnist-undercomplete-25"} <= set(plain)
    for name, (encoder, decoder) in plain.items():
        model = builtin.model(name)
        x = np.random.default_rng(0).random((5, *model.shape), np.float32)
        with torch.inference_mode():
            expected = model(torch.from_numpy(x)).numpy()
        np.testing.assert_allclose(apply([*encoder, *decoder], x.reshape(5, -1)), expected.reshape(5, -1), atol=1e-5)


def test_an_activation_that_numpy_lacks_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="gelu"):
        layers_of(
            "encoder", {"encoder.0.weight": np.zeros((2, 3)), "encoder.0.bias": np.zeros(2)}, {"activation": "gelu"}
        )
