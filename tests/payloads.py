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
