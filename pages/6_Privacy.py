"""Privacy: what the app knows of a visitor, what stays where, and what leaves the machine only on a press."""

import streamlit as st

import ui
from access.language import say

with ui.page("Privacy"):
    st.write(say("You need no account here. We do not ask for your name. We do not track you."))
    st.header(say("What you type"))
    st.write(
        say(
            "Your ZIP, your town and all that you choose go to the machine that runs this app, and to no other. "
            "It keeps them in its memory while your page is open, and for a few minutes after. "
            "It does not write them to a file or a log. "
            "Where you search does not stand in the address of the page, so it is not in your browser's history. "
            "On the page Access gaps the state and the treatment do stand there, so that you can share a link."
        )
    )
    st.header(say("What goes out only if you ask for it"))
    st.write(
        say(
            "- **Street tiles** are off. If you turn them on, your browser asks OpenStreetMap for pictures of the "
            "area in sight. OpenStreetMap then sees your internet address, that area, and the web "
            "address of this app.\n"
            "- **A street address** is off. If you turn it on and type one, this app asks the US Census where it is. "
            "The Census then sees the street address, and the internet address of the machine that runs this app. "
            "A ZIP or a town is never sent.\n"
            "- **Your location** is read only when you press the button for it. Your browser rounds it to about "
            "half a mile before it sends it to this app.\n"
            "- **A link, a phone number or directions** open only when you press them. The other site then sees you as "
            "it sees any visitor. It is not told which page you came from. Directions tell the map site which "
            "clinic you want to go to."
        )
    )
    st.header(say("What stays on this machine"))
    st.write(
        say(
            "A **correction** that you send is kept in a file on the machine that runs this app. Write in it only "
            "what is about the clinic. A file that you download is yours: delete it if others use your computer."
        )
    )
    st.write(
        say(
            "There is one **cookie**, `_streamlit_xsrf`. It holds a random number, keeps other sites from acting in "
            "your name, and ends with your browser. Streamlit, which draws these pages, sets it. Your browser may "
            "also keep how wide a side bar is, and the like. None of it tells where you searched."
        )
    )
    st.header(say("What whoever runs this app can see"))
    st.write(
        say(
            "If you run the app on your own computer, no one else sees any of it. If you use it on the web, the "
            "machine's owner could see what any web site sees: your internet address, which page you opened, and "
            "when. The app itself writes no such list, but a web server in front of it may. The owner could also "
            "change the app. If that worries you, run your own copy. It is free, and works with no network."
        )
    )
    st.header(say("How we check this"))
    st.write(
        say(
            "These tests run on every change: `tests/test_browser_privacy.py` searches for towns, then looks for any "
            "trace in logs, files, addresses and the browser's stores. `tests/test_browser_walk.py` fails if a page "
            "asks another site for anything. `tests/test_browser_hostile.py` fails if a text in the data could run "
            "as a program. The app also tells your browser to refuse other sites (in `serve.py`)."
        )
    )
