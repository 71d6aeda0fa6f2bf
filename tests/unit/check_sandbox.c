/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sandbox: who reads packets, and what a process can no longer do once it is inside. */
#include "config.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracetutor/sandbox.h"

#define SUDO_USER 4711

/* Run in a process of its own; 0: all as it should be, else the line that was not. */
#define MUST(what)                                                                                 \
	do {                                                                                       \
		if (!(what))                                                                       \
			return __LINE__ % 256 ? __LINE__ % 256 : 255;                              \
	} while (0)

static int scene(int (*play)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(play());
	ck_assert(pid > 0 && waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static bool enter(unsigned megabytes)
{
	struct diag d = DIAG_INIT;

	return sandbox_enter(sandbox_user(), megabytes, &d) && d.count == 0;
}

static bool refused(long rc)
{
	return rc == -1 && (errno == EPERM || errno == EACCES);
}

static int files(void)
{
	struct stat st;

	MUST(enter(0));
	MUST(refused(open("/etc/passwd", O_RDONLY)));
	MUST(refused(open("/dev/null", O_WRONLY)));
	MUST(refused(open("/tmp/tt-sandbox", O_WRONLY | O_CREAT, 0600)));
	MUST(refused(syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", "", 0)));
	MUST(refused(mkdir("/tmp/tt-sandbox", 0700)));
	MUST(refused(unlink("/etc/hostname")));
	MUST(refused(rename("/tmp/tt-a", "/tmp/tt-b")));
	MUST(refused(symlink("/etc", "/tmp/tt-a")));
	MUST(refused(chmod("/tmp", 0777)));
	MUST(refused(truncate("/etc/hostname", 0)));
	MUST(refused(mknod("/tmp/tt-fifo", S_IFIFO | 0600, 0)));
	MUST(stat("/etc", &st) == 0); /* the C library looks after /etc/localtime */
	return 0;
}

static int connections(void)
{
	int pair[2];

	MUST(enter(0));
	MUST(refused(socket(AF_INET, SOCK_STREAM, 0)));
	MUST(refused(socket(AF_UNIX, SOCK_DGRAM, 0)));
	MUST(refused(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)));
	MUST(refused(bind(0, NULL, 0)));
	MUST(refused(connect(0, NULL, 0)));
	return 0;
}

static int processes(void)
{
	char *argv[] = {(char *)"true", NULL}, *none[] = {NULL};

	MUST(enter(0));
	MUST(refused(execve("/bin/true", argv, none)));
	MUST(refused(syscall(SYS_execveat, AT_FDCWD, "/bin/true", argv, none, 0)));
	MUST(refused(fork()));
	MUST(refused(vfork()));
	MUST(refused(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL)));
	MUST(refused(kill(getppid(), 0)));
	MUST(refused(kill(-1, 0)));
	MUST(refused(syscall(SYS_tgkill, getppid(), getppid(), 0)));
	MUST(refused(syscall(SYS_pidfd_open, getppid(), 0)));
	MUST(refused(fcntl(0, F_SETOWN, getppid())));
	MUST(refused(syscall(SYS_prlimit64, getppid(), RLIMIT_NOFILE, NULL, NULL)));
	MUST(kill(getpid(), 0) == 0);
	return 0;
}

static int kernel(void)
{
	MUST(enter(0));
	MUST(refused(syscall(SYS_bpf, 0, NULL, 0)));
	MUST(refused(syscall(SYS_keyctl, 0, 0)));
	MUST(refused(syscall(SYS_io_uring_setup, 1, NULL)));
	MUST(refused(syscall(SYS_unshare, 0)));
	MUST(refused(syscall(SYS_mount, NULL, NULL, NULL, 0, NULL)));
	return 0;
}

static int user(void)
{
	uid_t wanted = sandbox_user().uid;
	gid_t group = sandbox_user().gid;

	MUST(wanted != 0);
	MUST(enter(0));
	MUST(getuid() == wanted && geteuid() == wanted);
	MUST(getgid() == group && getegid() == group);
	MUST(getuid() != 65534 || getgroups(0, NULL) == 0);
	MUST(setuid(0) == -1 && seteuid(0) == -1);
	MUST(enter(0)); /* a second time changes nothing */
	return 0;
}

/* What it holds goes on working: that is how it is fed. */
static int descriptors(void)
{
	int fd = open("/proc/self/stat", O_RDONLY), pair[2], in[2];
	char c;

	MUST(pipe(in) == 0 && socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
	MUST(enter(0));
	MUST(read(fd, &c, 1) == 1 && lseek(fd, 0, SEEK_SET) == 0);
	MUST(write(in[1], "x", 1) == 1 && read(in[0], &c, 1) == 1 && c == 'x');
	MUST(send(pair[0], "y", 1, 0) == 1 && recv(pair[1], &c, 1, 0) == 1 && c == 'y');
	MUST(poll(&(struct pollfd){.fd = in[1], .events = POLLOUT}, 1, 0) == 1);
	MUST(dup(fd) >= 0 && g_get_monotonic_time() > 0);
	return 0;
}

static int memory(void)
{
	struct rlimit l;
	bool limited;

	MUST(enter(512));
	MUST(getrlimit(RLIMIT_CORE, &l) == 0 && l.rlim_max == 0);
	MUST(getrlimit(RLIMIT_AS, &l) == 0);
	limited = l.rlim_max == 512u << 20;
	MUST(!limited ||
	     mmap(NULL, 600u << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	return limited ? 0 : 77;
}

static int aborts(void)
{
	MUST(enter(0));
	abort();
}

/* A person's home instead of root's, if he has one. */
static int home(void)
{
	struct sandbox_user nobody = {65534, 65534};

	g_setenv("HOME", "/root", TRUE);
	sandbox_home(nobody); /* has none: nothing changes */
	MUST(g_str_equal(g_getenv("HOME"), "/root"));
	return 0;
}

START_TEST(inside)
{
	static int (*const scenes[])(void) = {files, connections, processes, kernel, descriptors};

	ck_assert_int_eq(scene(scenes[_i]), 0);
}
END_TEST

START_TEST(is_not_root)
{
	ck_assert_int_eq(scene(user), 0);
}
END_TEST

START_TEST(memory_is_limited)
{
	int rc = scene(memory);

	ck_assert_msg(rc == 0 || rc == 77, "line %d", rc);
}
END_TEST

START_TEST(abort_still_aborts)
{
	ck_assert_int_eq(scene(aborts), -SIGABRT);
}
END_TEST

START_TEST(home_of_nobody)
{
	ck_assert_int_eq(scene(home), 0);
}
END_TEST

static int sudo(void)
{
	g_setenv("SUDO_UID", "4711", TRUE);
	g_setenv("SUDO_GID", "4712", TRUE);
	MUST(geteuid() != 0 || sandbox_user().uid == SUDO_USER);
	MUST(geteuid() != 0 || sandbox_user().gid == SUDO_USER + 1);
	g_setenv("SUDO_UID", "0", TRUE);
	MUST(sandbox_user().uid != 0);
	g_setenv("SUDO_UID", "-1", TRUE);
	MUST(sandbox_user().uid != 0 && sandbox_user().uid != (uid_t)-1);
	return 0;
}

START_TEST(user_behind_sudo)
{
	ck_assert_int_eq(scene(sudo), 0);
}
END_TEST

/* The console keeps the power over files and programs, but not root's. */
static int dropped(void)
{
	struct sandbox_user u = {SUDO_USER, SUDO_USER + 1};
	struct diag d = DIAG_INIT;

	if (geteuid() != 0)
		u = sandbox_user();
	MUST(sandbox_drop_root(u, &d) && d.count == 0);
	MUST(getuid() == u.uid && setuid(0) == -1);
	MUST(open("/etc/passwd", O_RDONLY) >= 0);
	MUST(open("/etc/shadow", O_RDONLY) == -1);
	MUST(fork() >= 0);
	MUST(sandbox_enter(u, 0, &d));
	MUST(open("/etc/passwd", O_RDONLY) == -1);
	return 0;
}

START_TEST(root_is_dropped)
{
	ck_assert_int_eq(scene(dropped), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sandbox");
	TCase *t = tcase_create("sandbox");

	tcase_add_loop_test(t, inside, 0, 5);
	tcase_add_test(t, is_not_root);
	tcase_add_test(t, memory_is_limited);
	tcase_add_test(t, abort_still_aborts);
	tcase_add_test(t, home_of_nobody);
	tcase_add_test(t, user_behind_sudo);
	tcase_add_test(t, root_is_dropped);
	suite_add_tcase(s, t);
	return s;
}

UNIT_MAIN(suite)
