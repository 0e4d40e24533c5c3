"""Parts of the derived round state: tables, masked findings and traces on public pages."""
