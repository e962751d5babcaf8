"""Money: the contract's budget by share and subject, and the vouchers spent against it (second floor).

Amounts are `Decimal` yuan with two places. A voucher belongs to one contract's ledger and is never edited after
approval. Clauses: S9–S12, D3.3, R3.
"""
