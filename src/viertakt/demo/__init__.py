"""A living back office to look at: a month of plausible history, then a simulator that keeps it moving.

What lives here: the company's habits (`habits.yaml`), its people (`cast`), the story of one operation (`plots`), the
month behind us (`run`, an import), and the present (`live`, `simulator`, `customers`), which goes through public doors
alone: sessions of people, a token with viertakt_client, signed deliveries of providers; checks and deadlines are the
product's own. Nothing here is needed by the product, and nothing here has a way of its own to the tables.
"""
