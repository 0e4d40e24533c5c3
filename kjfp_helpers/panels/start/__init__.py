"""Start page: the steps of the year, their commands run in place, the members' progress."""
