/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_corpus: a fuzz target as a normal test. Each file of each folder named goes through the
 * target once; a crash or a sanitizer report fails the test. Writes TAP.
 */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Files that went through, -1 if the folder cannot be read. */
static int run_folder(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	int n = 0;

	if (!dir)
		return -1;
	while ((name = g_dir_read_name(dir)) != NULL) {
		char *path = g_build_filename(folder, name, NULL), *data;
		gsize size;

		if (g_file_get_contents(path, &data, &size, NULL)) {
			/* Exact size on the heap: a read past the end is seen. */
			uint8_t *exact = g_memdup2(data, size);

			LLVMFuzzerTestOneInput(exact, size);
			g_free(exact);
			g_free(data);
			n++;
		}
		g_free(path);
	}
	g_dir_close(dir);
	return n;
}

int main(int argc, char **argv)
{
	const char *top = getenv("srcdir");
	bool failed = false;

	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	printf("1..%d\n", argc > 1 ? argc - 1 : 1);
	for (int i = 1; i < argc || i == 1; i++) {
		char *folder = g_build_filename(top ? top : ".", argc > 1 ? argv[i] : CORPUS, NULL);
		int n = run_folder(folder);

		printf("%sok %d - %s: %d files\n", n > 0 ? "" : "not ", i, folder, n);
		failed |= n <= 0;
		g_free(folder);
	}
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
