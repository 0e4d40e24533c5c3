"""News and profiles of the online column (clauses 三(一) and 三(二)), from mail or folders."""
