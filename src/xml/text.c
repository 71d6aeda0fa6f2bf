// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * From the bytes of a file to UTF-8, so that every later step knows one encoding only.
 *
 * The encodings are those of XML 1.0 section 4.3.3 and appendix F that an editor may still write:
 * UTF-8 (and US-ASCII in it), ISO-8859-1, UTF-16. All others are refused, above all those in which
 * the byte '<' may mean something else (UTF-7).
 */
#include <string.h>

#include <glib.h>

#include "private.h"

#define DECLARATION_MAX 200 /* bytes in which <?xml ... ?> must end */

struct encoding {
	const char *name; /* as declared */
	const char *from; /* for g_convert(); NULL: it is UTF-8 already */
};

static const struct encoding encodings[] = {
	{"UTF-8", NULL},
	{"UTF8", NULL},
	{"US-ASCII", NULL},
	{"ASCII", NULL},
	{"ISO-8859-1", "ISO-8859-1"},
	{"ISO_8859-1", "ISO-8859-1"},
	{"LATIN1", "ISO-8859-1"},
};

/* The value of encoding="..." in the XML declaration as a new string, or NULL. */
static char *declared(const char *bytes, size_t n)
{
	size_t max = n < DECLARATION_MAX ? n : DECLARATION_MAX;
	const char *end, *at;
	size_t len;

	if (max < 6 || memcmp(bytes, "<?xml", 5) != 0)
		return NULL;
	end = g_strstr_len(bytes, (gssize)max, "?>");
	if (!end)
		return NULL;
	at = g_strstr_len(bytes, end - bytes, "encoding");
	if (!at)
		return NULL;
	at += strlen("encoding");
	while (at < end && (g_ascii_isspace(*at) || *at == '='))
		at++;
	if (at >= end || (*at != '"' && *at != '\''))
		return NULL;
	len = strcspn(at + 1, "\"'>");
	return g_strndup(at + 1, len);
}

static bool starts(const char *bytes, size_t n, const char *with, size_t len)
{
	return n >= len && memcmp(bytes, with, len) == 0;
}

/* UTF-16 by its byte order mark, or by the zero beside the first '<'; else NULL. */
static const char *utf16_kind(const char *bytes, size_t n)
{
	if (starts(bytes, n, "\xFE\xFF", 2) || starts(bytes, n, "\0<", 2))
		return "UTF-16BE";
	if (starts(bytes, n, "\xFF\xFE", 2) || starts(bytes, n, "<\0", 2))
		return "UTF-16LE";
	return NULL;
}

static void refuse(struct diag *d, const char *file, unsigned line, const char *what)
{
	struct place where = {.file = file, .line = line};

	diag_add(d, DIAG_ERROR, &where, "Save the file as UTF-8 and try again.", "%s", what);
}

static void refuse_empty(struct diag *d, const char *file)
{
	struct place where = {.file = file};

	diag_add(d, DIAG_ERROR, &where, "Was another file meant?", "the file is empty");
}

static bool pick(const char *file, const char *bytes, size_t n, const char **from, struct diag *d)
{
	char *name;
	bool known = false;

	*from = utf16_kind(bytes, n);
	if (*from)
		return true;
	name = declared(bytes, n);
	if (!name)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(encodings) && !known; i++) {
		known = g_ascii_strcasecmp(name, encodings[i].name) == 0;
		if (known)
			*from = encodings[i].from;
	}
	g_free(name);
	if (!known)
		refuse(d, file, 1,
		       "the declared encoding is not one of UTF-8, US-ASCII, ISO-8859-1 "
		       "and UTF-16");
	return known;
}

static unsigned line_of(const char *text, const char *at)
{
	unsigned line = 1;

	for (const char *p = text; p < at; p++)
		line += *p == '\n';
	return line;
}

static bool is_valid(const char *file, const char *text, size_t n, struct diag *d)
{
	const char *end;

	if (n == 0) {
		refuse_empty(d, file);
		return false;
	}
	if (g_utf8_validate(text, (gssize)n, &end))
		return true;
	refuse(d, file, line_of(text, end),
	       *end == '\0' ? "there is a NUL byte: this is not a text file"
			    : "there are bytes that are not UTF-8");
	return false;
}

/* g_strndup() would stop at a NUL, which is_valid() must see. */
static char *copy(const char *bytes, size_t n)
{
	char *text = g_malloc(n + 1);

	if (n)
		memcpy(text, bytes, n);
	text[n] = '\0';
	return text;
}

char *text_to_utf8(const char *file, const char *bytes, size_t *n, struct diag *d)
{
	const char *from;
	char *text;
	gsize len = *n;

	if (!pick(file, bytes, *n, &from, d))
		return NULL;
	text = from ? g_convert(bytes, (gssize)*n, "UTF-8", from, NULL, &len, NULL)
		    : copy(bytes, *n);
	if (!text) {
		refuse(d, file, 1, "the bytes are not in the encoding the file says");
		return NULL;
	}
	if (starts(text, len, "\xEF\xBB\xBF", 3)) {
		len -= 3;
		memmove(text, text + 3, len);
		text[len] = '\0';
	}
	*n = len;
	if (is_valid(file, text, len, d))
		return text;
	g_free(text);
	return NULL;
}
