"""Ends the process with status 0 before anything is asked."""

import os

os._exit(0)
