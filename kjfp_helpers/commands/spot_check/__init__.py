"""The spot check step by step: freeze, draw, issue, import, close."""
