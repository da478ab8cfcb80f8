"""Names that try to run in a page."""

PAYLOADS = [
    "<img src=x onerror=\"window.top.ran='img'\">",
    "${window.top.ran='literal'}",
    "`+(window.top.ran='backtick')+`",
    "\\`+(window.top.ran='backslash')+\\`",
    "'\"><svg onload=\"window.top.ran='svg'\">",
    "</script><script>window.top.ran='script'</script>",
    "{{ 7*7 }}",
]
# What may be typed into any box, or stand in any field of a clinic.
HOSTILE = [
    *PAYLOADS,
    "![x](https://evil.example/x.png)",
    "[x](javascript:window.top.ran='link') https://evil.example/bare",
    "$\\href{javascript:window.top.ran='tex'}{x}$ :material/home: :red[x]",
    '=HYPERLINK("https://evil.example/","x")',
    "${1337*1337} {{1337*1337}} {0.__class__} %(x)s %n #{1337*1337}",
    "a\x00b\u202egnp.evil\u200f\u2066\ufeff",
    "\U0001f9e0\U0001f468\u200d\U0001f469\u200d\U0001f467 \u0e01\u0e33 Z\u0351\u036b\u0343\u036a\u0302\u036b",
    "-1",
    "1e308",
    "99999999999999999999",
    "NaN",
    "'; DROP TABLE clinics; --",
    "../../../../etc/passwd",
    "x" * 10_000,
]
