/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sip: the rows of the SIP table, the header fields it knows, and what the files of the dissector
 * share.
 */
#ifndef TRACETUTOR_DECODE_SIP_H
#define TRACETUTOR_DECODE_SIP_H

#include "src/decode/textline.h"
#include "tracetutor/decode.h"

/* How the value of a header field is read. */
enum sip_kind {
	SIP_TEXT,
	SIP_NUMBER,
	SIP_ADDRESS,   /* name and address, parameters behind (RFC 3261 section 20.10) */
	SIP_ADDRESSES, /* several of them */
	SIP_VIA,
	SIP_CSEQ,
	SIP_AUTH, /* scheme and parameters (RFC 3261 section 20.7) */
	SIP_REASON,
	SIP_RACK
};

/*
 * Header fields: row, name, compact letter (RFC 3261 section 7.3.3; 0: none), name of the row,
 * type, how it is read, secrecy. The order is that of the alphabet.
 */
#define SIP_HEADERS(H)                                                                             \
	H(ACCEPT, "Accept", 0, "sip.Accept", FT_STRING, SIP_TEXT, OPEN)                            \
	H(ACCEPT_CONTACT, "Accept-Contact", 'a', "sip.Accept-Contact", FT_STRING, SIP_TEXT, OPEN)  \
	H(ACCEPT_ENCODING, "Accept-Encoding", 0, "sip.Accept-Encoding", FT_STRING, SIP_TEXT, OPEN) \
	H(ACCEPT_LANGUAGE, "Accept-Language", 0, "sip.Accept-Language", FT_STRING, SIP_TEXT, OPEN) \
	H(ALERT_INFO, "Alert-Info", 0, "sip.Alert-Info", FT_STRING, SIP_TEXT, OPEN)                \
	H(ALLOW, "Allow", 0, "sip.Allow", FT_STRING, SIP_TEXT, OPEN)                               \
	H(ALLOW_EVENTS, "Allow-Events", 'u', "sip.Allow-Events", FT_STRING, SIP_TEXT, OPEN)        \
	H(ANSWER_MODE, "Answer-Mode", 0, "sip.Answer-Mode", FT_STRING, SIP_TEXT, OPEN)             \
	H(AUTH_INFO, "Authentication-Info", 0, "sip.Authentication-Info", FT_STRING, SIP_AUTH,     \
	  SECRET)                                                                                  \
	H(AUTHORIZATION, "Authorization", 0, "sip.Authorization", FT_STRING, SIP_AUTH, SECRET)     \
	H(CALL_ID, "Call-ID", 'i', "sip.Call-ID", FT_STRING, SIP_TEXT, IDENTITY)                   \
	H(CALL_INFO, "Call-Info", 0, "sip.Call-Info", FT_STRING, SIP_TEXT, IDENTITY)               \
	H(CONTACT, "Contact", 'm', "sip.Contact", FT_STRING, SIP_ADDRESSES, IDENTITY)              \
	H(CONTENT_DISPOSITION, "Content-Disposition", 0, "sip.Content-Disposition", FT_STRING,     \
	  SIP_TEXT, OPEN)                                                                          \
	H(CONTENT_ENCODING, "Content-Encoding", 'e', "sip.Content-Encoding", FT_STRING, SIP_TEXT,  \
	  OPEN)                                                                                    \
	H(CONTENT_LANGUAGE, "Content-Language", 0, "sip.Content-Language", FT_STRING, SIP_TEXT,    \
	  OPEN)                                                                                    \
	H(CONTENT_LENGTH, "Content-Length", 'l', "sip.Content-Length", FT_UINT32, SIP_NUMBER,      \
	  OPEN)                                                                                    \
	H(CONTENT_TYPE, "Content-Type", 'c', "sip.Content-Type", FT_STRING, SIP_TEXT, OPEN)        \
	H(CSEQ, "CSeq", 0, "sip.CSeq", FT_STRING, SIP_CSEQ, OPEN)                                  \
	H(DATE, "Date", 0, "sip.Date", FT_STRING, SIP_TEXT, OPEN)                                  \
	H(DIVERSION, "Diversion", 0, "sip.Diversion", FT_STRING, SIP_TEXT, IDENTITY)               \
	H(ERROR_INFO, "Error-Info", 0, "sip.Error-Info", FT_STRING, SIP_TEXT, OPEN)                \
	H(EVENT, "Event", 'o', "sip.Event", FT_STRING, SIP_TEXT, OPEN)                             \
	H(EXPIRES, "Expires", 0, "sip.Expires", FT_UINT32, SIP_NUMBER, OPEN)                       \
	H(FEATURE_CAPS, "Feature-Caps", 0, "sip.Feature-Caps", FT_STRING, SIP_TEXT, OPEN)          \
	H(FLOW_TIMER, "Flow-Timer", 0, "sip.Flow-Timer", FT_STRING, SIP_TEXT, OPEN)                \
	H(FROM, "From", 'f', "sip.From", FT_STRING, SIP_ADDRESS, IDENTITY)                         \
	H(GEOLOCATION, "Geolocation", 0, "sip.Geolocation", FT_STRING, SIP_TEXT, IDENTITY)         \
	H(HISTORY_INFO, "History-Info", 0, "sip.History-Info", FT_STRING, SIP_TEXT, IDENTITY)      \
	H(IDENTITY_, "Identity", 'y', "sip.Identity", FT_STRING, SIP_TEXT, SECRET)                 \
	H(IDENTITY_INFO, "Identity-Info", 'n', "sip.Identity-info", FT_STRING, SIP_TEXT, IDENTITY) \
	H(INFO_PACKAGE, "Info-Package", 0, "sip.Info-Package", FT_STRING, SIP_TEXT, OPEN)          \
	H(IN_REPLY_TO, "In-Reply-To", 0, "sip.In-Reply-To", FT_STRING, SIP_TEXT, IDENTITY)         \
	H(JOIN, "Join", 0, "sip.Join", FT_STRING, SIP_TEXT, IDENTITY)                              \
	H(MAX_BREADTH, "Max-Breadth", 0, "sip.Max-Breadth", FT_UINT32, SIP_NUMBER, OPEN)           \
	H(MAX_FORWARDS, "Max-Forwards", 0, "sip.Max-Forwards", FT_UINT32, SIP_NUMBER, OPEN)        \
	H(MIME_VERSION, "MIME-Version", 0, "sip.MIME-Version", FT_STRING, SIP_TEXT, OPEN)          \
	H(MIN_EXPIRES, "Min-Expires", 0, "sip.Min-Expires", FT_STRING, SIP_TEXT, OPEN)             \
	H(MIN_SE, "Min-SE", 0, "sip.Min-SE", FT_STRING, SIP_TEXT, OPEN)                            \
	H(ORGANIZATION, "Organization", 0, "sip.Organization", FT_STRING, SIP_TEXT, IDENTITY)      \
	H(P_ACCESS_NETWORK, "P-Access-Network-Info", 0, "sip.P-Access-Network-Info", FT_STRING,    \
	  SIP_TEXT, IDENTITY)                                                                      \
	H(P_ASSERTED, "P-Asserted-Identity", 0, "sip.P-Asserted-Identity", FT_STRING,              \
	  SIP_ADDRESSES, IDENTITY)                                                                 \
	H(P_ASSOCIATED, "P-Associated-URI", 0, "sip.P-Associated-URI", FT_STRING, SIP_TEXT,        \
	  IDENTITY)                                                                                \
	H(P_CALLED, "P-Called-Party-ID", 0, "sip.P-Called-Party-ID", FT_STRING, SIP_TEXT,          \
	  IDENTITY)                                                                                \
	H(P_CHARGING_VECTOR, "P-Charging-Vector", 0, "sip.P-Charging-Vector", FT_STRING, SIP_TEXT, \
	  IDENTITY)                                                                                \
	H(P_EARLY_MEDIA, "P-Early-Media", 0, "sip.P-Early-Media", FT_STRING, SIP_TEXT, OPEN)       \
	H(P_PREFERRED, "P-Preferred-Identity", 0, "sip.P-Preferred-Identity", FT_STRING,           \
	  SIP_ADDRESSES, IDENTITY)                                                                 \
	H(P_VISITED, "P-Visited-Network-ID", 0, "sip.P-Visited-Network-ID", FT_STRING, SIP_TEXT,   \
	  OPEN)                                                                                    \
	H(PATH, "Path", 0, "sip.Path", FT_STRING, SIP_ADDRESSES, IDENTITY)                         \
	H(PRIORITY, "Priority", 0, "sip.Priority", FT_STRING, SIP_TEXT, OPEN)                      \
	H(PRIVACY, "Privacy", 0, "sip.Privacy", FT_STRING, SIP_TEXT, OPEN)                         \
	H(PROXY_AUTHENTICATE, "Proxy-Authenticate", 0, "sip.Proxy-Authenticate", FT_STRING,        \
	  SIP_AUTH, OPEN)                                                                          \
	H(PROXY_AUTHORIZATION, "Proxy-Authorization", 0, "sip.Proxy-Authorization", FT_STRING,     \
	  SIP_AUTH, SECRET)                                                                        \
	H(PROXY_REQUIRE, "Proxy-Require", 0, "sip.Proxy-Require", FT_STRING, SIP_TEXT, OPEN)       \
	H(RACK, "RAck", 0, "sip.RAck", FT_STRING, SIP_RACK, OPEN)                                  \
	H(REASON, "Reason", 0, "sip.Reason", FT_STRING, SIP_REASON, OPEN)                          \
	H(RECORD_ROUTE, "Record-Route", 0, "sip.Record-Route", FT_STRING, SIP_ADDRESSES, IDENTITY) \
	H(RECV_INFO, "Recv-Info", 0, "sip.Recv-Info", FT_STRING, SIP_TEXT, OPEN)                   \
	H(REFER_SUB, "Refer-Sub", 0, "sip.Refer-Sub", FT_STRING, SIP_TEXT, OPEN)                   \
	H(REFER_TO, "Refer-To", 'r', "sip.Refer-To", FT_STRING, SIP_TEXT, IDENTITY)                \
	H(REFERRED_BY, "Referred-By", 'b', "sip.Referred-by", FT_STRING, SIP_TEXT, IDENTITY)       \
	H(REJECT_CONTACT, "Reject-Contact", 'j', "sip.Reject-Contact", FT_STRING, SIP_TEXT, OPEN)  \
	H(REPLACES, "Replaces", 0, "sip.Replaces", FT_STRING, SIP_TEXT, IDENTITY)                  \
	H(REPLY_TO, "Reply-To", 0, "sip.Reply-To", FT_STRING, SIP_TEXT, IDENTITY)                  \
	H(REQUEST_DISPOSITION, "Request-Disposition", 'd', "sip.Request-Disposition", FT_STRING,   \
	  SIP_TEXT, OPEN)                                                                          \
	H(REQUIRE, "Require", 0, "sip.Require", FT_STRING, SIP_TEXT, OPEN)                         \
	H(RESOURCE_PRIORITY, "Resource-Priority", 0, "sip.Resource-Priority", FT_STRING, SIP_TEXT, \
	  OPEN)                                                                                    \
	H(RETRY_AFTER, "Retry-After", 0, "sip.Retry-After", FT_UINT32, SIP_NUMBER, OPEN)           \
	H(ROUTE, "Route", 0, "sip.Route", FT_STRING, SIP_ADDRESSES, IDENTITY)                      \
	H(RSEQ, "RSeq", 0, "sip.RSeq", FT_UINT32, SIP_NUMBER, OPEN)                                \
	H(SECURITY_CLIENT, "Security-Client", 0, "sip.Security-Client", FT_STRING, SIP_TEXT, OPEN) \
	H(SECURITY_SERVER, "Security-Server", 0, "sip.Security-Server", FT_STRING, SIP_TEXT, OPEN) \
	H(SECURITY_VERIFY, "Security-Verify", 0, "sip.Security-Verify", FT_STRING, SIP_TEXT, OPEN) \
	H(SERVER, "Server", 0, "sip.Server", FT_STRING, SIP_TEXT, OPEN)                            \
	H(SERVICE_ROUTE, "Service-Route", 0, "sip.Service-Route", FT_STRING, SIP_ADDRESSES,        \
	  IDENTITY)                                                                                \
	H(SESSION_EXPIRES, "Session-Expires", 'x', "sip.Session-Expires", FT_STRING, SIP_TEXT,     \
	  OPEN)                                                                                    \
	H(SESSION_ID, "Session-ID", 0, "sip.Session-ID", FT_STRING, SIP_TEXT, IDENTITY)            \
	H(SIP_ETAG, "SIP-ETag", 0, "sip.ETag", FT_STRING, SIP_TEXT, OPEN)                          \
	H(SIP_IF_MATCH, "SIP-If-Match", 0, "sip.If_Match", FT_STRING, SIP_TEXT, OPEN)              \
	H(SUBJECT, "Subject", 's', "sip.Subject", FT_STRING, SIP_TEXT, IDENTITY)                   \
	H(SUBSCRIPTION_STATE, "Subscription-State", 0, "sip.Subscription-State", FT_STRING,        \
	  SIP_TEXT, OPEN)                                                                          \
	H(SUPPORTED, "Supported", 'k', "sip.Supported", FT_STRING, SIP_TEXT, OPEN)                 \
	H(TARGET_DIALOG, "Target-Dialog", 0, "sip.Target-Dialog", FT_STRING, SIP_TEXT, IDENTITY)   \
	H(TIMESTAMP, "Timestamp", 0, "sip.Timestamp", FT_STRING, SIP_TEXT, OPEN)                   \
	H(TO, "To", 't', "sip.To", FT_STRING, SIP_ADDRESS, IDENTITY)                               \
	H(UNSUPPORTED, "Unsupported", 0, "sip.Unsupported", FT_STRING, SIP_TEXT, OPEN)             \
	H(USER_AGENT, "User-Agent", 0, "sip.User-Agent", FT_STRING, SIP_TEXT, OPEN)                \
	H(USER_TO_USER, "User-to-User", 0, "sip.uui", FT_STRING, SIP_TEXT, IDENTITY)               \
	H(VIA, "Via", 'v', "sip.Via", FT_STRING, SIP_VIA, IDENTITY)                                \
	H(WARNING, "Warning", 0, "sip.Warning", FT_STRING, SIP_TEXT, OPEN)                         \
	H(WWW_AUTHENTICATE, "WWW-Authenticate", 0, "sip.WWW-Authenticate", FT_STRING, SIP_AUTH,    \
	  OPEN)

/* Who is meant: the rows of a name and an address, in this order. */
#define SIP_PARTY(A)                                                                               \
	SIP_##A##_DISPLAY, SIP_##A##_URI, SIP_##A##_USER, SIP_##A##_HOST, SIP_##A##_PORT,          \
		SIP_##A##_PARAM

enum sip_row {
	SIP,
	SIP_REQUEST_LINE,
	SIP_METHOD,
	SIP_PARTY(RURI),
	SIP_STATUS_LINE,
	SIP_STATUS_CODE,
	SIP_RESEND,
	SIP_RESEND_ORIGINAL,
	SIP_RESPONSE_REQUEST,
	SIP_RESPONSE_TIME,
	SIP_RELEASE_TIME,
	SIP_MSG_HDR,
	SIP_MSG_BODY,
	SIP_DISPLAY_INFO,
	SIP_TAG,
	SIP_PARTY(TO),
	SIP_TO_TAG,
	SIP_PARTY(FROM),
	SIP_FROM_TAG,
	SIP_PARTY(CONTACT),
	SIP_CONTACT_PARAMETER,
	SIP_PARTY(ROUTE),
	SIP_PARTY(RECORD_ROUTE),
	SIP_PARTY(SERVICE_ROUTE),
	SIP_PARTY(PATH),
	SIP_PARTY(PAI),
	SIP_PARTY(PPI),
	SIP_CALL_ID_GENERATED,
	SIP_CSEQ_SEQ,
	SIP_CSEQ_METHOD,
	SIP_VIA_TRANSPORT,
	SIP_VIA_ADDRESS,
	SIP_VIA_PORT,
	SIP_VIA_BRANCH,
	SIP_VIA_MADDR,
	SIP_VIA_RPORT,
	SIP_VIA_RECEIVED,
	SIP_VIA_TTL,
	SIP_AUTH_LINE,
	SIP_AUTH_SCHEME,
	SIP_AUTH_USERNAME,
	SIP_AUTH_REALM,
	SIP_AUTH_NONCE,
	SIP_AUTH_URI,
	SIP_AUTH_RESPONSE,
	SIP_AUTH_ALGORITHM,
	SIP_AUTH_CNONCE,
	SIP_AUTH_OPAQUE,
	SIP_AUTH_QOP,
	SIP_AUTH_NC,
	SIP_AUTH_STALE,
	SIP_AUTH_DOMAIN,
	SIP_AUTH_RSPAUTH,
	SIP_AUTH_NEXTNONCE,
	SIP_REASON_PROTOCOL,
	SIP_REASON_Q850,
	SIP_REASON_SIP,
	SIP_REASON_OTHER,
	SIP_REASON_TEXT,
	SIP_RACK_RSEQ,
	SIP_RACK_CSEQ,
	SIP_RACK_METHOD,
	SIP_UNRECOGNIZED,
	SIP_NO_COLON,
	TT_SIP_METHOD,
	TT_SIP_USER,
	TT_SIP_PEER,
	TT_SIP_HOST,
	TT_SIP_LOGIN,
#define H(row, ...) SIP_H_##row,
	SIP_HEADERS(H)
#undef H
		SIP_ROWS
};

#define SIP_ID(row) FIELD_ID(PROTO_sip, row)

extern const struct field_def sip_rows[SIP_ROWS];

struct sip {
	struct decoder *d;
	struct record *r;
	uint8_t cut; /* FIELD_SNAPPED: the capture ends in the header */
	/* What the header says, for the state of the conversation; empty parts if it does not. */
	struct textpart call_id, cseq_method, content_type;
	struct textpart user, to_user, to_host, auth_user;
	uint32_t cseq, content_length;
	bool has_length, login;
};

/* The header fields up to the empty line. */
void sip_header(struct sip *s, const struct textpart *lines);
/* An address (SIP_RURI_DISPLAY ...) in a part that holds nothing else. */
void sip_uri(struct sip *s, uint16_t display_row, const struct textpart *uri);
struct field *sip_part(struct sip *s, uint16_t row, const struct textpart *part);

#endif
