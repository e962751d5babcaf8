"""Background work: the row is the truth, the broker only a doorbell.

`workflow.enqueue` writes the job (and its parts) in the transaction of what caused it and rings Celery on commit. A
worker claims the row by a lease, beats its heart while the handler runs, and finishes only while it holds the lease.
`tasks.tick`, run by beat, rings again what was not heard, takes back what a dead worker left, and gives up with a
reason after JOB_MAX_ATTEMPTS. So a lost message or a killed worker loses and doubles nothing.
"""
