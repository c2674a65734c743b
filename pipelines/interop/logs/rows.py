"""The predictions that every log of this directory holds."""

ROWS = [
    ({"age": 33, "income": 41000.5, "country": "DE"}, 0.25),
    ({"age": 58, "income": 12.0, "country": "FR"}, 0.75),
    ({"age": 21, "income": 30000.25, "country": "Österreich, \"A\""}, 0.5),
    ({"age": 47, "income": 0.125, "country": "DE"}, 0.0625),
]
LABELS = ["no", "yes", "no", "no"]
