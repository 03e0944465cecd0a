"""Uploads of images and ZIP archives: what is understood, what is skipped, what is refused and with which words."""

from __future__ import annotations

import gzip
import io
import struct
import warnings
import zipfile
import zlib
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aecore.datasets.base import DataError
from aecore.datasets.uploads import archives as upload_archives
from aecore.datasets.uploads import base as upload_base
from aecore.datasets.uploads import images as upload_images
from aecore.datasets.uploads import reading
from aecore.datasets.uploads.base import UploadLimits, shown, shown_name
from aecore.datasets.uploads.parsers import read_pictures
from aecore.datasets.uploads.reading import UploadSettings, read_upload
from aecore.settings import SettingsError

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def picture(size: tuple[int, int] = (28, 28), colour: object = RED, mode: str = "RGB", form: str = "PNG") -> bytes:
    return encoded(Image.new(mode, size, colour), form)


def zipped(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A valid header of a picture that nobody should decode."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = b""
    for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")):
        chunks += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_every_form_of_image_becomes_grey_numbers_between_0_and_1(form: str) -> None:
    images = [(f"{i}.{form.lower()}", picture((40, 30), (i * 50,) * 3, form=form)) for i in range(5)]
    read = read_upload(images)
    assert read.examples.x.shape == (5, 1, 28, 28)
    assert read.examples.x.dtype == np.float32
    np.testing.assert_allclose(read.examples.x.mean((1, 2, 3)), np.arange(5) * 50 / 255, atol=0.01)
    assert (read.kind, read.classes, read.examples.labels) == ("images", (), None)
    assert read.notes == (
        "5 images of 28 x 28 in grey.",
        "5 images resized to 28 x 28.",
        "5 images cropped to a square.",
        "5 images turned grey.",
    )


def test_colours_stay_in_the_order_red_green_blue_if_they_are_wanted() -> None:
    read = read_upload([("r.png", picture(colour=RED)), ("b.png", picture(colour=BLUE))], UploadSettings(colour=True))
    assert read.examples.x[:, :, 3, 3].tolist() == [[1, 0, 0], [0, 0, 1]]


@pytest.mark.parametrize(("fit", "left", "middle"), [("crop", 1, 1), ("stretch", 0, 1), ("pad", 0, 1)])
def test_each_fit_makes_a_square_in_its_own_way(fit: str, left: float, middle: float) -> None:
    wide = Image.new("L", (120, 40), 0)
    wide.paste(255, (30, 0, 90, 40))  # black sides, a white middle
    x = read_upload([("w.png", encoded(wide))], UploadSettings(image_size=30, fit=fit)).examples.x[0, 0]
    assert x[15, 1] == pytest.approx(left, abs=0.01)
    assert x[15, 15] == pytest.approx(middle, abs=0.01)
    assert x[0, 1] == pytest.approx(1 if fit == "pad" else left, abs=0.01)


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_a_picture_one_pixel_high_is_still_a_picture(fit: str) -> None:
    assert read_upload([("line.png", picture((3000, 1)))], UploadSettings(fit=fit)).examples.x.shape == (1, 1, 28, 28)


def test_a_photo_taken_sideways_is_turned_upright() -> None:
    upright = Image.new("L", (20, 20), 0)
    upright.paste(255, (0, 0, 20, 10))  # white above, black below
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn by 90 degrees clockwise to view"
    sideways = encoded(upright.rotate(90), "PNG", exif=exif)
    x = read_upload([("photo.png", sideways)], UploadSettings(image_size=20)).examples.x[0, 0]
    assert (x[2].mean(), x[17].mean()) == (1, 0)


def test_transparent_parts_lie_on_white_and_a_note_says_so() -> None:
    read = read_upload([("t.png", picture(colour=(0, 0, 0, 0), mode="RGBA")), ("o.png", picture(colour=(0, 0, 0)))])
    assert read.examples.x.mean((1, 2, 3)).tolist() == [1, 0]
    assert "1 image put on white where transparent." in read.notes


def test_16_bits_a_pixel_are_scaled_and_not_cut_off() -> None:
    deep = Image.fromarray(np.full((28, 28), 32768, dtype=np.uint16))
    read = read_upload([("deep.png", encoded(deep))])
    assert read.examples.x.mean() == pytest.approx(0.5, abs=0.01)
    assert "1 image of 16 bits: 65,535 became white, and 32,768 is their brightest." in read.notes


def deep_png(levels: np.ndarray) -> bytes:
    """A PNG of 16 bits a number, (H, W, 2, 3 or 4), which Pillow can't write."""
    kind = {2: 4, 3: 2, 4: 6}[levels.shape[2]]
    header = struct.pack(">IIBBBBB", levels.shape[1], levels.shape[0], 16, kind, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in levels)
    chunks = b""
    for name, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")):
        chunks += struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return b"\x89PNG\r\n\x1a\n" + chunks


def test_colours_of_16_bits_keep_all_of_them_and_those_of_12_are_as_bright_as_they_were() -> None:
    rng = np.random.default_rng(0)
    for most in (4_096, 65_536):
        levels = rng.integers(0, most, (28, 28, 3))
        read = read_upload([("deep.png", deep_png(levels))], UploadSettings(colour=True))
        np.testing.assert_allclose(read.examples.x[0].transpose(1, 2, 0), levels / (most - 1), atol=1e-5)
        told = f"1 image of 16 bits: {most - 1:,} became white, and {levels.max():,} is their brightest."
        assert told in read.notes
        assert (read.choices[0].setting, read.choices[0].taken) == ("scale", "bits")
        grey = read_upload([("deep.png", deep_png(levels))]).examples.x[0, 0]
        np.testing.assert_allclose(grey, levels @ [0.299, 0.587, 0.114] / (most - 1), atol=1e-5)
    highest = read_upload([("deep.png", deep_png(levels // 9))], UploadSettings(scale="highest"))
    assert highest.examples.x.max() > 0.9


def test_transparency_of_16_bits_lies_on_white() -> None:
    levels = np.zeros((28, 28, 4), int)
    levels[..., 0], levels[:14, :, 3] = 4_000, 65_535
    x = read_upload([("deep.png", deep_png(levels))], UploadSettings(colour=True)).examples.x[0]
    assert (x[:, 14:] == 1).all()
    np.testing.assert_allclose(x[:, :14].mean((1, 2)), [4_000 / 4_095, 0, 0], atol=1e-5)
    grey = read_upload([("grey.png", deep_png(levels[..., [0, 3]]))]).examples.x[0, 0]
    np.testing.assert_allclose(grey[:14], 4_000 / 4_095, atol=1e-5)


def test_dark_pictures_of_8_bits_stay_so_until_the_highest_number_is_said_to_be_white() -> None:
    levels = (np.arange(28 * 28) % 17).astype(np.uint8).reshape(28, 28)
    files = [("masks.png", encoded(Image.fromarray(levels)))]
    read = read_upload(files)
    np.testing.assert_allclose(read.examples.x[0, 0], levels / 255, atol=1e-6)
    assert "Their brightest number is 16 of 255; 255 became white." in read.notes
    assert ("scale", ("bytes", "highest"), "bytes") in [(e.setting, e.options, e.taken) for e in read.choices]
    bright = read_upload(files, UploadSettings(scale="highest"))
    np.testing.assert_allclose(bright.examples.x[0, 0], levels / 16, atol=1e-6)
    assert "Their brightest number is 16 of 255; 16 became white." in bright.notes
    assert [each.setting for each in read_upload([("r.png", picture(colour=RED))]).choices] == ["turn"]


def test_pictures_of_handwriting_that_show_nothing_are_left_out_by_name_and_the_others_kept() -> None:
    stroke = Image.new("L", (60, 60), 230)
    stroke.paste(20, (25, 10, 33, 50))
    files = [
        ("grey.png", picture((60, 60), 128, "L")), ("one.png", encoded(stroke)), ("text.png", b"text"),
        ("two.gif", encoded(stroke, "GIF", save_all=True, append_images=[Image.new("L", (60, 60), 0)])),
    ]  # fmt: skip
    found = read_pictures(files, "mnist", (1, 28, 28))
    assert found.x.shape == (2, 1, 28, 28)
    np.testing.assert_allclose(found.x[0], read_pictures(files[1:2], "mnist", (1, 28, 28)).x[0])
    assert found.notes[0] == "1 image taken from an animation, the first frame only."
    assert found.notes[1] == "1 file skipped: 'text.png' is not a PNG, JPEG, GIF, WebP or BMP image."
    assert found.notes[2].startswith("'grey.png' left out. Nothing can be made out in the picture")
    assert len(found.notes) == 3
    with pytest.raises(DataError, match="it is all about the same grey"):
        read_pictures(files[:1], "mnist", (1, 28, 28))


def test_an_animation_gives_its_first_frame() -> None:
    frames = [Image.new("RGB", (28, 28), colour) for colour in ((255, 255, 255), (0, 0, 0))]
    read = read_upload([("a.gif", encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))])
    assert read.examples.x.mean() == 1
    assert "1 image taken from an animation, the first frame only." in read.notes


def test_pictures_of_the_right_size_keep_every_pixel() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    read = read_upload([("p.png", encoded(Image.fromarray(pixels)))])
    np.testing.assert_allclose(read.examples.x[0, 0], pixels / 255, atol=1e-6)
    assert read.notes == ("1 image of 28 x 28 in grey.",)


def test_bad_images_among_good_ones_are_skipped_with_their_reasons() -> None:
    noise = encoded(Image.fromarray(np.random.default_rng(0).integers(0, 256, (99, 99, 3)).astype(np.uint8)))
    bad = [
        ("text.png", b"I am text"),
        ("half.png", noise[:2000]),
        ("none.jpg", b""),
        ("huge.png", huge_png(8000, 6000)),
    ]
    read = read_upload([*bad, ("good.png", picture())])
    assert len(read.examples) == 1
    note = read.notes[-1]
    assert note.startswith("4 files skipped: ")
    assert "'text.png' is not a PNG, JPEG, GIF, WebP or BMP image" in note
    assert "'half.png' is damaged or truncated" in note
    assert "'none.jpg' is empty" in note
    assert "'huge.png' is 8,000 x 6,000 pixels; at most 40 megapixels can be read" in note


def test_many_bad_images_are_counted_and_the_first_named() -> None:
    with pytest.raises(
        DataError, match=r"None of the 9 images can be used: '0.png' is .*'4.png' is .*; and 4 more.*PNG or JPEG"
    ):
        read_upload([(f"{i}.png", b"text") for i in range(9)])


@pytest.mark.parametrize(("data", "reason"), [
    (b"just text", "'a.png' is not a PNG, JPEG, GIF, WebP or BMP image"),
    (b"", "'a.png' is empty"),
    (picture((64, 64))[:60], "'a.png' is damaged or truncated"),
    (huge_png(10_000, 5_000), "'a.png' is 10,000 x 5,000 pixels; at most 40 megapixels"),
    (huge_png(100_000, 100_000), "'a.png' has more than 40 megapixels"),
])  # fmt: skip
def test_one_bad_image_is_refused_with_what_where_and_what_to_do(data: bytes, reason: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DataError, match=f"{reason}.*Open it in an image program, save it as PNG or JPEG"):
            read_upload([("a.png", data)])


@pytest.mark.parametrize("is_zipped", [False, True])
def test_too_many_pixels_in_all_are_refused_before_any_is_decoded(
    monkeypatch: pytest.MonkeyPatch, is_zipped: bool
) -> None:
    pictures = {f"{i}.png": picture((1000, 900)) for i in range(4)}
    files = [("all.zip", zipped(pictures))] if is_zipped else list(pictures.items())
    assert len(read_upload(files, limits=UploadLimits(pixels=3_600_000)).examples) == 4
    monkeypatch.setattr(upload_images, "decode", None)
    monkeypatch.setattr(upload_archives, "decode", None)
    with pytest.raises(DataError, match="first 3 pictures alone have 3 megapixels; one upload may have 2 in all"):
        read_upload(files, limits=UploadLimits(pixels=2_000_000))


def test_pixels_are_counted_while_they_are_decoded_as_well() -> None:
    pictures = [(f"{i}.png", partial(bytes, picture((1000, 900)))) for i in range(4)]
    found = upload_images.decode(pictures, UploadSettings(), 2_000_000)
    assert found.kept == [0, 1]
    assert "'2.png' comes after 2 megapixels, the most that one upload may hold" in found.notes[-1]


def test_the_pixels_of_a_jpeg_count_for_a_quarter() -> None:
    photographs = [(f"{i}.jpg", picture((1000, 800), form="JPEG")) for i in range(4)]
    assert len(read_upload(photographs, limits=UploadLimits(pixels=800_000)).examples) == 4
    with pytest.raises(DataError, match="a JPEG count for a quarter"):
        read_upload(photographs, limits=UploadLimits(pixels=799_999))


def test_gzip_files_have_one_limit_in_all() -> None:
    files = [(f"{i}.png.gz", gzip.compress(picture((64, 64)) + bytes(2**20))) for i in range(3)]
    assert len(read_upload(files, limits=UploadLimits(bytes=4 * 2**20)).examples) == 3
    with pytest.raises(DataError, match="'1.png.gz' unpacks to more than 1 MB, the most that can be read in all"):
        read_upload(files, limits=UploadLimits(bytes=3 * 2**19))


def test_folders_of_a_zip_become_the_classes() -> None:
    entries = {
        f"pets/{kind}/{i}.png": picture(colour=colour)
        for kind, colour in (("dog", RED), ("cat", BLUE))
        for i in range(3)
    }
    read = read_upload([("pets.zip", zipped(entries))], UploadSettings(colour=True))
    assert read.classes == ("cat", "dog")
    assert read.examples.labels is not None
    np.testing.assert_array_equal(read.examples.labels, read.examples.x[:, 0, 0, 0].astype(int))
    assert "2 folders became the classes." in read.notes


def test_labels_stay_with_their_pictures_when_some_are_skipped() -> None:
    entries = {
        "a/1.png": picture(colour=RED),
        "b/1.png": b"broken",
        "b/2.png": picture(colour=BLUE),
        "a/2.png": picture(colour=RED),
    }
    read = read_upload([("z.zip", zipped(entries))], UploadSettings(colour=True))
    assert read.examples.labels is not None
    assert read.examples.labels.tolist() == [0, 1, 0]
    assert read.examples.x[:, 2, 0, 0].tolist() == [0, 1, 0]


def test_numbered_folders_are_ordered_as_numbers() -> None:
    read = read_upload([("z.zip", zipped({f"{name}/x.png": picture() for name in ("10", "9", "1")}))])
    assert read.classes == ("1", "9", "10")


def test_a_zip_without_folders_has_no_labels_and_what_computers_add_is_ignored() -> None:
    entries = {
        "x/1.png": picture(),
        "x/2.PNG": picture(),
        "__MACOSX/x/1.png": b"?",
        "x/.DS_Store": b"?",
        "x/readme.txt": b"hi",
    }
    read = read_upload([("z.zip", zipped(entries))])
    assert len(read.examples) == 2
    assert read.examples.labels is None
    assert "1 other file in the ZIP left out." in read.notes


def test_paths_that_climb_out_of_a_zip_touch_no_disk_and_show_their_last_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    entries = {"../../evil.png": b"text", "..\\..\\worse.png": b"text", "/etc/good.png": picture()}
    read = read_upload([("z.zip", zipped(entries))])
    assert "'evil.png' is not" in read.notes[-1]
    assert "'worse.png' is not" in read.notes[-1]
    assert ".." not in read.notes[-1].replace("...", "")
    assert list(tmp_path.iterdir()) == []


def with_flag(data: bytes, flag: int) -> bytes:
    """The archive with a flag set in every header, as encryption does."""
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(magic)
        data = data[: start + at] + struct.pack("<H", flag) + data[start + at + 2 :]
    return data


@pytest.mark.parametrize(("data", "words"), [
    (b"no zip", "'z.zip' is not a ZIP archive, or is truncated"),
    (zipped({"a.png": picture()})[:-30], "'z.zip' is not a ZIP archive, or is truncated"),
    (with_flag(zipped({"a.png": picture()}), 1), "'z.zip' is encrypted: 'a.png' needs a password"),
    (zipped({"in/more.zip": zipped({"a.png": picture()})}), "'z.zip' holds another ZIP, 'more.zip'"),
    (zipped({"a.txt": b"hi"}), "'z.zip' holds no PNG"),
    (zipped({}), "'z.zip' holds no PNG"),
    (zipped({"a.png": b"\0" * 30_000_000}), "'z.zip' unpacks to .* times its size; at most 200 .* ZIP bomb"),
    (zipped({"a.png": picture()}, zipfile.ZIP_BZIP2), "'z.zip' uses an unusual compression for 'a.png'"),
])  # fmt: skip
def test_a_bad_zip_is_refused_with_its_reason(data: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_upload([("folder/z.zip", data)])


def test_a_zip_that_declares_too_much_is_refused_before_it_is_unpacked() -> None:
    data = zipped({"a.png": picture()})
    start = data.find(b"PK\x01\x02")
    data = data[: start + 24] + struct.pack("<I", 600 * 2**20) + data[start + 28 :]
    with pytest.raises(DataError, match="'z.zip' unpacks to 629 MB, more than the 537 MB that can be read"):
        read_upload([("z.zip", data)])


def test_a_zip_member_larger_than_it_declares_is_damaged_and_never_unpacked_whole() -> None:
    data = zipped({"a.png": b"\0" * 3_000_000, "b.png": picture()})
    for magic, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.find(magic)
        data = data[: start + at] + struct.pack("<I", 100) + data[start + at + 4 :]
    read = read_upload([("z.zip", data)])
    assert len(read.examples) == 1
    assert "'a.png' is damaged inside the ZIP" in read.notes[-1]


def test_a_zip_of_too_many_files_is_refused() -> None:
    few, limits = {f"{i}.png": picture() for i in range(10)}, UploadLimits(files=10)
    with pytest.raises(DataError, match="'z.zip' holds more than 10 files"):
        read_upload([("z.zip", zipped({**few, "more.png": picture()}))], limits=limits)
    assert len(read_upload([("z.zip", zipped(few))], limits=limits).examples) == 10


@pytest.mark.parametrize(("files", "words"), [
    ([], "No file was given"),
    ([("a.png", picture()), ("b.csv", b"1,2")],
     r"One upload holds one kind of data, but here are images \('a.png'\), a table \('b.csv'\)"),
    ([("a.zip", b"1"), ("b.zip", b"2")], "Only images come by several files; here are 2 of a ZIP"),
    ([("a.csv", b"1"), ("b.csv", b"2")], "Only images come by several files"),
    ([("a.exe", b"MZ")], "'a.exe' is of a kind that cannot be read. Upload PNG"),
    ([("noending", b"MZ")], "'noending' is of a kind that cannot be read"),
    ([("a.tar.gz", b"MZ")], "'a.tar.gz' is of a kind that cannot be read"),
    ([("a.csv", b"")], r"'a.csv' is empty \(0 bytes\)"),
    ([("a.zip", b"")], r"'a.zip' is empty \(0 bytes\)"),
])  # fmt: skip
def test_a_wrong_choice_of_files_is_refused_with_its_reason(files: list[tuple[str, bytes]], words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_upload(files)


def test_the_size_of_an_upload_is_checked_over_all_its_files() -> None:
    assert UploadLimits().bytes == reading.MAX_UPLOAD_BYTES == 200 * 2**20
    with pytest.raises(DataError, match="The upload has 4.0 MB; at most 3 MB"):
        read_upload([("a.png", bytes(2 * 2**20)), ("b.png", bytes(2 * 2**20))], limits=UploadLimits(bytes=3 * 2**20))


def test_more_pictures_than_fit_in_memory_are_refused_before_they_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_base, "MAX_EXAMPLES", 4)
    with pytest.raises(DataError, match="holds 5 examples; at most 4 can be read"):
        read_upload([(f"{i}.png", b"") for i in range(5)])
    monkeypatch.setattr(upload_base, "MAX_NUMBERS", 4 * 28 * 28 - 1)
    with pytest.raises(DataError, match="4 examples of 784 numbers, more than 3,135 in all.*smaller image size"):
        read_upload([(f"{i}.png", b"") for i in range(4)])


@pytest.mark.parametrize("wrong", [{"image_size": 7}, {"image_size": 65}, {"fit": "squeeze"}, {"colour": "red"}])
def test_settings_out_of_bounds_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        UploadSettings(**wrong)


@pytest.mark.parametrize(("path", "safe"), [
    ("<script>alert(1)<b>.png", "_script_alert(1)_b_.png"),
    ("C:\\photos\\my cat.png", "my cat.png"),
    ("a/b/ünïcödé-猫.png", "ünïcödé-猫.png"),
    ("\x1b[31mred\x00\n.png", "__31mred__.png"),
    ("\u202egnp.exe", "_gnp.exe"),
    ("[click](javascript:x)", "_click_(javascript_x)"),
    ("", "unnamed"),
])  # fmt: skip
def test_names_are_shown_without_what_could_do_harm(path: str, safe: str) -> None:
    assert shown_name(path) == safe


def test_a_long_name_is_shortened_in_the_middle() -> None:
    assert shown("a" * 50 + "b" * 50) == "a" * 30 + "…" + "b" * 29


def test_a_script_in_a_file_name_does_not_reach_the_message() -> None:
    with pytest.raises(DataError) as refusal:
        read_upload([("<img src=x onerror=alert(1)>.png", b"text"), ("<b>.gif", b"text")])
    assert "<" not in str(refusal.value)
    assert ">" not in str(refusal.value)
