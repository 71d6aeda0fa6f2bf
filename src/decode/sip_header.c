/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sip header: the header fields and the parts of their values (RFC 3261 sections 7.3, 20, 25). */
#include "src/decode/http.h"
#include "src/decode/sip.h"

struct header {
	const char *name;
	char letter;
	uint16_t row;
	enum sip_kind kind;
};

static const struct header headers[] = {
#define H(row, header_, letter_, name_, type, kind_, secrecy)                                      \
	{header_, letter_, SIP_H_##row, kind_},
	SIP_HEADERS(H)
#undef H
};

/* Parameters of Via and of logins, each with its row. */
struct parameter {
	const char *name;
	uint16_t row;
};

static const struct parameter via_parameters[] = {
	{"branch", SIP_VIA_BRANCH},     {"maddr", SIP_VIA_MADDR}, {"rport", SIP_VIA_RPORT},
	{"received", SIP_VIA_RECEIVED}, {"ttl", SIP_VIA_TTL},     {NULL, 0}};
static const struct parameter auth_parameters[] = {{"username", SIP_AUTH_USERNAME},
						   {"realm", SIP_AUTH_REALM},
						   {"nonce", SIP_AUTH_NONCE},
						   {"uri", SIP_AUTH_URI},
						   {"response", SIP_AUTH_RESPONSE},
						   {"algorithm", SIP_AUTH_ALGORITHM},
						   {"cnonce", SIP_AUTH_CNONCE},
						   {"opaque", SIP_AUTH_OPAQUE},
						   {"qop", SIP_AUTH_QOP},
						   {"nc", SIP_AUTH_NC},
						   {"stale", SIP_AUTH_STALE},
						   {"domain", SIP_AUTH_DOMAIN},
						   {"rspauth", SIP_AUTH_RSPAUTH},
						   {"nextnonce", SIP_AUTH_NEXTNONCE},
						   {NULL, 0}};

/* The six rows of who is meant in a header field; 0: it has none. */
static uint16_t party_rows(uint16_t row)
{
	switch (row) {
	case SIP_H_TO: return SIP_TO_DISPLAY;
	case SIP_H_FROM: return SIP_FROM_DISPLAY;
	case SIP_H_CONTACT: return SIP_CONTACT_DISPLAY;
	case SIP_H_ROUTE: return SIP_ROUTE_DISPLAY;
	case SIP_H_RECORD_ROUTE: return SIP_RECORD_ROUTE_DISPLAY;
	case SIP_H_SERVICE_ROUTE: return SIP_SERVICE_ROUTE_DISPLAY;
	case SIP_H_PATH: return SIP_PATH_DISPLAY;
	case SIP_H_P_ASSERTED: return SIP_PAI_DISPLAY;
	case SIP_H_P_PREFERRED: return SIP_PPI_DISPLAY;
	default: return 0;
	}
}

struct field *sip_part(struct sip *s, uint16_t row, const struct textpart *part)
{
	struct field *f = field_add_bytes(s->r, SIP_ID(row), part->off, part->len);

	f->flags |= s->cut;
	return f;
}

/* Text that is given a second time, without bytes of its own: where secrets are hidden it is hidden
 * as a whole, and the bytes one by one as their own fields say. */
static void repeated(struct sip *s, uint16_t row, const struct textpart *part, uint8_t flags)
{
	field_add_value(s->r, SIP_ID(row), part->off, 0, part->p, part->len)->flags |=
		flags | s->cut;
}

static void number_part(struct sip *s, uint16_t row, const struct textpart *part, uint32_t *value)
{
	uint32_t at = 0;

	textpart_number(part, &at, value);
	field_add_uint(s->r, SIP_ID(row), part->off, part->len, *value)->flags |= s->cut;
}

static struct textpart trimmed(struct textpart part)
{
	while (part.len &&
	       (*part.p == ' ' || *part.p == '\t' || *part.p == '\r' || *part.p == '\n'))
		part = textpart_slice(&part, 1, part.len);
	while (part.len && (part.p[part.len - 1] == ' ' || part.p[part.len - 1] == '\t' ||
			    part.p[part.len - 1] == '\r' || part.p[part.len - 1] == '\n'))
		part.len--;
	return part;
}

/* Up to one of the marks from *at on, outside of quotes and angle brackets; *at is moved past it.
 */
static struct textpart piece(const struct textpart *part, uint32_t *at, const char *marks)
{
	uint32_t from = *at, i = from;
	bool quoted = false, bracket = false;

	for (; i < part->len; i++) {
		uint8_t c = part->p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '<' || c == '>'))
			bracket = c == '<';
		else if (!quoted && !bracket && strchr(marks, c) && c)
			break;
	}
	*at = i < part->len ? i + 1 : part->len;
	return trimmed(textpart_slice(part, from, i));
}

static bool has_more(struct sip *s, const struct textpart *part, uint32_t at)
{
	return at < part->len && decode_step(s->d);
}

static uint32_t find(const struct textpart *part, uint32_t from, const char *marks)
{
	while (from < part->len && (!part->p[from] || !strchr(marks, part->p[from])))
		from++;
	return from;
}

/* user@host:port;parameters of sip: and sips: addresses (RFC 3261 section 19.1). */
static void uri_parts(struct sip *s, uint16_t row, const struct textpart *uri)
{
	uint32_t from = find(uri, 0, ":") + 1, at = find(uri, from, "@"), end;
	struct textpart user = textpart_slice(uri, from, at), host, rest;

	if (!textpart_starts(uri, "sip:") && !textpart_starts(uri, "sips:"))
		return;
	if (at < uri->len) {
		sip_part(s, row + 2, &user);
		from = at + 1;
	}
	end = find(uri, from, "[") == from ? find(uri, from, "]") + 1 : from;
	end = find(uri, end <= uri->len ? end : from, ":;?>");
	host = textpart_slice(uri, from, end);
	if (host.len)
		sip_part(s, row + 3, &host);
	if (end < uri->len && uri->p[end] == ':') {
		from = end + 1;
		end = find(uri, from, ";?>");
		rest = textpart_slice(uri, from, end);
		sip_part(s, row + 4, &rest);
	}
	for (at = end + 1; row != SIP_RURI_DISPLAY && has_more(s, uri, at);) {
		rest = piece(uri, &at, ";?");
		if (rest.len)
			sip_part(s, row + 5, &rest);
	}
}

void sip_uri(struct sip *s, uint16_t display_row, const struct textpart *uri)
{
	sip_part(s, display_row + 1, uri);
	s->r->cur_depth++;
	uri_parts(s, display_row, uri);
	s->r->cur_depth--;
}

/* ";tag=1;expires=60" behind an address. */
static void party_parameters(struct sip *s, uint16_t row, struct textpart all)
{
	uint32_t at = 0;

	while (has_more(s, &all, at)) {
		struct textpart one = piece(&all, &at, ";");
		uint32_t equals = find(&one, 0, "=");
		struct textpart name = textpart_slice(&one, 0, equals);
		struct textpart value = textpart_slice(&one, equals + 1, one.len);

		if (row == SIP_CONTACT_DISPLAY && one.len)
			sip_part(s, SIP_CONTACT_PARAMETER, &one);
		if ((row != SIP_TO_DISPLAY && row != SIP_FROM_DISPLAY) ||
		    !textpart_is(&name, "tag"))
			continue;
		sip_part(s, row == SIP_TO_DISPLAY ? SIP_TO_TAG : SIP_FROM_TAG, &value);
		sip_part(s, SIP_TAG, &value);
	}
}

/* "Name" <address>;parameters, or the address alone. */
static void party(struct sip *s, uint16_t row, struct textpart whole)
{
	uint32_t at = 0, open;
	struct textpart head = piece(&whole, &at, ";"), name, uri;

	open = find(&head, 0, "<");
	if (*head.p == '"') { /* the brackets behind the quotes */
		open = 1;
		while (open < head.len && head.p[open] != '"')
			open += head.p[open] == '\\' ? 2 : 1;
		open = find(&head, open, "<");
	}
	if (open < head.len) {
		name = textpart_slice(&head, 0, open);
		uri = textpart_slice(&head, open + 1, find(&head, open, ">"));
		if (name.len && *name.p == '"')
			name = trimmed(name);
		if (name.len) {
			sip_part(s, row, &name);
			sip_part(s, SIP_DISPLAY_INFO, &name);
		}
	} else {
		uri = head;
	}
	if (find(&uri, 0, ":") < uri.len)
		sip_uri(s, row, &uri);
	party_parameters(s, row, textpart_slice(&whole, at, whole.len));
}

static void parties(struct sip *s, uint16_t row, const struct textpart *value, bool several)
{
	uint32_t at = 0;

	while (has_more(s, value, at)) {
		struct textpart one = several ? piece(value, &at, ",") : *value;

		if (one.len)
			party(s, row, one);
		if (!several)
			return;
	}
}

/* SIP/2.0/UDP host:port;parameters (RFC 3261 section 20.42) */
static void via(struct sip *s, struct textpart one)
{
	uint32_t at = find(&one, find(&one, 0, "/") + 1, "/") + 1, end;
	struct textpart word = textpart_slice(&one, at, one.len), head;
	uint32_t number = 0;

	at = 0;
	word = textpart_word(&word, &at);
	sip_part(s, SIP_VIA_TRANSPORT, &word);
	one = textpart_slice(&one, word.off - one.off + word.len, one.len);
	at = 0;
	head = piece(&one, &at, ";");
	end = head.len && *head.p == '[' ? find(&head, 0, "]") : find(&head, 0, ":");
	word = head.len && *head.p == '[' ? textpart_slice(&head, 1, end)
					  : textpart_slice(&head, 0, end);
	if (word.len)
		sip_part(s, SIP_VIA_ADDRESS, &word);
	end = find(&head, end, ":");
	word = trimmed(textpart_slice(&head, end + 1, head.len));
	if (word.len)
		number_part(s, SIP_VIA_PORT, &word, &number);
	while (has_more(s, &one, at)) {
		word = piece(&one, &at, ";");
		end = find(&word, 0, "=");
		head = textpart_slice(&word, 0, end);
		for (const struct parameter *p = via_parameters; p->name; p++)
			if (textpart_is(&head, p->name)) {
				head = end < word.len ? textpart_slice(&word, end + 1, word.len)
						      : word;
				sip_part(s, p->row, &head);
				break;
			}
	}
}

static void auth_parameter(struct sip *s, const struct textpart *one)
{
	uint32_t equals = find(one, 0, "=");
	struct textpart name = trimmed(textpart_slice(one, 0, equals));
	struct textpart value = trimmed(textpart_slice(one, equals + 1, one->len));

	for (const struct parameter *p = auth_parameters; p->name; p++) {
		if (!textpart_is(&name, p->name))
			continue;
		sip_part(s, p->row, &value);
		if (p->row == SIP_AUTH_USERNAME)
			s->auth_user = value.len > 2 && *value.p == '"'
					       ? textpart_slice(&value, 1, value.len - 1)
					       : value;
	}
}

static void auth(struct sip *s, const struct textpart *value)
{
	uint32_t at = 0;
	struct textpart scheme = textpart_word(value, &at);

	sip_part(s, SIP_AUTH_SCHEME, &scheme);
	while (has_more(s, value, at)) {
		struct textpart one = piece(value, &at, ",");

		auth_parameter(s, &one);
	}
}

/* Q.850;cause=16;text="Terminated" (RFC 3326) */
static void reason(struct sip *s, const struct textpart *whole)
{
	uint32_t at = 0, n = 0;
	struct textpart protocol = piece(whole, &at, ";");
	uint16_t row = textpart_is(&protocol, "Q.850") ? SIP_REASON_Q850
		       : textpart_is(&protocol, "SIP") ? SIP_REASON_SIP
						       : SIP_REASON_OTHER;

	sip_part(s, SIP_REASON_PROTOCOL, &protocol);
	while (has_more(s, whole, at)) {
		struct textpart one = piece(whole, &at, ";");
		uint32_t equals = find(&one, 0, "=");
		struct textpart name = textpart_slice(&one, 0, equals);
		struct textpart value = textpart_slice(&one, equals + 1, one.len);

		if (textpart_is(&name, "cause"))
			number_part(s, row, &value, &n);
		else if (textpart_is(&name, "text") && value.len > 1 && *value.p == '"') {
			value = textpart_slice(&value, 1, value.len - 1);
			sip_part(s, SIP_REASON_TEXT, &value);
		}
	}
}

static void cseq(struct sip *s, const struct textpart *value)
{
	uint32_t at = 0;
	struct textpart number = textpart_word(value, &at);

	number_part(s, SIP_CSEQ_SEQ, &number, &s->cseq);
	s->cseq_method = textpart_word(value, &at);
	sip_part(s, SIP_CSEQ_METHOD, &s->cseq_method);
}

static void rack(struct sip *s, const struct textpart *value)
{
	uint32_t at = 0, n;
	struct textpart word = textpart_word(value, &at);

	number_part(s, SIP_RACK_RSEQ, &word, &n);
	word = textpart_word(value, &at);
	number_part(s, SIP_RACK_CSEQ, &word, &n);
	word = textpart_word(value, &at);
	sip_part(s, SIP_RACK_METHOD, &word);
}

/* Facts that the conversation is known by, and that rules speak of. */
static void note(struct sip *s, uint16_t row, const struct textpart *value, uint32_t number)
{
	switch (row) {
	case SIP_H_CALL_ID:
		s->call_id = *value;
		field_add_value(s->r, SIP_ID(SIP_CALL_ID_GENERATED), value->off, value->len,
				value->p, value->len)
			->flags |= FIELD_GENERATED;
		break;
	case SIP_H_CONTENT_TYPE: s->content_type = *value; break;
	case SIP_H_CONTENT_LENGTH:
		s->content_length = number;
		s->has_length = true;
		break;
	case SIP_H_AUTHORIZATION:
	case SIP_H_PROXY_AUTHORIZATION: s->login = true; break;
	default: break;
	}
}

static void details(struct sip *s, const struct header *h, const struct textpart *value,
		    const struct textpart *line)
{
	uint32_t at = 0;

	s->r->cur_depth++;
	switch (h->kind) {
	case SIP_ADDRESS: parties(s, party_rows(h->row), value, false); break;
	case SIP_ADDRESSES: parties(s, party_rows(h->row), value, true); break;
	case SIP_CSEQ: cseq(s, value); break;
	case SIP_RACK: rack(s, value); break;
	case SIP_AUTH: auth(s, value); break;
	case SIP_VIA:
		while (has_more(s, value, at))
			via(s, piece(value, &at, ","));
		break;
	case SIP_REASON:
		while (has_more(s, value, at)) {
			struct textpart one = piece(value, &at, ",");

			reason(s, &one);
		}
		break;
	default: break;
	}
	s->r->cur_depth--;
	if (h->kind == SIP_AUTH)
		repeated(s, SIP_AUTH_LINE, line, 0);
}

static const struct header *known(const struct textpart *name)
{
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		if (textpart_is(name, headers[i].name) ||
		    (name->len == 1 && headers[i].letter && (*name->p | 0x20) == headers[i].letter))
			return &headers[i];
	return NULL;
}

static void one_header(struct sip *s, const struct textpart *text, const struct textpart *line)
{
	struct textpart name, value;
	const struct header *h;
	uint32_t number = 0;

	http_split(text, &name, &value);
	if (name.len == text->len) {
		field_add_none(s->r, SIP_ID(SIP_NO_COLON), text->off, text->len);
		return;
	}
	h = known(&name);
	if (!h) {
		field_add_none(s->r, SIP_ID(SIP_UNRECOGNIZED), text->off, text->len);
		return;
	}
	if (h->kind == SIP_NUMBER)
		number_part(s, h->row, &value, &number);
	else
		sip_part(s, h->row, &value);
	note(s, h->row, &value, number);
	details(s, h, &value, line);
}

/* A line that begins with a blank goes on with the one before it (RFC 3261 section 7.3.1). */
void sip_header(struct sip *s, const struct textpart *lines)
{
	uint32_t at = 0;

	repeated(s, SIP_MSG_HDR, lines, s->login ? FIELD_SECRET : 0);
	s->r->cur_depth++;
	while (has_more(s, lines, at)) {
		struct textpart text, line = http_line(lines, &at, &text);

		if (!text.len)
			break;
		while (at < lines->len && (lines->p[at] == ' ' || lines->p[at] == '\t')) {
			struct textpart more, next = http_line(lines, &at, &more);

			text.len = more.off + more.len - text.off;
			line.len += next.len;
		}
		one_header(s, &text, &line);
	}
	s->r->cur_depth--;
}
