"""A living back office to look at: a month of plausible history, then a simulator that keeps it moving.

What lives here: the company's habits (`habits.yaml`), its people (`cast`), the story of one operation (`plots`), and
who tells those stories (`run`): those of the past at once, those of the present at their time. Nothing here is needed
by the product, and nothing here has a way of its own to the tables: it asks the same batch as everybody.
"""
