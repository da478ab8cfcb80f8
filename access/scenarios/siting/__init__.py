"""Where next: candidates, a question, and the best sites with a bound; one idea a file, `best` is the front door."""
