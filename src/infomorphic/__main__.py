"""Run the command `infomorphic` as `python -m infomorphic`."""

import sys

from infomorphic.cli import main

if __name__ == "__main__":
    sys.exit(main())
