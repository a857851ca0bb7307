"""`actfn`, also as `python -m actfn`."""

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the program and exit with its status."""
    gc.set_threshold(100_000)  # imports make no garbage, and looking for it takes longer than the answer
    from actfn.cli.app import main as program

    program()


if __name__ == "__main__":
    # `python -m` imports from the current directory first, where the files of a submission lie
    if not sys.flags.safe_path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109 - pathlib is imported later, if at all
        del sys.path[0]
    main()
