"""`aecore encode`, `reconstruct` and `generate`: against the network itself, from files, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aecore.__main__ import main
from aecore.datasets import load
from aecore.datasets.uploads.reading import read_upload, save_upload
from aecore.experiment.settings import RunSettings
from aecore.latent.generation import decoded
from aecore.pretrained.trained_models import encode, find_trained_model
from aecore.runs.store import RunStore
from tests.small_runs import finish, make

CASES = Path(__file__).parents[1] / "data" / "cases"
Capture = pytest.CaptureFixture[str]


def run_main(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    status = main([str(each) for each in arguments])
    out = capsys.readouterr()
    return status, out.out, out.err


def test_codes_are_those_of_the_network_with_names_and_labels(tmp_path: Path, capsys: Capture) -> None:
    status, said, _ = run_main(capsys, "encode", "digits", "--out", tmp_path / "a" / "codes.npz")
    test = load("digits").test
    assert (status, said) == (0, f"{tmp_path / 'a' / 'codes.npz'}: {len(test)} x 8 numbers\n")
    found = np.load(tmp_path / "a" / "codes.npz")
    network = find_trained_model(RunStore(), "digits").network()
    np.testing.assert_allclose(found["codes"], encode(network, test.x), atol=1e-5)
    np.testing.assert_array_equal(found["labels"], test.labels)
    assert found["names"][:2].tolist() == ["test-00000", "test-00001"]


def test_a_run_reconstructs_as_its_own_test_says(home: Path, tmp_path: Path, capsys: Capture) -> None:
    store = RunStore(home / "runs")
    run = finish(store, make(store))
    _, said, _ = run_main(capsys, "reconstruct", run.id, "--out", tmp_path / "back.npy")
    mse = (store.get(run.id).status.test or {})["mse"]
    assert said.splitlines()[1] == f"Mean squared error per pixel: {mse:.6f}"
    back = np.load(tmp_path / "back.npy")
    assert back.shape == load("digits").test.x.shape
    assert ((back - load("digits").test.x) ** 2).mean() == pytest.approx(mse, rel=1e-5)


def test_arrays_and_pictures_from_files_are_encoded(tmp_path: Path, capsys: Capture) -> None:
    x = load("digits").validation.x[:3]
    np.save(tmp_path / "flat.npy", x.reshape(3, 64))
    np.save(tmp_path / "pictures.npy", x[:, 0])
    for place, picture in enumerate(x):
        Image.fromarray((picture[0] * 255).round().astype(np.uint8)).save(tmp_path / f"digit{place}.png")
    expected = encode(find_trained_model(RunStore(), "digits").network(), x)
    for files in (["flat.npy"], ["pictures.npy"], ["digit0.png", "digit1.png", "digit2.png"]):
        paths = [tmp_path / file for file in files]
        assert run_main(capsys, "encode", "digits", *paths, "--out", tmp_path / "codes.npz")[0] == 0
        found = np.load(tmp_path / "codes.npz")
        np.testing.assert_allclose(found["codes"], expected, atol=0.05)
    assert found["names"].tolist() == ["digit0", "digit1", "digit2"]


def test_a_table_of_pixels_and_a_file_of_other_size_are_made_to_fit(tmp_path: Path, capsys: Capture) -> None:
    for file, count in (("14-whole-numbers-not-to-255/optdigits.csv", 60), ("15-matlab-order/faces_hwn.npy", 40)):
        assert run_main(capsys, "encode", "digits", CASES / file, "--out", tmp_path / "codes.npy")[0] == 0
        assert np.load(tmp_path / "codes.npy").shape == (count, 8)


def test_an_array_is_scaled_as_the_data_of_the_model_were_not_by_its_own_highest_number(
    tmp_path: Path, capsys: Capture
) -> None:
    x = load("digits").validation.x[:5]
    levels = np.minimum((x * 16).round(), 9).astype(np.uint8)  # none reaches 16
    np.save(tmp_path / "dark.npy", levels)
    status, out, told = run_main(capsys, "encode", "digits", tmp_path / "dark.npy", "--out", tmp_path / "codes.npy")
    assert status == 0
    assert out == f"{tmp_path / 'codes.npy'}: 5 x 8 numbers\n"
    assert "The numbers go from 0 to 9 and were divided by 9: the highest became 1." in told
    assert "Then brought to the scale of the model's own data: 0 became 0, and 16 became 1." in told
    network = find_trained_model(RunStore(), "digits").network()
    np.testing.assert_allclose(
        np.load(tmp_path / "codes.npy"), encode(network, (levels / 16).astype(np.float32)), atol=1e-4
    )
    run_main(capsys, "encode", "digits", tmp_path / "dark.npy", "--scale", "highest", "--out", tmp_path / "codes.npy")
    np.testing.assert_allclose(
        np.load(tmp_path / "codes.npy"), encode(network, (levels / 9).astype(np.float32)), atol=1e-4
    )


def test_files_can_be_turned_and_their_label_named(tmp_path: Path, capsys: Capture) -> None:
    x = load("digits").validation.x[:4]
    np.savez(tmp_path / "d.npz", x=(x * 16).round(), y=np.arange(4), other=np.array([1, 1, 0, 0]))
    turn = ("--turn", "transposed", "--label", "other")
    _, _, told = run_main(capsys, "encode", "digits", tmp_path / "d.npz", *turn, "--out", tmp_path / "codes.npz")
    assert "Every picture was mirrored at its diagonal" in told
    found = np.load(tmp_path / "codes.npz")
    assert found["labels"].tolist() == [1, 1, 0, 0]
    network = find_trained_model(RunStore(), "digits").network()
    np.testing.assert_allclose(found["codes"], encode(network, x.swapaxes(2, 3)), atol=1e-4)


def test_a_table_is_scaled_as_the_uploaded_one_was_that_the_run_has_learned(
    home: Path, tmp_path: Path, capsys: Capture
) -> None:
    rng = np.random.default_rng(0)
    rows = np.column_stack([rng.integers(0, 90, 40), rng.integers(-50, 50, 40) * 10])
    rows[:2] = [[0, -500], [100, 500]]
    text = "a,b\n" + "".join(f"{one},{other}\n" for one, other in rows)
    uploaded = read_upload([("t.csv", text.encode())])
    id = save_upload(uploaded, "Table", home)
    store = RunStore(home / "runs")
    settings = RunSettings.build(id, "linear", latent_size=1, epochs=2)
    run = finish(store, store.create(settings.to_dict(), "Table"))
    (tmp_path / "new.csv").write_text("b,a\n0,50\n250,25\n900,25\n")
    _, _, told = run_main(capsys, "reconstruct", run.id, tmp_path / "new.csv", "--out", tmp_path / "back.npy")
    expected = np.array([[0.5, 0.5], [0.25, 0.75], [0.25, 1]], np.float32)
    network = find_trained_model(store, run.id).network()
    np.testing.assert_allclose(np.load(tmp_path / "back.npy"), decoded(network, encode(network, expected)), atol=1e-5)
    assert "1 numbers lie outside" not in told
    assert "1 number lies outside of what it has learned and was cut off." in told
    status, _, error = run_main(capsys, "encode", run.id, CASES / "24-savetxt" / "b.csv", "--out", tmp_path / "a.npy")
    assert (status, "there is none called 'a'" in error) == (1, True)


def test_pictures_are_written_as_png_and_read_again(tmp_path: Path, capsys: Capture) -> None:
    _, said, _ = run_main(capsys, "generate", "faces-variational", "--count", "3", "--out", tmp_path / "faces")
    assert said == f"{tmp_path / 'faces'}: 3 PNG pictures of 32 x 32\n"
    made = sorted((tmp_path / "faces").iterdir())
    assert [path.name for path in made] == ["00000.png", "00001.png", "00002.png"]
    _, said, _ = run_main(capsys, "reconstruct", "faces-variational", *made, "--out", tmp_path / "again")
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == [path.name for path in made]
    status, _, error = run_main(capsys, "reconstruct", "faces-variational", *made, "--out", tmp_path / "faces")
    assert status == 1
    assert "would be written over" in error


def test_a_seed_draws_the_same_again_and_the_prior_is_a_variational_autoencoders(
    tmp_path: Path, capsys: Capture
) -> None:
    drawn = []
    for seed in (1, 1, 2):
        run_main(capsys, "generate", "digits-variational", "--seed", seed, "--count", 4, "--out", tmp_path / "a.npy")
        drawn.append(np.load(tmp_path / "a.npy"))
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert np.abs(drawn[0] - drawn[2]).max() > 0.1
    z = np.random.default_rng(1).standard_normal((4, 8))
    network = find_trained_model(RunStore(), "digits-variational").network()
    np.testing.assert_allclose(drawn[0], decoded(network, z.astype(np.float32)), atol=1e-5)
    status, _, error = run_main(capsys, "generate", "digits", "--way", "prior", "--out", tmp_path / "a.npy")
    assert (status, "Only a variational autoencoder has a prior" in error) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["encode", "nobody", "--out", "a.npy"], "neither the id of a run nor a built-in model"),
        (["encode", "digits", "--out", "a.jpg"], "name a file that ends in .npy, .npz, .csv"),
        (["reconstruct", "digits", "--out", "a.jpg"], "or a folder for PNG pictures"),
        (["encode", "digits", "no-such-file.png", "--out", "a.npy"], "no-such-file.png cannot be read"),
        (["encode", "digits", "{notes}", "--out", "a.npy"], "is of a kind that cannot be read"),
        (["encode", "digits", "{notes}", "--part", "train", "--out", "a.npy"], "leave it out, or the files"),
        (["encode", "digits", "--out", "{notes}/a.npy"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_gets_a_sentence(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.doc").write_bytes(b"\xd0\xcf\x11\xe0 no pictures")
    status, _, error = run_main(capsys, *(each.format(notes="notes.doc") for each in arguments))
    assert status == 1
    assert words in error


def test_rows_of_numbers_need_their_own_scale(home: Path, tmp_path: Path, capsys: Capture) -> None:
    store = RunStore(home / "runs")
    settings = RunSettings.build("spiral", "linear", latent_size=1, epochs=2)
    run = finish(store, store.create(settings.to_dict(), "Spiral"))
    np.save(tmp_path / "far.npy", np.full((3, 2), 7.0))
    status, _, error = run_main(capsys, "encode", run.id, tmp_path / "far.npy", "--out", tmp_path / "a.npy")
    assert status == 1
    assert "rows of 2 numbers between 0 and 1" in error
    assert run_main(capsys, "reconstruct", run.id, "--out", tmp_path / "rows.csv")[0] == 0
    assert len((tmp_path / "rows.csv").read_text().splitlines()) == len(load("spiral").test)
