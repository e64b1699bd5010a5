"""What would a whole leaked-credential incident look like in the raw logs of an organisation?

Brightwater Freight is invented; so are its people, names, ids and addresses (documentation ranges and `.example` only).
The course of events is modelled on public facts: the account that Cloudflare published on its blog on 2024-02-01
("Thanksgiving 2023 security incident") of an intrusion that followed the October 2023 breach of Okta's support system.
Taken from it: the times (UTC), four credentials of some five thousand left unrotated, the order of the intruder's acts
and the figures 36 of 2,059,357 tickets, 202 of 14,099 pages, 120 of 11,904 repositories viewed and 76 archived.
Nothing else is theirs: no record, address, account or text.

Run from the root of the repository: `python -m demo.model_incident OUT [--seed 1] [--scale 1.0]`.
Same seed and scale, same bytes. The scale shrinks ordinary life only; the incident and the rotations stay whole.
"""
