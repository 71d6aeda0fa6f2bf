/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * message: what the console, the keeper and the recorders say to each other, over socket pairs that
 * keep messages whole (SOCK_SEQPACKET) and carry descriptors. All ends are the same program.
 *
 *     console -> keeper     struct order and its texts, with an answer socket (and the file)
 *     recorder -> console   struct answer once, then struct recording_event until RECORDING_ENDED
 *     console -> recorder   struct wish and its text, WISH_FILE with the file
 * An end that closes its socket is gone; a recorder then finishes its file.
 */
#ifndef TRACETUTOR_RECORDER_MESSAGE_H
#define TRACETUTOR_RECORDER_MESSAGE_H

#include <sys/uio.h>

#include "tracetutor/recorder.h"

#define MESSAGE_MAX     (128u << 10)
#define MESSAGE_MAX_FDS 2
#define ANSWER_WORDS    4000

enum order_kind { ORDER_WAY, ORDER_RECORD };
/* Interface, filter and comment follow, each ended by a NUL; "" for NULL. */
struct order {
	enum order_kind kind;
	uint32_t snap_length, seconds, quiet_seconds;
	uint64_t bytes;
	bool ring;
};

struct answer {
	bool fine;
	enum recorder_way way;
	char words[ANSWER_WORDS]; /* why it is not fine */
};

enum wish_kind { WISH_STOP, WISH_MARK, WISH_FACTS, WISH_FILE };
/* The text follows, ended by a NUL. */
struct wish {
	enum wish_kind kind;
};

/* Two ends, closed on exec. */
bool message_pair(int ends[2]);
/* False with errno. `wait`: until there is room; else EAGAIN. */
bool message_send(int to, const struct iovec *parts, unsigned n, const int *fds, unsigned nfds,
		  bool wait);
/* Bytes received, 0 if the other end is gone, -1 with errno. fds: MESSAGE_MAX_FDS, -1 where there
 * is none. Does not wait. */
ssize_t message_receive(int from, void *to, size_t n, int *fds);
/* Wait for a message, at most so long; false if none came. */
bool message_wait(int from, unsigned seconds);

#endif
