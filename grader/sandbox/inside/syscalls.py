"""System calls of Linux on x86-64, by number, grouped by what a submission needs them for.

`seccomp` allows them and no others. The numbers are those of arch/x86/entry/syscalls/syscall_64.tbl.
"""

NUMBERS = {
    # memory
    "futex": 202, "mmap": 9, "munmap": 11, "mprotect": 10, "mremap": 25, "madvise": 28,
    "brk": 12, "msync": 26, "membarrier": 324,
    # files that are open
    "read": 0, "write": 1, "close": 3, "lseek": 8, "fstat": 5, "pread64": 17, "pwrite64": 18,
    "readv": 19, "writev": 20, "preadv": 295, "pwritev": 296, "preadv2": 327, "pwritev2": 328,
    "dup": 32, "dup2": 33, "dup3": 292, "pipe": 22, "pipe2": 293, "fsync": 74, "fdatasync": 75,
    "ftruncate": 77, "fallocate": 285, "fadvise64": 221, "copy_file_range": 326,
    "sendfile": 40, "close_range": 436, "getdents64": 217, "fstatfs": 138, "fchdir": 81,
    # files by name, as far as Landlock and the mounts allow
    "creat": 85, "stat": 4, "lstat": 6, "newfstatat": 262, "statx": 332, "access": 21,
    "faccessat": 269, "faccessat2": 439, "readlink": 89, "readlinkat": 267, "getcwd": 79,
    "chdir": 80, "mkdir": 83, "mkdirat": 258, "rmdir": 84, "unlink": 87, "unlinkat": 263,
    "rename": 82, "renameat": 264, "renameat2": 316, "statfs": 137, "umask": 95, "getxattr": 191,
    "lgetxattr": 192, "fgetxattr": 193, "listxattr": 194, "llistxattr": 195, "flistxattr": 196,
    # changes that Landlock does not judge, refused where other people's files are mounted
    "chmod": 90, "fchmod": 91, "fchmodat": 268, "truncate": 76,
    # waiting
    "poll": 7, "ppoll": 271, "select": 23, "pselect6": 270, "nanosleep": 35,
    "clock_nanosleep": 230, "sched_yield": 24, "pause": 34, "restart_syscall": 219,
    # clocks
    "clock_gettime": 228, "clock_getres": 229, "gettimeofday": 96, "time": 201, "times": 100,
    "getitimer": 36, "setitimer": 38, "alarm": 37,
    # signals to itself
    "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "rt_sigpending": 127,
    "rt_sigtimedwait": 128, "rt_sigsuspend": 130, "sigaltstack": 131,
    # about itself
    "getpid": 39, "gettid": 186, "getppid": 110, "getuid": 102, "geteuid": 107, "getgid": 104,
    "getegid": 108, "getresuid": 118, "getresgid": 120, "getgroups": 115, "getpgrp": 111,
    "getrusage": 98, "getrlimit": 97, "getcpu": 309, "uname": 63, "sysinfo": 99, "getrandom": 318,
    # threads and the end
    "set_robust_list": 273, "set_tid_address": 218, "rseq": 334,
    "exit": 60, "exit_group": 231,
    # under a condition, see seccomp.py
    "clone": 56, "clone3": 435, "fcntl": 72, "ioctl": 16, "kill": 62, "open": 2, "openat": 257,
    "prctl": 157, "prlimit64": 302, "recvfrom": 45, "sched_getaffinity": 204, "sendto": 44, "tgkill": 234,
    "utimensat": 280,
}  # fmt: skip

#: Landlock lets anyone who owns a file change these about it, even a file that it does not let them open,
#: and anyone who may read a file by its permissions read its attributes.
UNJUDGED = (
    "chmod", "fchmod", "fchmodat", "truncate",
    "getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr",
)  # fmt: skip
