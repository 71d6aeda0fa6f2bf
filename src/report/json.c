/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The findings for programs, version 1. Only members are added within a version.
 */
#include "config.h"

#include "json.h"
#include "tracetutor/capture.h"

static void json_text(struct buf *out, const char *s, size_t n)
{
	buf_char(out, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '\n') {
			buf_str(out, "\\n");
		} else if (c < 0x20) {
			buf_str(out, "\\u");
			buf_hex(out, c, 4);
		} else {
			if (c == '"' || c == '\\')
				buf_char(out, '\\');
			buf_char(out, (char)c);
		}
	}
	buf_char(out, '"');
}

/* A string from outside: cleaned, so that it is UTF-8. NULL becomes null. */
static void json_string(struct buf *out, const char *s)
{
	struct buf clean = BUF_INIT;

	if (!s) {
		buf_str(out, "null");
		return;
	}
	buf_clean_lines(&clean, s, strlen(s));
	json_text(out, buf_text(&clean), clean.len);
	buf_release(&clean);
}

void json_member(struct buf *out, const char *name)
{
	char before = out->len ? out->s[out->len - 1] : '{';

	if (before != '{')
		buf_char(out, ',');
	json_text(out, name, strlen(name));
	buf_char(out, ':');
}

void json_member_string(struct buf *out, const char *name, const char *s)
{
	json_member(out, name);
	json_string(out, s);
}

void json_member_number(struct buf *out, const char *name, uint64_t n)
{
	json_member(out, name);
	buf_dec(out, n);
}

void json_element(struct buf *out)
{
	if (out->s[out->len - 1] != '[')
		buf_char(out, ',');
}

static void json_packets(struct buf *out, const struct finding *f)
{
	json_member(out, "packets");
	buf_char(out, '[');
	for (unsigned i = 0; i < f->nframes; i++) {
		json_element(out);
		buf_dec(out, f->frames[i]);
	}
	buf_char(out, ']');
}

static void headline(struct buf *out, const struct finding *f)
{
	struct buf text = BUF_INIT;

	headline_text(f, &text);
	json_member_string(out, "headline", buf_text(&text));
	buf_release(&text);
}

static void json_finding(struct buf *out, const struct finding *f)
{
	json_element(out);
	buf_char(out, '{');
	json_member_string(out, "fault", f->rule->fault);
	json_member_string(out, "rule", f->rule->id);
	json_member_string(out, "severity", severity_name(f->rule->severity));
	headline(out, f);
	json_packets(out, f);
	json_member_string(out, "explained_by", f->explained_by ? f->explained_by->id : NULL);
	buf_char(out, '}');
}

/* An error that stands alone is sure; a warning, or one of several equals, less so. */
static const char *confidence(const struct finding *v, const struct finding *end)
{
	bool rival = v + 1 < end && v[1].rule->fault && !v[1].explained_by &&
		     v[1].rule->rank == v->rule->rank && v[1].rule != v->rule &&
		     v[1].rule->severity == v->rule->severity;

	if (v->rule->severity < SEVERITY_ERROR)
		return rival ? "low" : "medium";
	return rival ? "medium" : "high";
}

void json_verdict(struct buf *out, const struct engine *e)
{
	const struct finding *v = engine_verdict(e);
	size_t n;
	const struct finding *f = engine_findings(e, &n);

	json_member(out, "verdict");
	if (!v) {
		buf_str(out, "null");
		return;
	}
	buf_char(out, '{');
	json_member_string(out, "fault", v->rule->fault);
	json_member_string(out, "rule", v->rule->id);
	headline(out, v);
	json_member_string(out, "confidence", confidence(v, f + n));
	json_packets(out, v);
	buf_char(out, '}');
}

void json_seconds(struct buf *out, const char *name, int64_t ns)
{
	json_member(out, name);
	buf_seconds(out, ns > 0 ? ns : 0, 6);
}

static void json_time(struct buf *out, const char *name, int64_t ns)
{
	struct buf text = BUF_INIT;
	char *blank;

	buf_time_utc(&text, ns);
	blank = strchr(text.s, ' ');
	if (blank)
		*blank = 'T';
	buf_char(&text, 'Z');
	json_member(out, name);
	json_text(out, text.s, text.len);
	buf_release(&text);
}

/* Each link type once. */
static void json_link_types(struct buf *out, const struct capture_info *info)
{
	json_member(out, "link_types");
	buf_char(out, '[');
	for (uint32_t i = 0; info && i < info->ninterfaces; i++) {
		const char *name = link_type_name(info->interfaces[i].link_type);
		bool seen = false;

		for (uint32_t k = 0; k < i && !seen; k++)
			seen = info->interfaces[k].link_type == info->interfaces[i].link_type;
		if (seen)
			continue;
		json_element(out);
		if (name)
			json_string(out, name);
		else
			buf_printf(out, "\"link type %u\"", info->interfaces[i].link_type);
	}
	buf_char(out, ']');
}

void json_capture(struct buf *out, const struct capture_facts *facts)
{
	json_member(out, "capture");
	buf_char(out, '{');
	json_member_string(out, "file", facts->name);
	json_member_string(out, "format", facts->info ? facts->info->format : NULL);
	json_link_types(out, facts->info);
	json_member_number(out, "packets", facts->packets);
	json_member_number(out, "bytes", facts->bytes);
	json_seconds(out, "duration", facts->packets ? facts->last_time - facts->first_time : 0);
	if (facts->packets)
		json_time(out, "first_time", facts->first_time);
	else
		json_member_string(out, "first_time", NULL);
	json_member_string(out, "damage", facts->damage);
	buf_char(out, '}');
}

static void json_judged(struct buf *out, const char *name, const struct judged *j, size_t n)
{
	json_member(out, name);
	buf_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		json_element(out);
		buf_char(out, '{');
		json_member_string(out, "rule", j[i].rule->id);
		if (j[i].reason)
			json_member_string(out, "reason", j[i].reason);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

void report_json(struct buf *out, const struct capture_facts *facts, const struct engine *e)
{
	size_t n, nfine, nunknown;
	const struct finding *f = engine_findings(e, &n);
	const struct judged *fine = engine_fine(e, &nfine), *unknown = engine_unknown(e, &nunknown);

	buf_str(out, "{\"version\":1");
	json_capture(out, facts);
	json_verdict(out, e);
	json_member(out, "findings");
	buf_char(out, '[');
	for (size_t i = 0; i < n; i++)
		json_finding(out, &f[i]);
	buf_char(out, ']');
	json_judged(out, "fine", fine, nfine);
	json_judged(out, "unknown", unknown, nunknown);
	buf_str(out, "}\n");
}
