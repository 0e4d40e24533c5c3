"""Summaries and assessment of units (总结考核, clause 二).

:mod:`.summary_headings` finds the required heads of a summary at any level, :mod:`.summary_checks`
tells what lacks, :mod:`.unit_grades` gives points and grade by the scheme of the round,
:mod:`.grade_effects` says what a confirmed grade does to nominees.
"""
