/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The data connections of FTP: they carry one file or listing each, on ports that the control
 * connection tells first (RFC 959 section 3.2, RFC 2428). Known by what was announced there.
 */
#include "src/decode/ftp.h"
#include "src/decode/http_content.h"

#include <glib.h>

#define SETUPS_MAX  32
#define COMMAND_MAX 96
#define METHOD_MAX  6
#define TEXT_PROBE  10 /* bytes */

enum {
	FTP_DATA,
	FTP_DATA_SETUP,
	FTP_DATA_METHOD,
	FTP_DATA_COMMAND,
	FTP_DATA_COMMAND_FRAME,
	FTP_DATA_DIRECTORY,
	TT_FTP_DATA_CONTENT,
	FTP_DATA_ROWS
};
#define ID(row) FIELD_ID(PROTO_ftp_data, (row))

static const struct field_def rows[FTP_DATA_ROWS] = {
	[FTP_DATA] = {"ftp-data", "FTP Data", FT_PROTOCOL},
	[FTP_DATA_SETUP] = {"ftp-data.setup-frame", "Announced in packet", FT_FRAMENUM},
	[FTP_DATA_METHOD] = {"ftp-data.setup-method", "Announced by", FT_STRING,
			     .blurb = "PASV: the client connects to the server. PORT: the server "
				      "connects to the client."},
	[FTP_DATA_COMMAND] = {"ftp-data.command", "Belongs to", FT_STRING, .secrecy = IDENTITY},
	[FTP_DATA_COMMAND_FRAME] = {"ftp-data.command-frame", "Asked for in packet", FT_FRAMENUM},
	[FTP_DATA_DIRECTORY] = {"ftp-data.current-working-directory", "Folder at the server",
				FT_STRING, .secrecy = IDENTITY},
	[TT_FTP_DATA_CONTENT] = {"tt.ftp-data.content", "Content", FT_NONE, .secrecy = SECRET,
				 .blurb = "A piece of the file or listing itself."},
};

struct setup {
	struct endpoint at;
	uint32_t control; /* index of the control connection + 1; 0: free */
	uint32_t frame, command_frame;
	char method[METHOD_MAX];
	uint8_t command_len;
	char command[COMMAND_MAX], directory[FTP_DIRECTORY_MAX];
};

struct store {
	unsigned next;
	struct setup setups[SETUPS_MAX];
};

static struct store *store_of(struct decoder *d)
{
	return decoder_state(d, PROTO_ftp_data, sizeof(struct store));
}

void ftp_data_announce(struct decoder *d, const struct record *r, const struct endpoint *at,
		       const char *method)
{
	struct store *s = store_of(d);
	struct setup *e = &s->setups[s->next];

	if (!r->conv || !at->port || r->in_quote)
		return;
	s->next = (s->next + 1) % SETUPS_MAX;
	*e = (struct setup){.at = *at, .control = r->conv->index + 1, .frame = r->number};
	memcpy(e->method, method, strlen(method));
	decode_expect(d, 6, at, PROTO_ftp_data);
}

void ftp_data_command(struct decoder *d, const struct record *r, const uint8_t *text, uint32_t len,
		      const char *directory)
{
	struct store *s = store_of(d);

	for (unsigned i = 0; r->conv && i < SETUPS_MAX; i++) {
		struct setup *e = &s->setups[i];

		if (e->control != r->conv->index + 1 || e->command_frame)
			continue;
		e->command_frame = r->number;
		e->command_len = (uint8_t)(len < COMMAND_MAX ? len : COMMAND_MAX);
		memcpy(e->command, text, e->command_len);
		memcpy(e->directory, directory, strlen(directory) + 1);
	}
}

/* The latest announcement of one of the two ends. */
static const struct setup *setup_of(struct decoder *d, const struct record *r)
{
	const struct store *s = store_of(d);
	const struct setup *found = NULL;

	for (unsigned i = 0; i < SETUPS_MAX; i++) {
		const struct setup *e = &s->setups[i];
		bool fits = e->control && (!memcmp(&e->at, &r->flow.src, sizeof(e->at)) ||
					   !memcmp(&e->at, &r->flow.dst, sizeof(e->at)));

		if (fits && (!found || e->frame > found->frame))
			found = e;
	}
	return found;
}

static void facts(struct record *r, const struct setup *e)
{
	field_gen_uint(r, ID(FTP_DATA_SETUP), e->frame);
	field_gen_text(r, ID(FTP_DATA_METHOD), e->method, strlen(e->method));
	if (!e->command_frame)
		return;
	field_gen_text(r, ID(FTP_DATA_COMMAND), e->command, e->command_len);
	field_gen_uint(r, ID(FTP_DATA_COMMAND_FRAME), e->command_frame);
	field_gen_text(r, ID(FTP_DATA_DIRECTORY), e->directory, strlen(e->directory));
}

/* As Wireshark guesses: the first bytes are letters, or what stands between lines. */
static bool is_text(const struct cursor *c)
{
	uint32_t n = cursor_left(c);

	for (uint32_t i = 0; i < n && i < TEXT_PROBE; i++) {
		uint8_t b = c->base[c->pos + i];

		if (!g_ascii_isprint(b) && !g_ascii_isspace(b))
			return false;
	}
	return n > 0;
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_ftp_data, c);
	const struct setup *e = setup_of(d, r);
	uint32_t n = cursor_left(c);
	struct cursor text = *c;

	field_add_none(r, ID(TT_FTP_DATA_CONTENT), c->pos, n);
	if (e)
		facts(r, e);
	cursor_skip(c, n);
	if (layer)
		layer_close(r, layer, c->pos);
	if (is_text(&text))
		http_text(r, &text);
}

const struct proto_def proto_ftp_data = {
	.name = "ftp-data",
	.label = "FTP Data",
	.prefix = "FTP-DATA",
	.fields = rows,
	.nfields = FTP_DATA_ROWS,
	.decode = decode,
	.blurb = "Carries the file or the listing that an FTP command asked for.",
	.see = "RFC 959 section 3.2",
};
