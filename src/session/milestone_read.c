/* SPDX-License-Identifier: GPL-3.0-or-later */
/* milestone_read: the values that milestones are made of, by the names of their fields. */
#include <glib.h>

#include "src/session/milestones.h"
#include "tracetutor/rules.h"

static const char *const known_names[KNOWN_COUNT] = {
	[K_KIND] = "tt.exchange.kind",
	[K_ANSWERED] = "tt.exchange.answered",
	[K_EVENT] = "tt.exchange.event",
	[K_REASON] = "tt.exchange.reason",
	[K_REQUEST_FRAME] = "tt.exchange.request_frame",
	[K_RESPONSE_FRAME] = "tt.exchange.response_frame",
	[K_LAST_REQUEST] = "tt.exchange.last_request_frame",
	[K_RETRIES] = "tt.exchange.retries",
	[K_ELAPSED] = "tt.exchange.elapsed",
	[K_WAITED] = "tt.exchange.waited",
	[K_REFUSED] = "tt.exchange.refused",
	[K_ICMP_TYPE] = "tt.exchange.icmp_type",
	[K_ICMP_CODE] = "tt.exchange.icmp_code",
	[K_ENCRYPTED_DNS] = "tt.capture.encrypted_dns",
	[K_ONE_SIDED] = "tt.conv.one_sided",
	[K_CAPTURE_DROPS] = "tt.conv.capture_drops",
	[K_CLOSED_BY] = "tt.conv.closed_by",
	[K_SYNACK_RETRIES] = "tt.conv.synack_retries",
	[K_HANDSHAKE_DONE] = "tt.conv.handshake_done",
	[K_GAP_SIZE] = "tt.conv.gap_size",
	[K_STALLED_RETRIES] = "tt.conv.stalled_retries",
	[K_RESET_AFTER_DATA] = "tt.conv.reset_after_data",
	[K_RESET_AFTER_GOODBYE] = "tt.conv.reset_after_goodbye",
	[K_RESET_BY] = "tt.conv.reset_by",
	[K_RETRANSMISSION] = "tcp.analysis.retransmission",
	[K_FAST_RETRANSMISSION] = "tcp.analysis.fast_retransmission",
	[K_ZERO_WINDOW] = "tcp.analysis.zero_window",
	[K_QUERY_NAME] = "dns.qry.name",
	[K_QUERY_TYPE] = "dns.qry.type",
	[K_RCODE] = "dns.flags.rcode",
	[K_A] = "dns.a",
	[K_AAAA] = "dns.aaaa",
	[K_DHCP_MESSAGE] = "dhcp.option.dhcp",
	[K_DHCP_ADDRESS] = "dhcp.option.requested_ip_address",
	[K_DHCP_WORDS] = "dhcp.option.message",
	[K_SNI] = "tt.tls.sni",
	[K_APP_DATA] = "tls.app_data",
	[K_TLS_PHASE] = "tt.tls.phase",
	[K_TLS_FROM] = "tt.tls.from",
	[K_TEXT_SIZE] = "tt.tls.text_size",
	[K_RECORD_LENGTH] = "tls.record.length",
	[K_ALERT] = "tls.alert_message.desc",
	[K_ALERT_LEVEL] = "tls.alert_message.level",
	[K_ALERT_FROM] = "tt.tls.alert_from",
	[K_ALERT_LIKELY] = "tt.tls.alert_likely",
	[K_LOGIN_REFUSED] = "tt.tls.login_refused_likely",
	[K_TLS_VERSION] = "tt.tls.version",
	[K_POP_COMMAND] = "tt.pop.command",
	[K_POP_USER] = "tt.pop.user",
	[K_POP_VERDICT] = "pop.response.indicator",
	[K_POP_WORDS] = "pop.response.description",
	[K_POP_GREETING] = "tt.pop.greeting",
	[K_IMAP_COMMAND] = "tt.imap.command",
	[K_IMAP_USER] = "tt.imap.user",
	[K_IMAP_VERDICT] = "imap.response.status",
	[K_IMAP_WORDS] = "imap.response",
	[K_IMAP_GREETING] = "tt.imap.greeting",
	[K_IMAP_UNTAGGED] = "tt.imap.untagged",
	[K_IMAP_LINE] = "imap.line",
	[K_SMTP_COMMAND] = "tt.smtp.command",
	[K_SMTP_USER] = "tt.smtp.user",
	[K_SMTP_CODE] = "smtp.response.code",
	[K_SMTP_WORDS] = "smtp.rsp.parameter",
	[K_SMTP_GREETING] = "tt.smtp.greeting",
	[K_FTP_COMMAND] = "tt.ftp.command",
	[K_FTP_USER] = "tt.ftp.user",
	[K_FTP_CODE] = "ftp.response.code",
	[K_FTP_WORDS] = "ftp.response.arg",
	[K_FTP_GREETING] = "tt.ftp.greeting",
	[K_NNTP_COMMAND] = "tt.nntp.command",
	[K_NNTP_REQUEST] = "tt.nntp.request.command",
	[K_NNTP_USER] = "tt.nntp.user",
	[K_NNTP_CODE] = "tt.nntp.response.code",
	[K_NNTP_WORDS] = "tt.nntp.response.arg",
	[K_NNTP_GREETING] = "tt.nntp.greeting",
	[K_HTTP_METHOD] = "http.request.method",
	[K_HTTP_URI] = "http.request.uri",
	[K_HTTP_HOST] = "http.host",
	[K_HTTP_ACCEPT] = "http.accept",
	[K_HTTP_AUTH] = "http.authorization",
	[K_HTTP_PROXY_AUTH] = "http.proxy_authorization",
	[K_HTTP_CODE] = "http.response.code",
	[K_HTTP_PHRASE] = "http.response.phrase",
	[K_HTTP_DESC] = "http.response.code.desc",
};

static const uint16_t *known_ids(void)
{
	static uint16_t ids[KNOWN_COUNT];
	static gsize ready;

	if (g_once_init_enter(&ready)) {
		for (unsigned i = 0; i < KNOWN_COUNT; i++)
			ids[i] = field_named(known_names[i]);
		g_once_init_leave(&ready, 1);
	}
	return ids;
}

uint16_t known_id(enum known k)
{
	return known_ids()[k];
}

const struct field *known_field(const struct record *r, enum known k)
{
	uint16_t id = known_id(k);

	return id == FIELD_NONE ? NULL : record_first(r, id);
}

const struct field *known_within(const struct record *r, enum known k, uint32_t first,
				 uint32_t last)
{
	const struct field *f = known_field(r, k);

	while (f && f < r->fields + first)
		f = record_next(r, f);
	return f && f <= r->fields + last ? f : NULL;
}

uint64_t known_uint(const struct record *r, enum known k, uint64_t otherwise)
{
	const struct field *f = known_field(r, k);

	return f ? f->v.u : otherwise;
}

int64_t known_int(const struct record *r, enum known k, int64_t otherwise)
{
	const struct field *f = known_field(r, k);

	return f ? f->v.i : otherwise;
}

bool field_is(const struct field *f, const char *word)
{
	size_t n = strlen(word);

	return f && f->vlen == n && memcmp(f->v.p, word, n) == 0;
}

bool known_is(const struct record *r, enum known k, const char *word)
{
	return field_is(known_field(r, k), word);
}

void words_copy(char to[WORDS_MAX], const char *text)
{
	size_t n = strlen(text);

	if (n >= WORDS_MAX) {
		n = WORDS_MAX - 4;
		while (n && ((uint8_t)text[n] & 0xC0) == 0x80) /* not into a character */
			n--;
		memcpy(to + n, "...", 3);
		to[n + 3] = '\0';
	} else {
		to[n] = '\0';
	}
	memmove(to, text, n);
}

void known_text(const struct record *r, enum known k, char out[WORDS_MAX])
{
	struct buf text = BUF_INIT;

	out[0] = '\0';
	if (!known_field(r, k))
		return;
	prose_value(r, known_id(k), &text);
	words_copy(out, buf_text(&text));
	buf_release(&text);
}
