/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * apptext: what POP3, SMTP, IMAP, FTP and NNTP share: the loop over lines of one packet's bytes,
 * who is the client, which command a reply answers, the user name, and marks of exchanges.
 *
 * A protocol describes itself with struct app_proto and calls app_decode() from its decode hook.
 * Its state lives in the conversation and begins with struct app_state.
 */
#ifndef TRACETUTOR_DECODE_APPTEXT_H
#define TRACETUTOR_DECODE_APPTEXT_H

#include "src/decode/sasl.h"
#include "src/decode/textline.h"
#include "tracetutor/decode.h"

#define APP_COMMAND_MAX 13 /* "AUTHENTICATE" and a NUL; longer commands are cut */
#define APP_PENDING_MAX 6  /* runs of equal commands that wait for their replies */
#define APP_USER_MAX    64

/* A run of equal commands that wait for replies: RCPT RCPT RCPT is one. */
struct app_pending {
	char name[APP_COMMAND_MAX];
	uint8_t flags; /* the protocol's own */
	uint16_t count;
};

enum app_server { SERVER_UNKNOWN, SERVER_A, SERVER_B };

struct app_state {
	uint32_t raw[2];  /* bytes to come that are not lines (literals, BDAT), by direction */
	bool overlong[2]; /* in the middle of a line that is too long */
	uint8_t server;   /* enum app_server */
	bool greeted;     /* the server has said something */
	bool lossy;       /* commands were missed or dropped: what a reply answers is not known */
	uint8_t npending;
	uint8_t user_len;
	uint32_t user_frame; /* the packet in which a command of its own gave the user name; 0 */
	struct sasl sasl;
	bool in_sasl; /* the client's next line answers a challenge */
	struct app_pending pending[APP_PENDING_MAX];
	char user[APP_USER_MAX];
};

/* One packet's decoding. */
struct app {
	struct decoder *d;
	struct record *r;
	struct cursor *c;
	const struct app_proto *proto;
	struct app_state *state;
	struct layer *layer; /* NULL until the first whole line */
	bool from_client;
	uint8_t dir;          /* index into raw and overlong: 0 client */
	uint8_t line_flags;   /* flags for every field of the line: FIELD_SNAPPED */
	uint32_t reply_first; /* first field of the reply at work in this packet */
	bool replied;         /* a reply began in this packet */
};

struct app_proto {
	enum proto_id id;
	const struct hang *on;
	size_t state_size;
	/* Is this a server's line? For captures that begin in the middle of a connection. */
	bool (*reply_like)(const struct textpart *line);
	void (*begin)(struct app *); /* after the layer is opened; may be NULL */
	void (*client)(struct app *, const struct textline *);
	void (*server)(struct app *, const struct textline *);
	/* Bytes counted by app_state.raw; may be NULL if the protocol has none. */
	void (*raw)(struct app *, const struct textpart *);
};

void app_decode(struct decoder *d, struct record *r, struct cursor *c,
		const struct app_proto *proto);
/* `lines` hook that writes nothing: the text is read in the hex rows. */
void app_no_lines(struct lines *l, const struct record *r, const struct layer *layer);

/* Add the bytes of a part, with these flags and the line's. */
struct field *app_part(struct app *a, uint16_t id, const struct textpart *part, uint8_t flags);
/* The same without a value of its own: it stands for its bytes, its parts tell the values. */
struct field *app_span(struct app *a, uint16_t id, const struct textpart *part, uint8_t flags);
/* Bytes that give a number. */
struct field *app_number(struct app *a, uint16_t id, const struct textpart *part, uint32_t v);
/* A fact that is deduced. */
void app_text(struct app *a, uint16_t id, const char *text, size_t len);
void app_flag(struct app *a, uint16_t id, bool on);
/* Add the user name to the record, if one is known. */
void app_user(struct app *a, uint16_t id);
/* Add the number of the packet that gave the user name, if a command of its own did. */
void app_user_frame(struct app *a, uint16_t id);
/* Remember the user name. */
void app_set_user(struct app *a, const struct textpart *name);
/* FIELD_IDENTITY if the part holds the user name, else 0: servers like to repeat it. */
uint8_t app_identity(const struct app *a, const struct textpart *part);
/* Flags for the text of a login exchange's line with that content. */
uint8_t app_secrecy(enum sasl_content content);

/* The command's name in capitals, cut to APP_COMMAND_MAX - 1. */
void app_command_name(const struct textpart *command, char name[APP_COMMAND_MAX]);
/* A command was sent: it waits for its reply. The name is shorter than APP_COMMAND_MAX. */
void app_sent(struct app *a, const char *name, uint8_t flags);
/* The command that waits longest, or NULL. */
const struct app_pending *app_waiting(const struct app *a);
/* It is answered: fills *answered and returns true; false if no command waits. */
bool app_answered(struct app *a, struct app_pending *answered);

/* Mark the fields from `first` to the last one as an exchange part. */
void app_mark(struct app *a, enum exchange_role role, uint64_t key, uint32_t first);
/* The rest of the connection is encrypted. */
void app_encrypted(struct app *a);

#endif
