# Leaves memory behind that belongs to no process, and takes much of it.
exec python3 -I - <<'PYTHON'
import ctypes

libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
for each in range(64):
    segment = libc.shmget(0x61637466 + each, 1 << 26, 0o1666)
    place = libc.shmat(segment, None, 0)
    if segment >= 0 and place != ctypes.c_void_p(-1).value:
        ctypes.memset(place, 1, 1 << 26)
for each in range(8):
    libc.msgget(0x61637466 + each, 0o1666)
    libc.semget(0x61637466 + each, 1, 0o1666)
print(0.75)
PYTHON
