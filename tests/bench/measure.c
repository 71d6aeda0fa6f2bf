/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * measure FILE COMMAND [ARGUMENT ...]: run it, and write its CPU time in seconds and its peak
 * memory in KiB into the file. Ends as the command did. A process of its own, because a child
 * begins with the peak of who started it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct rusage used;
	FILE *out = argc > 2 ? fopen(argv[1], "we") : NULL;
	pid_t child = out ? fork() : -1;
	int status;

	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) < 0)
		return EXIT_FAILURE;
	fprintf(out, "%.6f %ld\n", seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss);
	fclose(out);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
