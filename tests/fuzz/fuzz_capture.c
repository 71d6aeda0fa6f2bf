/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_capture: any bytes as a capture file, read twice, each frame decoded. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tracetutor/capture.h"
#include "tracetutor/decode.h"
#include "tracetutor/lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(struct capture *c, struct decoder *d, struct record *r, struct lines *l,
		     struct diag *say)
{
	struct frame f;
	int64_t previous = 0;

	while (capture_next(c, &f, say) == CAPTURE_FRAME) {
		decode_headers(d, r, &f);
		lines_packet(l, r, previous);
		previous = f.time;
	}
}

static void run(const char *path)
{
	struct diag say = DIAG_INIT;
	struct capture *c = capture_open(path, &say);
	struct decoder *d = decoder_new();
	struct record r;
	struct lines l;

	record_init(&r, RECORD_PACKET);
	lines_init(&l);
	if (c) {
		read_all(c, d, &r, &l, &say);
		if (capture_rewind(c, &say))
			read_all(c, d, &r, &l, &say);
	} else if (!say.errors) {
		abort(); /* a file that is refused without a word */
	}
	capture_close(c);
	lines_release(&l);
	record_release(&r);
	decoder_free(d);
	diag_release(&say);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	char path[64];

	if (fd < 0)
		return 0;
	if (write(fd, data, size) == (ssize_t)size) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		run(path);
	}
	close(fd);
	return 0;
}
