"""The machine that the program runs on: what is there, what lacks, what that costs."""

from kjfp_helpers.commands.environment.check_result import Check
from kjfp_helpers.commands.environment.environment_check import check_environment

__all__ = ["Check", "check_environment"]
