"""Run as ``python -m kjfp_helpers.cli``."""

import sys

from kjfp_helpers.cli.main import main

sys.exit(main())
