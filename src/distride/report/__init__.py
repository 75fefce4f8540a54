"""results.json to one self-contained page."""
