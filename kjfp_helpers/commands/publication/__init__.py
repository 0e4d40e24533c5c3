"""After the list: publish the public notice, and handle the objections to it."""
