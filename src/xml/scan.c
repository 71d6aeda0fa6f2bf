// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The limits of a pack, checked on the text before libxml2 sees it: libxml2 compares every
 * attribute of a tag with every other one before it calls anybody back, so a tag of 4 MiB would
 * keep it busy for minutes. The scan knows just enough of XML 1.0 section 2 to find the tags; what
 * is not well-formed is left for libxml2 to explain, which stops at its first error (dom.c).
 */
#include <string.h>

#include <glib.h>

#include "private.h"

struct scan {
	const char *file, *text, *at, *end;
	unsigned depth, elements;
	struct diag *d;
};

static bool over(struct scan *s, const char *hint, const char *what)
{
	struct place where = {.file = s->file, .line = 1};

	for (const char *p = s->text; p < s->at; p++)
		where.line += *p == '\n';
	diag_add(s->d, DIAG_ERROR, &where, hint, "%s", what);
	return false;
}

static bool looking_at(const struct scan *s, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(s->end - s->at) >= len && memcmp(s->at, word, len) == 0;
}

/* Pass over everything up to and with that word; to the end if it is not there. */
static void skip_past(struct scan *s, const char *word)
{
	const char *found = g_strstr_len(s->at, s->end - s->at, word);

	s->at = found ? found + strlen(word) : s->end;
}

static bool is_name_end(char c)
{
	return g_ascii_isspace(c) || c == '/' || c == '>' || c == '=' || c == '<' || c == '"' ||
	       c == '\'';
}

/* One tag from after '<' to its '>': counts attributes by their '=', measures names. */
static bool scan_tag(struct scan *s, bool *empty)
{
	const char *start = s->at, *p = s->at;
	unsigned attrs = 0, name = 0;
	char quote = 0;

	for (; p < s->end && (quote || *p != '>'); p++) {
		if (p - start > XML_MAX_TAG)
			return over(s, "Make the name or the value shorter.",
				    "this tag is too long (over 8192 bytes)");
		if (quote) {
			quote = *p == quote ? 0 : quote;
			continue;
		}
		attrs += *p == '=';
		name = is_name_end(*p) ? 0 : name + 1;
		quote = *p == '"' || *p == '\'' ? *p : 0;
		if (name > XML_MAX_NAME)
			return over(s, "Names of elements are short words: see doc/packs.md.",
				    "this name is too long (over 100 bytes)");
		if (attrs > XML_MAX_ATTRS)
			return over(s, "Take the attributes out that no rule or lesson has.",
				    "this element has too many attributes (over 32)");
	}
	*empty = p > start && p[-1] == '/';
	s->at = p;
	return true;
}

static bool scan_start(struct scan *s)
{
	bool empty = false;

	if (!scan_tag(s, &empty))
		return false;
	if (++s->elements > XML_MAX_ELEMENTS)
		return over(s, "Split the pack into several files.",
			    "the pack has too many elements (over 50,000)");
	if (!empty && ++s->depth > XML_MAX_DEPTH)
		return over(s, "Close the elements that are still open above this line.",
			    "elements stand inside each other too deeply (over 32 levels)");
	return true;
}

/* At a '<'; false: the file is refused. */
static bool scan_markup(struct scan *s)
{
	if (looking_at(s, "<!--")) {
		s->at += 4;
		skip_past(s, "-->");
	} else if (looking_at(s, "<![CDATA[")) {
		skip_past(s, "]]>");
	} else if (looking_at(s, "<?")) {
		skip_past(s, "?>");
	} else if (looking_at(s, "<!")) {
		return over(s, DOCTYPE_HINT, DOCTYPE_WHAT);
	} else if (looking_at(s, "</")) {
		s->depth -= s->depth > 0;
		skip_past(s, ">");
	} else {
		s->at++;
		return scan_start(s);
	}
	return true;
}

bool scan_limits(const char *file, const char *bytes, size_t n, struct diag *d)
{
	struct scan s = {.file = file, .text = bytes, .at = bytes, .end = bytes + n, .d = d};
	bool fine = true;

	while (fine && s.at < s.end) {
		const char *next = memchr(s.at, '<', (size_t)(s.end - s.at));

		s.at = next ? next : s.end;
		fine = !next || scan_markup(&s);
	}
	return fine;
}
