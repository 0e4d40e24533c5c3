"""What follows the list: versions of the public notice, and objections to it."""
