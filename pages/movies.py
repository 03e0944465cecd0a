"""Movies: rate films, get recommendations and their explanations; import, export and share ratings."""

import streamlit as st

from aecore.files import BrokenFileError
from aecore.recommender.profiles.store import ProfileError
from aecore.recommender.ratings.movielens import EDITIONS
from aecore.recommender.ratings.table import RatingsError
from aecore.rooms.file import RoomError
from ui.app.frame import frame, refuse
from ui.screens.movies.link import PANELS, VIEW
from ui.screens.movies.link_words import link_says
from ui.screens.movies.panels import show_panel
from ui.screens.movies.visitor import is_kept
from ui.widgets.glossary import term
from ui.widgets.live import part_of_page
from ui.widgets.range_words import range_words
from ui.widgets.run_actions import notice

LEARNED = EDITIONS["ml-latest-small"]

frame(
    "Movies",
    f"Rate a few films, and find one for tonight. An {term('autoencoder')} has learned from the ratings of many users "
    f"which films go together ({term('collaborative-filtering')}); yours are all it needs.",
    see=f"""
**First** come films to rate. One click gives stars: the left half of a star is half a star.
By keyboard, 1 to 9 give half a star to four and a half, 0 gives five.
*Not seen* takes a film off this list; *not for me* keeps it from ever being recommended.

**Then** come films for you, the most likely to be liked first: one that many users watch and like can stand before
one with more stars. The stars are the rating that you would probably give; until you rate something, that of an
average user. The tick on the bar is that rating, and two of three times yours should lie on the coloured part; its
ends are written beside it, to half a star. {range_words()} Where films with clearly more stars stand below others,
cards say why.
*Want to see* puts a film on your watchlist. *Why?*, or a click on the film, shows what your ratings add to its
stars or take away, and similar films.

**Well-known or hidden gems** moves films down that are better known, or less known, than you want. In the filters, a
film of a genre that you exclude stays out, whatever its other genres are.

**A film that is missing** can be added by hand from the search. It is kept and exported with your ratings, and counts
as soon as you use a recommender that knows it.

**Whose list it is** stands beside the search. One browser can have several profiles (*Friends*); one click on a name
shows that person's list.

**Film night**, under *Friends*, finds films for several people. Guests scan its code and see the list on their own
phones, and each may veto films for the evening. It ends a day after it was begun, or when the host ends it.

**Where it comes from.** Several models share the work. Your stars go in as a list with a place for every film, most
of them empty; autoencoders squeeze it into a short code, fill in every place from that, and so rank the films,
together with a linear model without a hidden layer. Another one, also linear, predicts your stars, and a film that
it expects you to dislike moves down the list. The built-in recommender was made from real ratings by {LEARNED.users:,}
users of MovieLens, some of them kept for its test. *About* says how it works, and how well it did.

**Your ratings** are kept on the machine that runs this app, under a key in your browser's cookie.
They are not sent anywhere else.
""",
    link_says=link_says,
)
if not is_kept():
    st.warning(
        "Your browser has no key to your ratings yet, and would lose what you rate when you close this page. Reload "
        "the page. If you still see this, allow cookies for this address.",
        icon=":material/cookie_off:",
    )


def panels() -> None:
    """Shows the chosen panel, as a fragment, so that actions in it do not rerun the page."""
    notice()
    panel = st.container(key="page-form").segmented_control(
        "View",
        PANELS,
        default=PANELS[0],
        label_visibility="collapsed",
        required=True,
        help="What to show.",
        **VIEW.bound(),
    )
    try:
        show_panel(panel)
    except (BrokenFileError, ProfileError, RatingsError, RoomError) as error:
        refuse(str(error))


part_of_page(panels)()
