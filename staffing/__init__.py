"""The people in the stations: staff files, certificates, postings, vacancies, daily logs (first floor).

A log gathers a day of one worker: service records of the floor above hang on it by reverse relation
(`log.service_records`), non-service work stands on it as lines. The township approves or returns it; only what stands
on an approved log counts anywhere. Clauses: S3–S8, D2.2, D3.1, D4.1.
"""
