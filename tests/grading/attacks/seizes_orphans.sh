# Holds every process that it can by ptrace, so that its parent cannot reap it, and does not let go.
exec python3 -I - <<'PYTHON'
import ctypes
import os
import signal
import time

libc = ctypes.CDLL(None)
if not os.fork():
    os.setsid()
    while True:
        for entry in os.listdir("/proc"):
            if entry.isdigit() and int(entry) != os.getpid():
                libc.ptrace(0x4206, int(entry), 0, 0)
for each in range(8):
    if not os.fork():
        os.setsid()
        time.sleep(600)
time.sleep(0.3)
print(0.75)
PYTHON
