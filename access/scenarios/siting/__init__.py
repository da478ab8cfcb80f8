"""Where next: candidates, a question, and the best sites with a bound; `best` is the front door. What may be asked is
in `question`, how an objective is counted in `gains`; words about an answer are in access.words.
"""
