"""`python -m infomorphic` is the command `infomorphic`."""

import sys

from infomorphic.cli import main

if __name__ == "__main__":
    sys.exit(main())
