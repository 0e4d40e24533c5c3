"""RoundState workbook for the commendation at the close of 全国科技助力精准扶贫.

The floors, lowest first; imports point down only:

0. ``errors`` ``files`` ``findings`` ``names`` ``records`` ``forms`` ``events`` ``rules``:
   typed values
1. ``ledger``: what people decided, append-only
2. ``intake``: mail to records with provenance
3. ``stocktake`` ``spotcheck`` ``summaries`` ``eligibility`` ``state`` ``selection``
   ``publication`` ``exhibition``: the systems of the notice, pure
4. ``derivation``: one round derived from records, events and rules
5. ``panels`` ``reports``: screens and papers
6. ``rehearsal`` ``flow`` ``cli``: the made-up year, the steps in order, the words
"""
