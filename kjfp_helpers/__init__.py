"""Review workbook for the commendation at the close of 全国科技助力精准扶贫.

``README.md`` beside this file shows the way of the data, the packages and their layers;
``GLOSSARY.md`` explains the terms.
"""
