/* SPDX-License-Identifier: GPL-3.0-or-later */
/* programs: who holds which socket. /proc/PID/fd tells, for processes that this user may look into.
 */
#include "config.h"

#include "src/system/private.h"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANYBODY        ((uid_t)-1)
#define COMM_MAX       15 /* the kernel cuts names there (TASK_COMM_LEN) */
#define NAME_MAX_SHOWN 40

/* Told of each socket of each process, in the order of their numbers; false: enough. */
typedef bool held(void *context, pid_t pid, uint32_t inode);

/* --- /proc --- */

/* The number in a name of digits alone; 0: it is something else. */
static uint32_t number_of(const char *name, const char *prefix, char last)
{
	size_t n = strlen(prefix);
	char *end = NULL;
	guint64 v;

	if (strncmp(name, prefix, n) != 0 || !g_ascii_isdigit(name[n]))
		return 0;
	v = g_ascii_strtoull(name + n, &end, 10);
	return *end == last && v <= UINT32_MAX ? (uint32_t)v : 0;
}

static bool walk_descriptors(int process, pid_t pid, held *each, void *context)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool more = true;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return true;
	}
	while (more && (entry = readdir(dir))) {
		char target[64];
		uint32_t inode;
		ssize_t n;

		if (entry->d_name[0] == '.')
			continue;
		n = readlinkat(fd, entry->d_name, target, sizeof(target) - 1);
		if (n <= 0)
			continue;
		target[n] = '\0';
		inode = number_of(target, "socket:[", ']');
		if (inode)
			more = each(context, pid, inode);
	}
	closedir(dir);
	return more;
}

static void walk_processes(uid_t user, held *each, void *context)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	struct stat st;
	bool more = proc != NULL;

	while (more && (entry = readdir(proc))) {
		pid_t pid = (pid_t)number_of(entry->d_name, "", '\0');
		int process;

		if (pid <= 0)
			continue;
		process = openat(dirfd(proc), entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (process < 0)
			continue;
		if (fstat(process, &st) == 0 && (user == ANYBODY || st.st_uid == user))
			more = walk_descriptors(process, pid, each, context);
		close(process);
	}
	if (proc)
		closedir(proc);
}

/* Name of the file it runs, without " (deleted)" after an update. */
static char *file_name(pid_t pid)
{
	char path[64], target[PATH_MAX];
	ssize_t n;

	g_snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0)
		return NULL;
	target[n] = '\0';
	if (g_str_has_suffix(target, " (deleted)"))
		target[n - (ssize_t)strlen(" (deleted)")] = '\0';
	return g_path_get_basename(target);
}

/* Ours: this process, its children, and whoever else runs this program. */
static bool is_ours(pid_t pid)
{
	struct stat self, st;
	char path[64];

	g_snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	return stat("/proc/self/exe", &self) == 0 && stat(path, &st) == 0 &&
	       st.st_ino == self.st_ino && st.st_dev == self.st_dev;
}

/* What the process calls itself: for a script its own name, not that of the language. Names that
 * are cut, and titles of helper processes ("Socket Process"), give way to the file's. NULL: it is
 * ours, or gone. */
static char *program_name(pid_t pid)
{
	struct buf clean = BUF_INIT;
	char path[64], *name = NULL, *file;

	g_snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	if (is_ours(pid) || !g_file_get_contents(path, &name, NULL, NULL))
		return NULL;
	g_strchomp(name);
	if (strlen(name) == COMM_MAX || strchr(name, ' ')) {
		file = file_name(pid);
		if (file && (strchr(name, ' ') || g_str_has_prefix(file, name))) {
			g_free(name);
			name = file;
		} else {
			g_free(file);
		}
	}
	buf_clean_max(&clean, name, strlen(name), NAME_MAX_SHOWN);
	g_free(name);
	return buf_steal(&clean);
}

/* --- programs --- */

/* The person at the keyboard. */
static uid_t this_user(void)
{
	const char *sudo = geteuid() == 0 ? g_getenv("SUDO_UID") : NULL;
	guint64 uid;

	if (sudo && g_ascii_string_to_unsigned(sudo, 10, 0, UINT32_MAX - 1, &uid, NULL))
		return (uid_t)uid;
	return getuid();
}

static bool to_itself(const struct machine_owner *o)
{
	static const uint8_t one[16] = {[15] = 1};

	if (!memcmp(o->local.addr, o->remote.addr, sizeof(o->local.addr)))
		return true;
	return o->family == 4 ? o->remote.addr[0] == 127
			      : !memcmp(o->remote.addr, one, sizeof(one));
}

/* Does a server on this computer listen on the port? */
static bool listens(const GArray *sockets, uint16_t port)
{
	for (guint i = 0; i < sockets->len; i++) {
		const struct socket_seen *s = &g_array_index(sockets, struct socket_seen, i);

		if (s->state == SOCKET_LISTENS && s->ends.local.port == port)
			return true;
	}
	return false;
}

struct counting {
	GHashTable *wanted;  /* inode -> socket; taken out when it was counted */
	GHashTable *by_name; /* name -> program */
	GPtrArray *programs;
	pid_t pid; /* whose name is known */
	struct system_program *program;
};

static void program_free(gpointer p)
{
	struct system_program *program = p;

	g_free(program->name);
	g_free(program);
}

static struct system_program *program_of(struct counting *c, pid_t pid)
{
	struct system_program *p;
	char *name;

	if (c->pid == pid)
		return c->program;
	name = program_name(pid);
	p = name ? g_hash_table_lookup(c->by_name, name) : NULL;
	if (name && !p) {
		p = g_new0(struct system_program, 1);
		p->name = name;
		p->pid = pid;
		g_ptr_array_add(c->programs, p);
		g_hash_table_insert(c->by_name, p->name, p);
	} else {
		g_free(name);
	}
	c->pid = pid;
	c->program = p;
	return p;
}

static bool count_one(void *context, pid_t pid, uint32_t inode)
{
	struct counting *c = context;
	const struct socket_seen *s =
		g_hash_table_lookup(c->wanted, GUINT_TO_POINTER((guint)inode));
	struct system_program *p = s ? program_of(c, pid) : NULL;

	if (!p)
		return true;
	p->connections++;
	p->local += to_itself(&s->ends);
	g_hash_table_remove(c->wanted, GUINT_TO_POINTER((guint)inode));
	return g_hash_table_size(c->wanted) > 0;
}

static gint busier_first(gconstpointer a, gconstpointer b)
{
	const struct system_program *x = *(struct system_program *const *)a;
	const struct system_program *y = *(struct system_program *const *)b;
	unsigned outside_x = x->connections - x->local, outside_y = y->connections - y->local;

	if (outside_x != outside_y)
		return outside_x < outside_y ? 1 : -1;
	if (x->local != y->local)
		return x->local < y->local ? 1 : -1;
	return strcmp(x->name, y->name);
}

GPtrArray *system_programs(void)
{
	GArray *sockets = sockets_now();
	struct counting c = {.wanted = g_hash_table_new(NULL, NULL),
			     .by_name = g_hash_table_new(g_str_hash, g_str_equal),
			     .programs = g_ptr_array_new_with_free_func(program_free)};

	for (guint i = 0; i < sockets->len; i++) {
		struct socket_seen *s = &g_array_index(sockets, struct socket_seen, i);

		/* Of a connection inside this computer only the client's end counts. */
		if (s->state == SOCKET_CONNECTED &&
		    !(to_itself(&s->ends) && listens(sockets, s->ends.local.port)))
			g_hash_table_insert(c.wanted, GUINT_TO_POINTER((guint)s->inode), s);
	}
	if (g_hash_table_size(c.wanted))
		walk_processes(this_user(), count_one, &c);
	g_ptr_array_sort(c.programs, busier_first);
	g_hash_table_destroy(c.by_name);
	g_hash_table_destroy(c.wanted);
	g_array_free(sockets, TRUE);
	return c.programs;
}

/* --- owners --- */

struct finding_owners {
	struct machine *machine;
	GHashTable *wanted; /* inode -> socket */
	pid_t pid;
	char *program;
};

static bool own_one(void *context, pid_t pid, uint32_t inode)
{
	struct finding_owners *f = context;
	struct socket_seen *s = g_hash_table_lookup(f->wanted, GUINT_TO_POINTER((guint)inode));

	if (!s)
		return true;
	if (f->pid != pid) {
		g_free(f->program);
		f->program = program_name(pid);
		f->pid = pid;
	}
	s->ends.program = f->program;
	machine_add_owner(f->machine, &s->ends);
	g_hash_table_remove(f->wanted, GUINT_TO_POINTER((guint)inode));
	return g_hash_table_size(f->wanted) > 0;
}

/* Ports below are those of services; a socket there that speaks with many belongs to no
 * conversation in particular. */
static uint16_t first_ephemeral_port(void)
{
	char *text = NULL;
	guint64 port = 32768;

	if (g_file_get_contents("/proc/sys/net/ipv4/ip_local_port_range", &text, NULL, NULL))
		port = g_ascii_strtoull(text, NULL, 10);
	g_free(text);
	return port && port <= UINT16_MAX ? (uint16_t)port : 32768;
}

/* Sockets of others cannot be seen into without being root: looking again is of no use. */
static bool wants_owner(const struct machine *m, const struct socket_seen *s, uint16_t ephemeral,
			uid_t user)
{
	if (s->state == SOCKET_LISTENS ||
	    (s->state == SOCKET_OPEN && s->ends.local.port < ephemeral))
		return false;
	return (user == ANYBODY || s->uid == user) && !machine_knows_owner(m, &s->ends);
}

void system_owners(struct machine *m)
{
	struct finding_owners f = {.machine = m, .wanted = g_hash_table_new(NULL, NULL)};
	bool full = m->owners->len >= MACHINE_MAX_OWNERS;
	GArray *sockets = full ? NULL : sockets_now();
	uint16_t ephemeral = full ? 0 : first_ephemeral_port();
	uid_t user = geteuid() == 0 ? ANYBODY : geteuid();
	GHashTableIter iter;
	gpointer socket;

	for (guint i = 0; sockets && i < sockets->len; i++) {
		struct socket_seen *s = &g_array_index(sockets, struct socket_seen, i);

		if (wants_owner(m, s, ephemeral, user))
			g_hash_table_insert(f.wanted, GUINT_TO_POINTER((guint)s->inode), s);
	}
	if (g_hash_table_size(f.wanted))
		walk_processes(user, own_one, &f);
	g_hash_table_iter_init(&iter, f.wanted);
	while (g_hash_table_iter_next(&iter, NULL, &socket)) /* not found: never looked for again */
		machine_add_owner(m, &((struct socket_seen *)socket)->ends);
	g_hash_table_destroy(f.wanted);
	g_free(f.program);
	if (sockets)
		g_array_free(sockets, TRUE);
}
