"""What a child process that runs foreign code may take of the machine, where the system can hold it to that."""

import sys

# The interpreter keeps to much less by itself; this holds if it should fail.
_MOST_DATA = 1 << 30
_LARGEST_FILE = 16 << 20


def limit_this_process() -> None:
    """No new processes, no large files, no crash dumps, bounded memory; for good. Windows has nothing like it."""
    if sys.platform == "win32":
        return
    import resource

    bounds = {
        # Not RLIMIT_AS: WebAssembly reserves addresses by the gigabyte, and uses few of them.
        resource.RLIMIT_DATA: _MOST_DATA,
        # wasmtime keeps a module's first memory in a file that has no name.
        resource.RLIMIT_FSIZE: _LARGEST_FILE,
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform == "linux":
        bounds[resource.RLIMIT_NPROC] = 0
    for limit, most in bounds.items():
        _, hard = resource.getrlimit(limit)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (most, most))
