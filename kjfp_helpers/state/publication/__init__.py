"""What follows the list: versions of the notice, objections, commendations."""
