"""Shows how far a map is: a widget in a cell, a line in a terminal, static HTML at the end.

``draw`` chooses. The words are in ``words``; ``widget`` and ``bridge`` are the live view.
"""
