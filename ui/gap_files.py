"""What an advocate takes away: the brief, the poster, the data, the link and the command."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st
from markupsafe import Markup

from access.documents.brief import BriefArea, brief_html, brief_pdf, brief_words, own_area, state_area
from access.documents.commands import brief_command, layer_command
from access.documents.layer_files import layer_file
from access.documents.pictures import layer_map, layer_poster
from access.documents.poster import poster_png
from access.language import LANGUAGES, say, use_language
from access.questions.area_layer import AreaLayer
from access.words.provenance import pack_columns, provenance_line
from access.words.view import treatments_words
from ui import gap_caches
from ui.caches import clinics_giving, outlines
from ui.controls import offer_download
from ui.gap_inputs import GapInputs, link_of


def offer_files(asked: GapInputs, layer: AreaLayer) -> None:
    """Buttons for each file, made when it is pressed, and the commands that make the same."""
    name = f"{asked.state or 'US'}_{'_'.join(asked.view.treatments)}_{asked.view.show}"
    st.markdown(f"**{say('A one-page brief on {area}', area=asked.area)}**")
    with st.container(horizontal=True):
        for code, spoken in LANGUAGES.items():
            for form, make in ((".pdf", brief_pdf), (".html", brief_html)):
                offer_download(
                    f"{spoken} ({form[1:].upper()})", f"{name}_{code}{form}", _brief_maker(asked, code, make)
                )
    st.markdown(f"**{say('This map')}**")
    with st.container(horizontal=True):
        offer_download(say("Poster (PNG)"), f"{name}.png", lambda: poster_png(_poster_svg(asked, layer)))
        offer_download(say("Picture to edit (SVG)"), f"{name}.svg", lambda: _poster_svg(asked, layer).encode())
        for form, words in _DATA_FORMS.items():
            offer_download(words, f"{name}{form}", lambda form=form: _data_bytes(form, asked, layer))
    st.caption(say("Counts of 1 to 10 people, and what would give them away, are left out of every file."))
    st.markdown(f"**{say('The same from a terminal')}**")
    st.code(_brief_command(asked), language=None)
    st.markdown(f"**{say('A link to this view')}**")
    link = link_of(asked)
    st.html(Markup('<a class="access-link" href="{}">{}</a>').format(link, link))
    st.caption(say("It holds nothing about you. Counties and an area of your own are not in it."))


_DATA_FORMS = {".csv": "CSV", ".geojson": "GeoJSON", ".gpkg": "GeoPackage", ".parquet": "GeoParquet", ".zip": "ZIP"}


def _brief_maker(asked: GapInputs, code: str, make: Callable[..., bytes]) -> Callable[[], bytes]:
    def make_file() -> bytes:
        data = gap_caches.briefs(asked.pack, asked.view)
        with use_language(code):
            return make(brief_words(data, _brief_area(asked), datetime.now(UTC).date()))

    return make_file


def _brief_area(asked: GapInputs) -> BriefArea:
    data = gap_caches.briefs(asked.pack, asked.view)
    if asked.own is None:
        return state_area(data, asked.state)
    return own_area(data, asked.everybody, asked.own, asked.options)


def _poster_svg(asked: GapInputs, layer: AreaLayer) -> str:
    clinics = clinics_giving(asked.pack, asked.view.treatments) if asked.state or asked.own else None
    drawn = layer_map(layer, *outlines(), clinics=clinics)
    title = f"{treatments_words(asked.view.treatments)}, {asked.area}"
    return layer_poster(layer, drawn, title, [provenance_line(asked.pack)])


def _data_bytes(form: str, asked: GapInputs, layer: AreaLayer) -> bytes:
    return layer_file(form, layer, pack_columns(asked.pack), outlines()[1], _layer_command(asked))


def _layer_command(asked: GapInputs) -> str:
    return layer_command(asked.view, asked.by, asked.options, asked.pack)


def _brief_command(asked: GapInputs) -> str:
    said = brief_command(asked.view, asked.options, asked.pack)
    return f"{said}\n{_layer_command(asked)}"
