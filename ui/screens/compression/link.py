"""Parameters of the address of the Compression page."""

from __future__ import annotations

from aecore.analyses.rate_distortion import FORMS, WAYS
from ui.app.address import Flag, Text
from ui.app.address_choices import OneOf, SomeOf
from ui.app.links import ID_LETTERS
from ui.app.url_state import Param
from ui.widgets.forms import round_numbers

COUNTS = tuple(number for number in round_numbers(1, 1_000_000, int) if str(number).rstrip("0") in ("1", "2", "5"))
BUDGETS = (2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096)
MEASURES = {"psnr": "PSNR", "ssim": "SSIM", "mse": "MSE"}
WAY_TITLES = dict(zip(WAYS, ("As files of their own", "Without headers", "As one mosaic"), strict=True))
FIRST_FORMS = [form for form in FORMS if form != "float16"]

OTHERS = Param("others", Flag(), False)
SENT = Param("sent", Text(ID_LETTERS), "", "The pictures of this link, '{asked}', are not on this machine; {instead}.")
WAY = Param("way", OneOf(WAYS, WAY_TITLES.__getitem__), WAYS[1])
NUMBERS = Param("forms", SomeOf(FORMS), FIRST_FORMS)
MEASURE = Param("measure", OneOf(tuple(MEASURES), MEASURES.__getitem__), "psnr")
COUNT = Param("count", OneOf(COUNTS), 10_000)
BUDGET = Param("budget", OneOf(BUDGETS), 32)
