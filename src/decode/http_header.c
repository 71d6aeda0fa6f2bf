/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http header: the header fields with rows of their own, and which bytes are secret. */
#include "src/decode/http.h"

static const struct http_header known[] = {
	{"Content-Length", HTTP_CONTENT_LENGTH_HEADER, 0},
	{"Authorization", HTTP_AUTHORIZATION, FIELD_SECRET},
	{"Proxy-Authenticate", HTTP_PROXY_AUTHENTICATE, 0},
	{"Proxy-Authorization", HTTP_PROXY_AUTHORIZATION, FIELD_SECRET},
	{"WWW-Authenticate", HTTP_WWW_AUTHENTICATE, 0},
	{"Content-Type", HTTP_CONTENT_TYPE, 0},
	{"Content-Encoding", HTTP_CONTENT_ENCODING, 0},
	{"Transfer-Encoding", HTTP_TRANSFER_ENCODING, 0},
	{"Upgrade", HTTP_UPGRADE, 0},
	{"User-Agent", HTTP_USER_AGENT, 0},
	{"Host", HTTP_HOST, FIELD_IDENTITY},
	{"Connection", HTTP_CONNECTION, 0},
	{"Cookie", HTTP_COOKIE, FIELD_SECRET},
	{"Accept", HTTP_ACCEPT, 0},
	{"Referer", HTTP_REFERER, FIELD_IDENTITY},
	{"Accept-Language", HTTP_ACCEPT_LANGUAGE, 0},
	{"Accept-Encoding", HTTP_ACCEPT_ENCODING, 0},
	{"Date", HTTP_DATE, 0},
	{"Cache-Control", HTTP_CACHE_CONTROL, 0},
	{"Server", HTTP_SERVER, 0},
	{"Location", HTTP_LOCATION, FIELD_IDENTITY},
	{"Set-Cookie", HTTP_SET_COOKIE, FIELD_SECRET},
	{"Last-Modified", HTTP_LAST_MODIFIED, 0},
	{"Sec-WebSocket-Accept", HTTP_WS_ACCEPT, 0},
	{"Sec-WebSocket-Extensions", HTTP_WS_EXTENSIONS, 0},
	{"Sec-WebSocket-Key", HTTP_WS_KEY, 0},
	{"Sec-WebSocket-Protocol", HTTP_WS_PROTOCOL, 0},
	{"Sec-WebSocket-Version", HTTP_WS_VERSION, 0},
	{"HTTP2-Settings", HTTP_HTTP2_SETTINGS, 0},
	{"X-Forwarded-For", HTTP_X_FORWARDED_FOR, FIELD_IDENTITY},
};

/* Words in the name of a header field or parameter that speak of secrets. */
static const char *const secret_words[] = {
	"pass", "pwd",  "token",  "secret", "auth",   "session", "sess_", "apikey",
	"api-", "api_", "signat", "jwt",    "cookie", "csrf",    "code=", "key=",
};

static bool has_secret_word(const struct textpart *part)
{
	for (unsigned i = 0; i < sizeof(secret_words) / sizeof(*secret_words); i++)
		if (textpart_has(part, secret_words[i]))
			return true;
	return false;
}

/* "user:password@" in an address (RFC 3986 section 3.2.1). */
static bool has_userinfo(const struct textpart *uri)
{
	const uint8_t *at = uri->len ? memchr(uri->p, '@', uri->len) : NULL;

	return at && textpart_has(uri, "://");
}

uint8_t http_uri_flags(const struct textpart *uri)
{
	const uint8_t *query = uri->len ? memchr(uri->p, '?', uri->len) : NULL;
	struct textpart parameters;

	if (has_userinfo(uri))
		return FIELD_SECRET;
	if (!query)
		return 0;
	parameters = textpart_slice(uri, (uint32_t)(query - uri->p), uri->len);
	return has_secret_word(&parameters) ? FIELD_SECRET : 0;
}

struct http_header http_header_known(const struct textpart *name, const struct textpart *value)
{
	struct http_header none = {NULL, FIELD_NONE, 0};

	for (unsigned i = 0; i < sizeof(known) / sizeof(*known); i++) {
		struct http_header h = known[i];

		if (!textpart_is(name, h.name))
			continue;
		if (h.flags == FIELD_IDENTITY)
			h.flags |= http_uri_flags(value);
		return h;
	}
	none.flags = has_secret_word(name) ? FIELD_SECRET : http_uri_flags(value);
	return none;
}

struct textpart http_line(const struct textpart *block, uint32_t *at, struct textpart *text)
{
	uint32_t from = *at, end;
	const uint8_t *p =
		from < block->len ? memchr(block->p + from, '\n', block->len - from) : NULL;

	end = p ? (uint32_t)(p - block->p) : block->len;
	*at = p ? end + 1 : end;
	if (end > from && block->p[end - 1] == '\r')
		end--;
	*text = textpart_slice(block, from, end);
	return textpart_slice(block, from, *at);
}

void http_split(const struct textpart *text, struct textpart *name, struct textpart *value)
{
	const uint8_t *colon = text->len ? memchr(text->p, ':', text->len) : NULL;
	uint32_t n = colon ? (uint32_t)(colon - text->p) : text->len, from = n + 1, to = text->len;

	while (from < to && (text->p[from] == ' ' || text->p[from] == '\t'))
		from++;
	while (to > from && (text->p[to - 1] == ' ' || text->p[to - 1] == '\t'))
		to--;
	*name = textpart_slice(text, 0, n);
	*value = textpart_slice(text, from, to);
}

struct textpart http_header_find(const struct textpart *lines, const char *name)
{
	uint32_t at = 0;

	while (at < lines->len) {
		struct textpart text, found, value;

		http_line(lines, &at, &text);
		http_split(&text, &found, &value);
		if (textpart_is(&found, name))
			return value;
	}
	return textpart_slice(lines, 0, 0);
}

/* What systems fetch to see whether they are online, and the status they expect there. */
uint32_t http_probe(const struct textpart *uri)
{
	static const struct {
		const char *path;
		uint32_t status;
	} probes[] = {{"/generate_204", 204},
		      {"/gen_204", 204},
		      {"/hotspot-detect.html", 200},
		      {"/library/test/success.html", 200},
		      {"/connecttest.txt", 200},
		      {"/ncsi.txt", 200},
		      {"/success.txt", 200},
		      {"/canonical.html", 200},
		      {"/check_network_status.txt", 200},
		      {"/nm-check.txt", 200}};

	for (unsigned i = 0; i < sizeof(probes) / sizeof(*probes); i++)
		if (textpart_has(uri, probes[i].path))
			return probes[i].status;
	return 0;
}
