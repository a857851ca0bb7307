"""The robustness sweep: thousands of random and mutated command lines, and what must hold of every one of them.

`python -m tests.sweep --cases 20000 --seed 1` runs many and reports; `--only 37` shows the one of that number. What it
has found is kept in `findings.py`, and is run by the tests together with a small part of a sweep.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program does, before NumPy is imported
