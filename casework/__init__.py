"""Casework: clients, households, service records (second floor).

Station data belongs to the government: it hangs on the station, outlives every contract and passes to the next
contractor. A service record stands on a day's log and counts only when that log is approved. Clauses: T1.1–T5.4,
G1–G3, D4.1.
"""
