"""Settings that had another name in earlier versions: runs, commands and code that use it mean what they meant."""

from __future__ import annotations

import pytest

from aecore.commands import generate, train_recommender
from aecore.recommender.models.item_knn import ItemKnnSettings
from aecore.recommender.training.settings import RecommenderSettings
from aecore.settings import SettingsError

KNN = ["--model", "item-knn"]


def test_a_run_of_then_is_read_and_written_with_the_present_name() -> None:
    settings = ItemKnnSettings.from_dict({"likeness_shrinkage": 7.0})
    assert settings.similarity_shrinkage == 7.0
    assert "likeness_shrinkage" not in settings.to_dict()
    run = {"kind": "recommender", "data": "ml-latest-small", "model": "item-knn", "likeness_shrinkage": 8.0}
    built = RecommenderSettings.from_dict(run)
    assert built.to_dict()["similarity_shrinkage"] == 8.0
    assert RecommenderSettings.from_dict(built.to_dict()) == built


def test_the_present_name_counts_before_the_former_one_and_a_former_value_is_checked() -> None:
    both = {"likeness_shrinkage": 7.0, "similarity_shrinkage": 9.0}
    assert ItemKnnSettings.from_dict(both).similarity_shrinkage == 9.0
    with pytest.raises(SettingsError, match="similarity_shrinkage is -1"):
        ItemKnnSettings.from_dict({"likeness_shrinkage": -1.0})


@pytest.mark.parametrize("option", ["--similarity-shrinkage", "--likeness-shrinkage"])
def test_both_options_are_understood_and_the_help_names_the_present_one(option: str) -> None:
    parser = train_recommender._parser(KNN)
    assert vars(parser.parse_args([*KNN, option, "11"]))["similarity_shrinkage"] == 11.0
    assert vars(parser.parse_args(KNN))["similarity_shrinkage"] is None
    assert "--similarity-shrinkage" in parser.format_help()
    assert "likeness" not in parser.format_help()


def test_generate_calls_the_factor_of_the_spread_a_scale(capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--scale", "--temperature"):
        with pytest.raises(SystemExit):
            generate.main(["digits", option, "9", "--out", "x.npy"])
        assert "--scale must lie between 0 and 3" in capsys.readouterr().err
