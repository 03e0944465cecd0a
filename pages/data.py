"""Data: the data sets, and your own uploads."""

import streamlit as st

from aecore.datasets import DATASETS
from aecore.datasets.base import HELD_OUT
from aecore.datasets.uploads.reading import list_uploads
from aecore.paths import home_folder
from ui.app.frame import frame
from ui.app.services import services
from ui.widgets.data_panel import data_card, deleted_uploads, upload_card, upload_panel
from ui.widgets.glossary import term
from ui.widgets.run_actions import notice

frame(
    "Data",
    f"What an {term('autoencoder')} learns depends on what it sees. Choose a data set, or bring your own pictures and "
    "tables. New here? Take the digits: the smallest pictures, quick to train on. "
    f"Each set is split into {term('test-set', 'training, validation and test examples')}.",
    see=f"""
Every data set is split once, by a fixed random seed, so that the parts are always the same (the 10,000 test pictures of
MNIST and Fashion-MNIST are those they were published with). The network learns from the *training* part.
The *validation* part shows during training whether it also works on examples it has not seen. The *test* part gives
the final figures, once training has ended; nothing is learned from it or chosen by it. Of your own examples,
{100 * HELD_OUT[0]:.0f} % are for validation and {100 * HELD_OUT[1]:.0f} % for the test.

The pictures on a card are training examples, the first of each class in turn. The words or numerals below them are
**class labels** (for faces, the hair style). An autoencoder never sees them; other pages use them for tests, and to
find directions among its codes (Translate). **Known factors** are what the drawing program chose for each picture or
point; the map of the codes can be coloured by them, and Translate can change them.

**What goes in** are numbers from 0 to 1. Of a picture, each pixel is one number, from 0 for black to 1 for white, or
three in colour (red, green and blue): a face of 32 × 32 pixels has 3,072. Columns of your own numbers are scaled to
0 to 1 too, each by its smallest and largest value, unless they already lie there or share one scale, as pixels do.

**What an autoencoder learns** is what its examples have in common. Most other things it reconstructs worse, and the
Anomaly page finds unusual examples by that: a network trained on MNIST reconstructs the shoes of
Fashion-MNIST badly.
""",
    left_out="your own data sets, or files that you have not kept yet",
)
notice()
if st.session_state.pop("kept", None):
    st.toast("Kept. You will find it below and on the Train page.", icon=":material/check:")

st.header("Your own", anchor="own")
upload_panel()
for each in list_uploads(home_folder(), services.uploads.ids()):
    upload_card(each)
deleted_uploads()

st.header("Built in, or to download", anchor="sets")
st.caption(
    "Which for what? Digits: to try things quickly. Faces: to change one feature of a picture. Shapes: to see whether "
    "each number of a latent code, the few numbers that stand for a picture, follows place, size or angle. MNIST and "
    "Fashion-MNIST: to compare with published results. Spiral: to watch a network whose code is "
    "one number bend a line through points. The processor times below are about how long you "
    "wait on a machine that does nothing else."
)
columns = st.columns(2)
for index, name in enumerate(DATASETS):
    with columns[index % 2]:
        data_card(name)
