"""Content of the rehearsal round before anything is written: units, people and texts."""
