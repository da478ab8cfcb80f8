"""What people take away or see whole: brief, scenario report, shortlist, cards, pictures, files and HTML tables;
their typst and jinja templates are in templates/. Sentences come from access.words.
"""
