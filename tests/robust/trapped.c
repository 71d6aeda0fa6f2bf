/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trapped: the whole program with a decoder that packets can take over, as a fault in it might let
 * them. Linked with --wrap=decode_payload, so that the program itself has no hook for it.
 *
 * A packet with POWER in its bytes tries to reach out of the process and writes one line a try to
 * standard error; one with CRASH writes through a null pointer; one with HANG goes on for ever.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracetutor/console.h"
#include "tracetutor/decode.h"

#define POWER "TRAP: power"
#define CRASH "TRAP: crash"
#define HANG  "TRAP: hang"

void __wrap_decode_payload(struct decoder *d, struct record *r);
void __real_decode_payload(struct decoder *d, struct record *r);

static void tried(const char *what, long rc)
{
	fprintf(stderr, "%s: %s\n", what,
		rc != -1                            ? "DONE"
		: errno == EPERM || errno == EACCES ? "refused"
						    : strerror(errno));
}

static void try_files(void)
{
	tried("open for reading", open("/etc/passwd", O_RDONLY));
	tried("open for writing", open("/dev/null", O_WRONLY));
	tried("create", open("/tmp/tracetutor-trap", O_WRONLY | O_CREAT, 0600));
	tried("openat2", syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", "\0\0\0\0\0\0\0", 24));
	tried("unlink", unlink("/tmp/tracetutor-trap"));
	tried("rename", rename("/tmp/tracetutor-trap", "/tmp/tracetutor-trap-2"));
	tried("mkdir", mkdir("/tmp/tracetutor-trap", 0700));
	tried("symlink", symlink("/etc/passwd", "/tmp/tracetutor-trap"));
	tried("chmod", chmod("/tmp/tracetutor-trap", 0777));
	tried("truncate", truncate("/tmp/tracetutor-trap", 0));
}

static void try_others(void)
{
	char *argv[] = {(char *)"true", NULL};
	int pair[2];

	tried("socket", socket(AF_INET, SOCK_STREAM, 0));
	tried("unix socket", socket(AF_UNIX, SOCK_DGRAM, 0));
	tried("datagram pair", socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
	tried("execve", execve("/bin/true", argv, argv + 1));
	tried("fork", fork());
	tried("ptrace", ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
	tried("kill", kill(getppid(), 0));
	tried("kill all", kill(-1, 0));
	tried("tgkill", syscall(SYS_tgkill, getppid(), getppid(), 0));
	tried("process_vm_readv", syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
	tried("pidfd_open", syscall(SYS_pidfd_open, getppid(), 0));
	tried("signal owner", fcntl(STDERR_FILENO, F_SETOWN, getppid()));
}

static void try_kernel(void)
{
	tried("setuid", setuid(0));
	tried("mount", mount("none", "/mnt", "tmpfs", 0, NULL));
	tried("unshare", syscall(SYS_unshare, 0x20000));
	tried("bpf", syscall(SYS_bpf, 0, NULL, 0));
	tried("perf_event_open", syscall(SYS_perf_event_open, NULL, 0, 0, 0, 0));
	tried("keyctl", syscall(SYS_keyctl, 0, 0, 0, 0, 0));
	tried("io_uring", syscall(SYS_io_uring_setup, 1, NULL));
	tried("userfaultfd", syscall(SYS_userfaultfd, 0));
	tried("reboot", syscall(SYS_reboot, 0, 0, 0, NULL));
}

static bool has(const struct record *r, const char *what)
{
	return memmem(r->frame->data, r->frame->captured, what, strlen(what)) != NULL;
}

void __wrap_decode_payload(struct decoder *d, struct record *r)
{
	volatile int *volatile nowhere = NULL;

	if (has(r, POWER)) {
		try_files();
		try_others();
		try_kernel();
	}
	if (has(r, CRASH))
		*nowhere = 1;
	while (has(r, HANG))
		;
	__real_decode_payload(d, r);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	return console_main(argc, argv);
}
