"""What the numbers say: statistics, mid-term and final reports, their builds (roof).

`statistics` answers every figure used anywhere from approved records, so the same question gives the same number on
every page. A report's figures are frozen with time and digest when it is submitted. Clauses: D3.4, D3.5, D1.3.
"""
