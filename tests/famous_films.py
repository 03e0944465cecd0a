"""Famous films, and films that anybody would name as like them: sequels, the same series, or the same director.

From common knowledge, before any similarity was computed. In alphabetical order, every other film belongs to the
half by which the similarity was chosen, the rest to the half by which it is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

SHOWN = 9
"""The films that a sheet shows."""

RELATIVES: Mapping[str, tuple[int, tuple[int, ...]]] = {
    "2001: A Space Odyssey": (924, (750, 1206, 1258)),
    "Aladdin": (588, (595, 364)),
    "Alien": (1214, (1200, 1320, 1690)),
    "American Pie": (2706, (4718, 6586)),
    "Austin Powers": (1517, (2683, 5481)),
    "Back to the Future": (1270, (2011, 2012)),
    "Batman Begins": (33794, (58559, 91529)),
    "Before Sunrise": (215, (8638, 100714)),
    "The Bourne Identity": (5418, (8665, 54286)),
    "Clerks": (223, (180, 1639, 3052)),
    "Die Hard": (1036, (165, 1370)),
    "Finding Nemo": (6377, (4886, 8961)),
    "Ghostbusters": (2716, (2717,)),
    "The Godfather": (858, (1221, 2023)),
    "Harry Potter and the Sorcerer's Stone": (4896, (5816, 8368, 40815, 54001, 69844)),
    "The Hunger Games": (91500, (106487, 116823, 135133)),
    "Indiana Jones: Raiders of the Lost Ark": (1198, (1291, 2115)),
    "Iron Man": (59315, (77561, 89745, 102125)),
    "Jurassic Park": (480, (1544, 4638)),
    "Kill Bill: Vol. 1": (6874, (7438,)),
    "Lethal Weapon": (2000, (2001, 2002, 1918)),
    "The Lord of the Rings: The Fellowship of the Ring": (4993, (5952, 7153)),
    "Mad Max": (3702, (3703, 3704)),
    "The Matrix": (2571, (6365, 6934)),
    "Men in Black": (1580, (5459,)),
    "Monty Python and the Holy Grail": (1136, (1080, 6807)),
    "Ocean's Eleven": (4963, (8984, 53322)),
    "Pirates of the Caribbean": (6539, (45722, 53125)),
    "Reservoir Dogs": (1089, (296, 6874)),
    "Scream": (1407, (1717, 3273)),
    "Shaun of the Dead": (8874, (51255,)),
    "Shrek": (4306, (8360,)),
    "Spider-Man": (5349, (8636, 52722)),
    "Spirited Away": (5618, (3000, 5971, 31658)),
    "Star Trek II: The Wrath of Khan": (1374, (1372, 1375, 1376)),
    "Star Wars": (260, (1196, 1210)),
    "The Terminator": (1240, (589, 6537)),
    "Three Colours: Red": (306, (307, 308)),
    "Toy Story": (1, (3114, 78499)),
    "Vertigo": (903, (904, 908, 1219)),
    "Wallace & Gromit: The Wrong Trousers": (1148, (745, 1223)),
    "X-Men": (3793, (6333, 45499)),
}
CHOOSING, JUDGING = tuple(RELATIVES)[::2], tuple(RELATIVES)[1::2]


def found(names: Iterable[str], nearest: Callable[[int], Iterable[int]]) -> tuple[float, float, dict[str, list[int]]]:
    """How a similarity does on these films: the mean share of their relatives among the first nine, the share of
    films with a relative among them, and the relatives that are missing, by film.

    nearest: movie id -> movie ids of the films most similar to it, most similar first.
    """
    shares, missing = [], {}
    for name in names:
        film, relatives = RELATIVES[name]
        lacking = sorted(set(relatives) - set(list(nearest(film))[:SHOWN]))
        shares.append(1 - len(lacking) / len(relatives))
        if lacking:
            missing[name] = lacking
    return sum(shares) / len(shares), sum(share > 0 for share in shares) / len(shares), missing
