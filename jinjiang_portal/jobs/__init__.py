"""Long jobs. The row is the truth, the broker is only a doorbell.

A job is written in the same transaction as what caused it; a worker claims the row, reports progress with a heartbeat
and ends it once. A tick rings again for rows nobody claimed and requeues rows whose worker died (SECURITY 15).
"""
