"""One round derived, and the desk on which it lies open."""

from kjfp_helpers.derivation.desk import Desk, home, output_folder, round_folder
from kjfp_helpers.derivation.review import KINDS, Review, derive

__all__ = ["KINDS", "Desk", "Review", "derive", "home", "output_folder", "round_folder"]
