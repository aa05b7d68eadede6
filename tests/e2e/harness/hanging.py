"""Threads of a child that hang while the others go on, by ptrace(2)."""

import contextlib
import ctypes
import os

_SEIZE, _INTERRUPT, _DETACH = 0x4206, 0x4207, 17
_WALL = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


def threads_of(pid, name):
    """Those of that name, but the first of the process."""
    found = []
    for thread in sorted(map(int, os.listdir(f"/proc/{pid}/task"))):
        with open(f"/proc/{pid}/task/{thread}/comm", encoding="ascii") as comm:
            if thread != pid and comm.read().strip() == name:
                found.append(thread)
    return found


@contextlib.contextmanager
def hanging(threads):
    """Only from the thread of the test that started the process."""
    stopped = []
    try:
        for thread in threads:
            _ptrace(_SEIZE, thread)
            stopped.append(thread)
            _ptrace(_INTERRUPT, thread)
            os.waitpid(thread, _WALL)
        yield
    finally:
        for thread in stopped:
            _ptrace(_DETACH, thread)


def _ptrace(request, thread):
    if _libc.ptrace(request, thread, None, None) != 0:
        raise OSError(ctypes.get_errno(), f"ptrace of thread {thread}")
