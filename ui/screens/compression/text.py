"""The conclusions of the Compression page, computed from the figures beside them."""

from __future__ import annotations

from collections.abc import Sequence

from aecore.analyses.rate_distortion import WAYS, Compressed, break_even_with_all, cheapest_as_good
from ui.screens.compression.figure import label
from ui.screens.compression.form import Counting
from ui.screens.compression.measures import Measured

CLAIM = """
**Two common claims.** A trained autoencoder keeps most of what matters in far fewer bits. And yet, in practice, it
compresses no better than simpler methods such as JPEG.
"""
MANY = 10**12
"""A number of pictures for which the bytes sent once are negligible."""
COUNTED = dict(zip(WAYS, ("as files of their own", "without their headers", "as one mosaic"), strict=True))


def conclusions(found: Measured, counting: Counting, learned: str, sent: str) -> list[str]:
    """Conclusions in Markdown for the pictures in view.

    learned, sent: titles of the data sets for training and sent.
    """
    best = [min(ways, key=lambda each: each.per_picture) for ways in found.networks.values()]
    files = found.files_counted(counting.way)
    if not best or sent != learned:
        told = [_abroad(found, learned, sent)] if best else []
        return [*told, _ceiling(best, files)]
    return [
        _bits(best, found.raw[0]),
        _against_files(best, found, counting),
        _with_decoder(best, files, counting),
        _against_pca(best, found.pca, counting.count),
        _ceiling(best, files),
        _conclusion(best, found, counting),
    ]


def _abroad(found: Measured, learned: str, sent: str) -> str:
    """Each network on pictures of another data set, compared with files, which have learned nothing."""
    falls = [
        f"network {_number(ways[0])} from {found.own[title][0].psnr:.1f} to {ways[0].psnr:.1f} dB"
        for title, ways in found.networks.items()
    ]
    levels = [each.psnr for each in found.files_counted(WAYS[0]) if each.name == "JPEG"]
    return (
        f"**Other pictures.** What has learned from {learned} now has to send {sent}. This is what becomes of "
        f"the PSNR: {_listed(falls)}. JPEG has learned nothing and handles any picture, with "
        f"{min(levels):.1f} to {max(levels):.1f} dB here, and PNG still loses nothing. A learned code is small "
        "because it knows what to expect."
    )


def _bits(best: Sequence[Compressed], raw: Compressed) -> str:
    each = min(best, key=lambda each: each.per_picture)
    share = raw.per_picture / each.per_picture
    if share <= 1:
        return (
            f"**Far fewer bits?** Not here: even the smallest code takes {each.per_picture:,.1f} bytes, "
            f"the raw pixels only {raw.per_picture:,.0f}."
        )
    return (
        f"**Far fewer bits?** Yes. A picture has {raw.per_picture:,.0f} bytes of pixels; the smallest code, "
        f"of network {_number(each)}, has {each.per_picture:,.1f}, {share:,.0f} times fewer. Its "
        f"reconstructions reach {each.psnr:.1f} dB. Whether that keeps most of what matters depends on what the "
        "pictures are for: look at the rows above, each with its bytes and its PSNR."
    )


def _against_files(best: Sequence[Compressed], found: Measured, counting: Counting) -> str:
    """Each network's smallest code and the smallest file that is no worse, without the decoder."""
    scores = {way: [_wins(each, found.files_counted(way)) for each in best] for way in WAYS}
    told = [f"{COUNTED[way]}, {_of(sum(wins), len(wins))}" for way, wins in scores.items()]
    text = f"**Smaller than a file that is no worse?** With the decoder not counted, and files counted {_listed(told)}."
    each = max(best, key=lambda each: (_wins(each, found.files_counted(counting.way)), each.psnr))
    baseline = cheapest_as_good(found.files_counted(counting.way), each.psnr, MANY)
    if baseline is None:
        return text
    takes = f"takes {each.per_picture:,.1f} bytes for {each.psnr:.1f} dB"
    other = f"{label(baseline)} takes {baseline.per_picture:,.1f} for {_quality(baseline)}"
    return f"{text} Network {_number(each)} {takes}; {other}."


def _with_decoder(best: Sequence[Compressed], files: Sequence[Compressed], counting: Counting) -> str:
    """The effect of counting the decoder."""
    numbers, ahead = {}, 0
    for each in best:
        baseline = cheapest_as_good(files, each.psnr, counting.count)
        numbers[_number(each)] = break_even_with_all(each, files)
        ahead += baseline is None or each.bytes_at(counting.count) < baseline.bytes_at(counting.count)
    pays = {name: number for name, number in numbers.items() if number is not None}
    told = f"With {counting.count:,} picture{'s' if counting.count > 1 else ''} sent, {_of(ahead, len(best))}."
    least, most = min(best, key=lambda each: each.once), max(best, key=lambda each: each.once)
    weight = f"{least.once:,} bytes"
    if least.once < most.once:
        weight += f" (network {_number(least)}) to {most.once:,} (network {_number(most)})"
    text = f"**And the decoder?** It has to arrive first: {weight}. {told}"
    if not pays:
        return f"{text} None ever pays off: a file that is no worse takes fewer bytes for every single picture."
    name = min(pays, key=pays.__getitem__)
    return (
        f"{text} The first to pay off is network {name}, from {pays[name]:,} picture{'s' if pays[name] > 1 else ''} on."
    )


def _against_pca(best: Sequence[Compressed], pca: Sequence[Compressed], count: int) -> str:
    """Each network and the smallest PCA code that is no worse, without and with the bytes sent once."""
    told, wins = [], 0
    for each in best:
        baseline = cheapest_as_good(pca, each.psnr, MANY)
        wins += baseline is None or each.per_picture < baseline.per_picture
        pca_bytes = f"PCA {baseline.per_picture:,.1f}" if baseline else "no PCA here as good"
        told.append(f"network {_number(each)}: {each.per_picture:,.1f} bytes, {pca_bytes}")
    shared = [(each, cheapest_as_good(pca, each.psnr, count)) for each in best]
    ahead = sum(baseline is None or each.bytes_at(count) < baseline.bytes_at(count) for each, baseline in shared)
    return (
        f"**Better than PCA?** For codes that are no worse, {_of(wins, len(best))}: per picture, {_listed(told)}. "
        f"With decoder and components shared by {count:,} picture{'s' if count > 1 else ''}, {_of(ahead, len(best))}."
    )


def _ceiling(best: Sequence[Compressed], files: Sequence[Compressed]) -> str:
    lossy = [each for each in files if each.name in ("JPEG", "WebP") and not each.is_lossless]
    lossless = min((each for each in files if each.is_lossless), key=lambda each: each.per_picture)
    most = max(lossy, key=lambda each: each.psnr)
    first = f"The best network reaches {max(each.psnr for each in best):.1f} dB. " if best else ""
    files_reach = (
        f"{label(most)} reaches {most.psnr:.1f} dB, and {label(lossless)} loses nothing with "
        f"{lossless.per_picture:,.1f} bytes a picture"
    )
    return f"**How good can it get?** {first}{files_reach}."


def _conclusion(best: Sequence[Compressed], found: Measured, counting: Counting) -> str:
    """Whether the claim holds for these pictures: a network must be smaller however files are counted."""
    winners = [each for each in best if all(_wins(each, found.files_counted(way)) for way in WAYS)]
    if not winners:
        return (
            "**So the claims hold here.** No network beats picture files in every way of counting them, "
            "even if the decoder costs nothing."
        )
    baselines = [cheapest_as_good(found.files_counted(counting.way), each.psnr, counting.count) for each in winners]
    paid = sum(
        baseline is None or each.bytes_at(counting.count) < baseline.bytes_at(counting.count)
        for each, baseline in zip(winners, baselines, strict=True)
    )
    some = f"All {len(best)}" if len(winners) == len(best) else f"{len(winners)} of the {len(best)}"
    who = f"{some} networks beat{'s' if len(winners) == 1 else ''}" if len(best) > 1 else "The network beats"
    still = (
        f"{paid or 'none'} still {'do' if paid > 1 else 'does'}"
        if len(best) > 1
        else f"it {'still does' if paid else 'does not'}"
    )
    decoder = f"With the decoder shared by {counting.count:,} picture{'s' if counting.count > 1 else ''}, {still}."
    return (
        f"**So the second claim holds only in part.** {who} every file that is no worse, however files are counted. "
        f"{decoder} This is possible because these pictures are all of one kind, which the network knows, and only up "
        "to the PSNR that it reaches. Send pictures of another data set to see the price."
    )


def _wins(each: Compressed, files: Sequence[Compressed]) -> bool:
    """Whether a code is smaller than every file that is no worse."""
    baseline = cheapest_as_good(files, each.psnr, MANY)
    return baseline is None or each.per_picture < baseline.per_picture


def _number(each: Compressed) -> str:
    return each.name.split(" · ")[0]


def _quality(each: Compressed) -> str:
    return "no loss at all" if each.is_lossless else f"{each.psnr:.1f} dB"


def _of(wins: int, count: int) -> str:
    """How many networks win, as the middle of a sentence."""
    if count == 1:
        return "the network wins" if wins else "the network does not win"
    return (
        f"all {count} networks win"
        if wins == count
        else f"{wins or 'none'} of the {count} networks win{'' if wins > 1 else 's'}"
    )


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{'; '.join(parts[:-1])}; {parts[-1]}"
