"""`actfn`, also as `python -m actfn`."""

import gc
from typing import NoReturn


def main() -> NoReturn:
    """Run the program and exit with its status."""
    gc.set_threshold(100_000)  # imports make no garbage, and looking for it takes longer than the answer
    from actfn.cli.app import main as program

    program()


if __name__ == "__main__":
    main()
