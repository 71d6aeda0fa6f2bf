/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes from the other half of a session, in pieces: messages of bounded size, then its end. */
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/console/wire.h"

#define INPUT_MAX 60000 /* fits the socket, so that nobody has to read while it is written */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_message m = WIRE_MESSAGE_INIT;
	size_t sent = MIN(size, INPUT_MAX), half = sent / 2, told = 0;
	int ends[2];

	g_assert(wire_pair(ends));
	g_assert(send(ends[0], data, half, 0) == (ssize_t)half);
	g_assert(send(ends[0], data + half, sent - half, 0) == (ssize_t)(sent - half));
	close(ends[0]);
	while (wire_receive(ends[1], &m)) {
		g_assert(m.fd == -1 && m.text.len <= WIRE_MAX);
		g_assert(buf_text(&m.text)[m.text.len] == '\0');
		told += m.text.len;
		g_assert(told <= sent);
	}
	buf_release(&m.text);
	close(ends[1]);
	return 0;
}
