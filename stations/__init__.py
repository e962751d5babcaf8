"""What is bought and where: programme years, townships, stations, contractors, contracts, targets (ground floor).

`Programme` holds every number of the year's plan with its clause code; no rule takes a number from anywhere else.
Access stands here too: object permissions on `Station` and `Contract`, with dates, say where a person may look
(`visible_to`) and where a person may work today (`open_to`). Everything else hangs on one of the two.
Clauses: D1.1, D1.2, S1–S4, S9–S12, S16.
"""
