/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Syslog sends lines of a log to another computer: what happened on a router, a printer or a
 * server, and how bad it is. RFC 3164 (how it grew), RFC 5424 (how it is meant now), RFC 5426 (over
 * UDP). Hangs at UDP port 514.
 */
#include "src/decode/textline.h"
#include "tracetutor/decode.h"

#define PRIORITY_MAX 3 /* digits (RFC 5424 section 6.2.1) */

enum {
	SYSLOG,
	SYSLOG_FACILITY,
	SYSLOG_LEVEL,
	SYSLOG_MSG,
	SYSLOG_VERSION,
	SYSLOG_TIMESTAMP,
	SYSLOG_TIMESTAMP_OLD,
	SYSLOG_HOSTNAME,
	SYSLOG_APPNAME,
	SYSLOG_PROCID,
	SYSLOG_MSGID,
	SYSLOG_ROWS
};

/* RFC 5424 section 6.2.1 */
static const struct value_name facilities[] = {{0, "kernel"},     {1, "programs of users"},
					       {2, "mail"},       {3, "services"},
					       {4, "logins"},     {5, "the log itself"},
					       {6, "printing"},   {7, "news"},
					       {8, "UUCP"},       {9, "clock"},
					       {10, "logins"},    {11, "FTP"},
					       {12, "NTP"},       {13, "audit"},
					       {14, "alert"},     {15, "clock"},
					       {16, "own use 0"}, {17, "own use 1"},
					       {18, "own use 2"}, {19, "own use 3"},
					       {20, "own use 4"}, {21, "own use 5"},
					       {22, "own use 6"}, {23, "own use 7"},
					       {0, NULL}};
static const struct value_name levels[] = {{0, "emergency: nothing works any more"},
					   {1, "alert: act at once"},
					   {2, "critical"},
					   {3, "error"},
					   {4, "warning"},
					   {5, "notice"},
					   {6, "information"},
					   {7, "debug"},
					   {0, NULL}};

static const struct field_def rows[SYSLOG_ROWS] = {
	[SYSLOG] = {.name = "syslog", .label = "Syslog message", .type = FT_PROTOCOL},
	[SYSLOG_FACILITY] = {"syslog.facility", "What it is about", FT_UINT8, .mask = 0xf8,
			     .values = facilities},
	[SYSLOG_LEVEL] = {"syslog.level", "How bad it is", FT_UINT8, .mask = 0x07, .values = levels,
			  .see = "RFC 5424 section 6.2.1",
			  .blurb = "0 is the worst, 7 only interests programmers."},
	[SYSLOG_MSG] = {"syslog.msg", "Message", FT_STRING, .secrecy = IDENTITY},
	[SYSLOG_VERSION] = {"syslog.version", "Version", FT_STRING, .secrecy = OPEN},
	[SYSLOG_TIMESTAMP] = {"syslog.timestamp", "Time", FT_ABSOLUTE_TIME, .secrecy = OPEN},
	[SYSLOG_TIMESTAMP_OLD] = {"syslog.timestamp_rfc3164", "Time", FT_STRING, .secrecy = OPEN},
	[SYSLOG_HOSTNAME] = {"syslog.hostname", "Computer", FT_STRING, .secrecy = IDENTITY},
	[SYSLOG_APPNAME] = {"syslog.appname", "Program", FT_STRING, .secrecy = OPEN},
	[SYSLOG_PROCID] = {"syslog.procid", "Process", FT_STRING, .secrecy = OPEN},
	[SYSLOG_MSGID] = {"syslog.msgid", "Rest of the line", FT_STRING, .secrecy = IDENTITY},
};

#define ID(row) FIELD_ID(PROTO_syslog, row)

static void part(struct record *r, uint16_t row, const struct textpart *p)
{
	field_add_bytes(r, ID(row), p->off, p->len);
}

/* "<34>": the length with the brackets and the number; 0: there is none. */
static uint32_t priority(const struct textpart *all, uint32_t *number)
{
	uint32_t at = 1, i;

	if (!all->len || *all->p != '<')
		return 0;
	for (i = 1, *number = 0; i < all->len && i <= PRIORITY_MAX; i++) {
		if (all->p[i] < '0' || all->p[i] > '9')
			break;
		*number = *number * 10 + (all->p[i] - '0');
		at++;
	}
	return at > 1 && at < all->len && all->p[at] == '>' ? at + 1 : 0;
}

static bool digits(const struct textpart *p, uint32_t at, uint32_t n, uint32_t *value)
{
	for (*value = 0; n; n--, at++) {
		if (at >= p->len || p->p[at] < '0' || p->p[at] > '9')
			return false;
		*value = *value * 10 + (p->p[at] - '0');
	}
	return true;
}

/* Days from 1970 to a day of the Gregorian calendar. */
static int64_t days(int64_t y, int64_t m, int64_t d)
{
	int64_t years = y - (m <= 2), era = years / 400, of_era = years - era * 400;
	int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* 2003-10-11T22:14:15.003Z (RFC 3339), in nanoseconds since 1970; false if it is none. */
static bool timestamp(const struct textpart *p, int64_t *ns)
{
	static const uint8_t at[] = {0, 5, 8, 11, 14, 17}, last[] = {4, 2, 2, 2, 2, 2};
	uint32_t v[6], i, zone_h = 0, zone_m = 0;
	int64_t fraction = 0, unit = 100000000;

	for (i = 0; i < 6; i++)
		if (!digits(p, at[i], last[i], &v[i]))
			return false;
	if (v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > 31 || v[3] > 23 || v[4] > 59 || v[5] > 60)
		return false;
	i = 19;
	if (i < p->len && p->p[i] == '.')
		for (i++; i < p->len && p->p[i] >= '0' && p->p[i] <= '9'; i++, unit /= 10)
			fraction += unit * (p->p[i] - '0');
	if (i >= p->len)
		return false;
	if (p->p[i] != 'Z' && (!digits(p, i + 1, 2, &zone_h) || !digits(p, i + 4, 2, &zone_m)))
		return false;
	*ns = (((days(v[0], v[1], v[2]) * 24 + v[3]) * 60 + v[4]) * 60 + v[5]) * 1000000000 +
	      fraction;
	if (p->p[i] != 'Z')
		*ns += (p->p[i] == '-' ? 1 : -1) * ((int64_t)zone_h * 60 + zone_m) * 60000000000;
	return true;
}

/* version time host program process message-id data text (RFC 5424 section 6) */
static void new_form(struct record *r, const struct textpart *text)
{
	static const uint16_t words[] = {SYSLOG_HOSTNAME, SYSLOG_APPNAME, SYSLOG_PROCID};
	uint32_t at = 0, before;
	struct textpart version = textpart_word(text, &at), word;
	int64_t ns;

	part(r, SYSLOG_VERSION, &version);
	before = at;
	word = textpart_word(text, &at);
	if (at == text->len)
		return;
	if (timestamp(&word, &ns))
		field_add_int(r, ID(SYSLOG_TIMESTAMP), word.off, word.len, ns);
	for (unsigned i = 0; i < 3; i++) {
		before = at;
		word = textpart_word(text, &at);
		if (at == text->len && before == at)
			return;
		part(r, words[i], &word);
	}
	word = textpart_rest(text, at);
	if (word.len)
		part(r, SYSLOG_MSGID, &word);
}

/* "Oct 11 22:14:15 " */
static bool has_old_time(const struct textpart *t)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	uint32_t v;

	if (t->len < 16 || t->p[3] != ' ' || t->p[6] != ' ' || t->p[9] != ':' || t->p[12] != ':' ||
	    t->p[15] != ' ' || !digits(t, 7, 2, &v) || !digits(t, 10, 2, &v) ||
	    !digits(t, 13, 2, &v))
		return false;
	for (unsigned i = 0; i < 12; i++)
		if (textpart_starts(t, months[i]))
			return true;
	return false;
}

/* time host program: text (RFC 3164 section 4.1) */
static void old_form(struct record *r, const struct textpart *text)
{
	struct textpart word = textpart_slice(text, 0, 15), name;
	uint32_t at = 16, n = 0;

	part(r, SYSLOG_TIMESTAMP_OLD, &word);
	word = textpart_word(text, &at);
	if (word.len)
		part(r, SYSLOG_HOSTNAME, &word);
	word = textpart_rest(text, at);
	while (n < word.len && word.p[n] != ':' && word.p[n] != '[' && word.p[n] != ' ')
		n++;
	name = textpart_slice(&word, 0, n);
	if (name.len && n < word.len)
		part(r, SYSLOG_PROCID, &name);
	word = textpart_slice(&word, n, word.len);
	if (word.len)
		part(r, SYSLOG_MSGID, &word);
}

static void decode(struct decoder *d, struct record *r, struct cursor *c)
{
	struct layer *layer = layer_open(r, PROTO_syslog, c);
	struct textpart all = {c->base + c->pos, c->pos, cursor_left(c)};
	struct textpart text;
	uint32_t number = 0, n = priority(&all, &number);

	(void)d;
	if (n) {
		field_add_uint(r, ID(SYSLOG_FACILITY), all.off, n, number >> 3);
		field_add_uint(r, ID(SYSLOG_LEVEL), all.off, n, number & 7);
	}
	text = textpart_slice(&all, n, all.len);
	if (text.len)
		part(r, SYSLOG_MSG, &text);
	r->cur_depth++;
	if (textpart_starts(&text, "1 "))
		new_form(r, &text);
	else if (has_old_time(&text))
		old_form(r, &text);
	r->cur_depth--;
	cursor_skip(c, all.len);
	if (c->captured < c->reported)
		r->snapped = true;
	if (layer)
		layer_close(r, layer, c->pos);
}

/* On other ports: a number in brackets, and a time. */
static bool looks(const struct record *r, const uint8_t *bytes, uint32_t n)
{
	struct textpart all = {bytes, 0, n}, text;
	uint32_t number, skip = priority(&all, &number), v;

	if (r->flow.ip_proto != 17 || !skip || number > 191)
		return false;
	text = textpart_slice(&all, skip, n);
	return has_old_time(&text) || (textpart_starts(&text, "1 ") && digits(&text, 2, 4, &v) &&
				       text.len > 6 && text.p[6] == '-');
}

static const struct hang on[] = {{ON_UDP_PORT, 514}, {ON_NOTHING, 0}};

const struct proto_def proto_syslog = {
	.name = "syslog",
	.label = "Syslog message",
	.prefix = "SYSLOG",
	.header = "SYSLOG HEADER",
	.fields = rows,
	.nfields = SYSLOG_ROWS,
	.on = on,
	.decode = decode,
	.looks = looks,
	.blurb = "Sends lines of a log to another computer.",
	.see = "RFC 5424",
};
