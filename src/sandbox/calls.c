/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * calls: a seccomp filter. What decoding needs is not listed (that breaks with the next libc), but
 * what reaches out of the process: files by name, sockets, programs, processes, the kernel. A call
 * through the machine's other call tables ends the process (libseccomp's default).
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "src/sandbox/walls.h"

#ifndef F_SETSIG /* signals by way of a descriptor; numbers of Linux */
#define F_SETSIG 10
#endif
#ifndef F_SETOWN_EX
#define F_SETOWN_EX 15
#endif

/* Refused whatever their arguments are. Names this machine or libseccomp lacks are passed over. */
static const char *const refused[] = {
	/* files by name */
	"open", "openat", "openat2", "creat", "open_by_handle_at", "name_to_handle_at", "open_tree",
	"mknod", "mknodat", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat",
	"renameat2", "link", "linkat", "symlink", "symlinkat", "chmod", "fchmod", "fchmodat",
	"fchmodat2", "chown", "fchown", "lchown", "fchownat", "chown32", "fchown32", "lchown32",
	"truncate", "truncate64", "utime", "utimes", "futimesat", "utimensat", "utimensat_time64",
	"setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr",
	"chroot", "inotify_init", "inotify_init1", "inotify_add_watch", "fanotify_init",
	"fanotify_mark", "acct", "swapon", "swapoff", "quotactl", "quotactl_fd", "uselib",
	/* other machines and programs */
	"socket", "socketcall", "connect", "bind", "listen", "accept", "accept4", "mq_open",
	"mq_unlink", "ipc", "shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "msgctl",
	"semget", "semop", "semtimedop", "semctl",
	/* processes, and threads too: decoding has one */
	"execve", "execveat", "fork", "vfork", "clone", "clone3", "ptrace", "process_vm_readv",
	"process_vm_writev", "process_madvise", "process_mrelease", "kcmp", "pidfd_open",
	"pidfd_getfd", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "setpriority",
	"ioprio_set", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler",
	"migrate_pages", "move_pages",
	/* the kernel */
	"bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
	"io_uring_register", "keyctl", "add_key", "request_key", "mount", "umount", "umount2",
	"mount_setattr", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "pivot_root",
	"setns", "unshare", "init_module", "finit_module", "delete_module", "kexec_load",
	"kexec_file_load", "reboot", "syslog", "ioperm", "iopl", "sethostname", "setdomainname",
	"settimeofday", "stime", "clock_settime", "clock_settime64", "adjtimex", "clock_adjtime",
	"clock_adjtime64", "vhangup", "nfsservctl", "lookup_dcookie"};

/* The same, newer than libseccomp 2.5: one number on all machines. */
static const int refused_numbers[] = {452 /* fchmodat2 */, 463 /* setxattrat */,
				      466 /* removexattrat */, 467 /* open_tree_attr */,
				      469 /* file_setattr */};

/* The kernel looks at 32 bits of these arguments, so the filter may not look at more. */
#define SAME_INT(arg, value) SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, UINT32_MAX, (uint32_t)(value))

static void refuse(scmp_filter_ctx f, const char *name)
{
	int call = seccomp_syscall_resolve_name(name);

	if (call != __NR_SCMP_ERROR)
		seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), call, 0);
}

static void refuse_if(scmp_filter_ctx f, int call, struct scmp_arg_cmp when)
{
	seccomp_rule_add_array(f, SCMP_ACT_ERRNO(EPERM), call, 1, &when);
}

/* Signals and limits of others; abort() sends one to itself. */
static void refuse_others(scmp_filter_ctx f)
{
	refuse_if(f, SCMP_SYS(kill), SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)getpid()));
	refuse_if(f, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)getpid()));
	refuse_if(f, SCMP_SYS(tkill), SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)getpid()));
	refuse_if(f, SCMP_SYS(prlimit64), SCMP_A0(SCMP_CMP_NE, 0));
}

/* Calls with many meanings: typing into the terminal, signals when a descriptor moves, sockets that
 * reach others by an address. */
static void refuse_meanings(scmp_filter_ctx f)
{
	static const unsigned ioctls[] = {TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP};
	static const unsigned fcntls[] = {F_SETOWN, F_SETOWN_EX, F_SETSIG};

	for (size_t i = 0; i < G_N_ELEMENTS(ioctls); i++)
		refuse_if(f, SCMP_SYS(ioctl), SAME_INT(1, ioctls[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(fcntls); i++) {
		refuse_if(f, SCMP_SYS(fcntl), SAME_INT(1, fcntls[i]));
		refuse_if(f, SCMP_SYS(fcntl64), SAME_INT(1, fcntls[i]));
	}
	for (unsigned type = SOCK_DGRAM; type <= SOCK_RDM; type++)
		refuse_if(f, SCMP_SYS(socketpair), SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, type));
	refuse_if(f, SCMP_SYS(sendto), SCMP_A4(SCMP_CMP_NE, 0));
}

void close_calls(void)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);

	if (!f)
		return;
	seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree: reading costs less */
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++)
		refuse(f, refused[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(refused_numbers); i++)
		seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), refused_numbers[i], 0);
	refuse_others(f);
	refuse_meanings(f);
	seccomp_load(f);
	seccomp_release(f);
}
