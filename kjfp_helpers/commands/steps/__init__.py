"""Steps of the review: each is skipped where it would write again what stands already."""
