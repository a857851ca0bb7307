import os
import sys

os.write(int(sys.argv[1]), b"= 0x1" + b"f" * 30000 + b"p+99999999999999\n= 0x1p+" + b"9" * 30000 + b"\n")
os._exit(0)
