"""Privacy: what this page knows of you, where it stays, and what leaves only when you say so."""

import streamlit as st

import ui
from access.language import mark, say

PRIVACY = {
    mark("What stays here"): (
        mark(
            "What you search for stays in the memory of the machine that runs this app. It is gone when you "
            "close the page."
        ),
        mark("No search is written to a file, a log or a web address. There are no counters and no ads."),
        mark("Streamlit, which draws the pages, would send usage figures to its maker. That is turned off."),
        mark("It sets one cookie, which guards forms against other sites. It holds nothing about you."),
    ),
    mark("What leaves only when you say so"): (
        mark(
            "Your location, when you press for it. Your browser rounds it to about 1 km first, and it goes to "
            "this machine only."
        ),
        mark(
            "A street address, when you turn that on and press Send. It goes to the Census Bureau, which may keep it."
        ),
        mark(
            "Street tiles, when you turn them on. OpenStreetMap then sees your internet address and the area on "
            "the map."
        ),
        mark(
            "A link that you press, such as a clinic's website or the way there. That site then sees your visit, "
            "not your search."
        ),
        mark(
            "A mistake that you report. It stays in a file on this machine, with the clinic and the day, and "
            "with your name only if you write it."
        ),
        mark(
            "A scenario that you keep. It stays on this machine with the name that you give, and everybody who can "
            "open this app can open it."
        ),
    ),
    mark("What others can see"): (
        mark("Who runs this machine can see that your internet address opened the app, as with any website."),
        mark(
            "The name of the page is in the web address. A search for these clinics is sensitive: on a shared "
            "device use a private window."
        ),
    ),
    mark("How we know"): (
        mark("Tests open every page in a real browser that lets no other site be reached, and fail if one is asked."),
        mark(
            "Tests search for a place and then look for it in all logs, files and addresses; they fail if it is there."
        ),
    ),
}

with ui.page(mark("Privacy")):
    for heading, sentences in PRIVACY.items():
        st.subheader(say(heading))
        st.markdown("\n".join(f"- {ui.escape_markdown(say(sentence))}" for sentence in sentences))
    st.caption(say("The tests are tests/test_browser_privacy.py and tests/test_browser_walk.py."))
