"""Writers of the rehearsal round: Word forms, pictures and MIME messages."""
