"""An app of the tests: texts of strangers as Markdown, in every element that reads it. Run by Streamlit."""

from __future__ import annotations

import random

import streamlit as st

from aecore.foreign import in_markdown

SIGNS = "*_`~$:[](){}<>#+-=!|&\\/.@^\"'"
WORDS = ("a", "red", "material", "home", "tada", "streamlit", "www.x.org", "http://x.org", "1.", "12)", "x@y.org", " ")


def texts() -> list[str]:
    """Every sign in front of, behind and around letters, pairs of signs, and a thousand mixtures, always the same."""
    draw = random.Random(0)
    mixed = ["".join(draw.choices([*SIGNS, *WORDS], k=draw.randint(2, 9))) for _ in range(600)]
    pairs = [f"{first}{second}x{second}{first}" for first in SIGNS for second in SIGNS]
    known = [
        ":material/home:", ":material_home:", ":streamlit:", ":tada:", ":red[y]", ":red-badge[y]", ":small[y]", ":blue",
        ":color[y]{foreground=\"red\"}", "a -> b", "-> b", "a --", "x <-> y", "a >= b", "a ~= b", "$$x$$", "- [ ] a",
        "::: red", "::red[x]", "![x](http://evil.example/a.png)", "[a](http://evil.example)", "<http://evil.example>",
        "www.evil.example", "me@evil.example", "[^1]", "[a]: http://evil.example", "***", "---", "===", "```x",
        "\\[x\\]",
    ]  # fmt: skip
    return [" ".join(each.split()) for each in (*known, *pairs, *mixed) if each.strip()]


if __name__ == "__main__":
    st.markdown("\n\n".join(map(in_markdown, texts())))
    for number, text in enumerate(texts()[:31]):
        with st.container(key=f"labels-{number}"):
            st.button(in_markdown(text), key=f"button-{number}")
            st.radio("Choose", [in_markdown(text)], key=f"radio-{number}")
            st.caption(f"**{in_markdown(text)}**")
            st.metric(in_markdown(text), "1")
            st.warning(in_markdown(text))
    st.title("All shown", anchor=False)
