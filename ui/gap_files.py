"""What an advocate takes away: the brief, the poster, the data, the link and the command."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from access.language import LANGUAGES, say, speaking
from access.maps import escape, poster_png
from access.report.area_files import area_file
from access.report.brief import BriefArea, brief, brief_command, own_area, state_area
from access.report.brief_page import brief_html, brief_pdf
from access.report.layer import AreaLayer, layer_map, layer_poster
from access.report.provenance import layer_command, pack_words, provenance
from access.report.view import treatments_words
from ui import gap_data
from ui.controls import offer
from ui.data import clinics_giving, outlines
from ui.gap_view import Asked, link_of


def take_away(asked: Asked, layer: AreaLayer) -> None:
    """Buttons for each file, made when it is pressed, and the commands that make the same."""
    name = f"{asked.state or 'US'}_{'_'.join(asked.view.treatments)}_{asked.view.show}"
    st.markdown(f"**{say('A one-page brief on {area}', area=asked.area)}**")
    with st.container(horizontal=True):
        for code, spoken in LANGUAGES.items():
            for form, make in ((".pdf", brief_pdf), (".html", brief_html)):
                offer(f"{spoken} ({form[1:].upper()})", f"{name}_{code}{form}", _brief(asked, code, make))
    st.markdown(f"**{say('This map')}**")
    with st.container(horizontal=True):
        offer(say("Poster (PNG)"), f"{name}.png", lambda: poster_png(_poster(asked, layer)))
        offer(say("Picture to edit (SVG)"), f"{name}.svg", lambda: _poster(asked, layer).encode())
        for form, words in _DATA.items():
            offer(words, f"{name}{form}", lambda form=form: _data(form, asked, layer))
    st.caption(say("Counts of 1 to 10 people, and what would give them away, are left out of every file."))
    st.markdown(f"**{say('The same from a terminal')}**")
    st.code(_command(asked), language=None)
    st.markdown(f"**{say('A link to this view')}**")
    st.html(f'<a class="access-link" href="{escape(link_of(asked))}">{escape(link_of(asked))}</a>')
    st.caption(say("It holds nothing about you. Counties and an area of your own are not in it."))


_DATA = {".csv": "CSV", ".geojson": "GeoJSON", ".gpkg": "GeoPackage", ".parquet": "GeoParquet", ".zip": "ZIP"}


def _brief(asked: Asked, code: str, make: Callable[..., bytes]) -> Callable[[], bytes]:
    def made() -> bytes:
        data = gap_data.briefs(asked.pack, asked.view)
        with speaking(code):
            return make(brief(data, _area(asked), datetime.now(UTC).date()))

    return made


def _area(asked: Asked) -> BriefArea:
    data = gap_data.briefs(asked.pack, asked.view)
    if asked.own is None:
        return state_area(data, asked.state)
    return own_area(data, asked.everybody, asked.own, asked.options)


def _poster(asked: Asked, layer: AreaLayer) -> str:
    clinics = clinics_giving(asked.pack, asked.view.treatments) if asked.state or asked.own else None
    drawn = layer_map(layer, *outlines(), clinics=clinics)
    title = f"{treatments_words(asked.view.treatments)}, {asked.area}"
    return layer_poster(layer, drawn, title, [provenance(asked.pack)])


def _data(form: str, asked: Asked, layer: AreaLayer) -> bytes:
    return area_file(form, layer, pack_words(asked.pack), outlines()[1], _layer_command(asked))


def _layer_command(asked: Asked) -> str:
    return layer_command(asked.view, asked.by, asked.options, asked.pack)


def _command(asked: Asked) -> str:
    said = brief_command(asked.view, asked.options, asked.pack)
    return f"{said}\n{_layer_command(asked)}"
