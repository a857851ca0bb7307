import os
import sys

os.write(
    int(sys.argv[1]),
    b"! 999999999 9999 0 \x1b[31m::error::\xff\t\r::stop-commands::z\n"
    b"? 1 0 9999 \xe2\x80\xa8::error::x\xc2\x85##[error]\t\xe2\x80\xae\n=\n= nan nan\n@ 1\n",
)
os._exit(0)
