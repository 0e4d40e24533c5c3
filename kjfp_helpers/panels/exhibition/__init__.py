"""The desk of the exhibition (clause 三): items one at a time, with what is decided on them."""
