/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * milestones: the one place that sees how far a program came. Records go in; for each conversation,
 * each name asked for and the question for an address the present step of each stage is kept, and
 * whoever wants is told when one changes. stages shows where they stand in the end, story tells
 * them as they happen.
 *
 *     milestones.c        the tables, and what changes a step
 *     milestone_read.c    what records say: ids of fields, values
 *     milestone_names.c   names and addresses
 *     milestone_talk.c    connections, encryption, how they end
 *     milestone_said.c    greeting, login, transfer
 */
#ifndef TRACETUTOR_SESSION_MILESTONES_H
#define TRACETUTOR_SESSION_MILESTONES_H

#include "tracetutor/stages.h"

#define TALKS_MAX     32 /* conversations remembered; the one that tells least gives way */
#define LOOKUPS_MAX   64 /* names asked for; the oldest gives way */
#define ADDRESSES_MAX 12 /* of one name */
#define NAME_MAX_LEN  80 /* longer names are not remembered */
#define WORDS_MAX     96 /* characters of a quotation */

#define MS     INT64_C(1000000)
#define SECOND INT64_C(1000000000)

/* What makes a step refused. */
enum how {
	HOW_NONE,
	HOW_SAID,         /* in words: the server's, or those of a reply code */
	HOW_RESET,        /* a connection is refused: nobody listens */
	HOW_ICMP,         /* a router or the other computer says it cannot be reached */
	HOW_HALF,         /* the last packet of the opening never came */
	HOW_ALERT_SERVER, /* of TLS */
	HOW_ALERT_CLIENT,
	HOW_ALERT_LIKELY, /* of the client, by its size */
	HOW_CLOSED,       /* the connection ended before the answer, by whom is not known yet */
	HOW_CLOSED_SERVER,
	HOW_CLOSED_CLIENT,
	HOW_BROKE, /* the transfer stopped in the middle */
	HOW_ENDED, /* open: the capture ended before an answer */
	HOW_SIZES  /* sizes of encrypted records fit a refusal */
};

/* How things stand with one stage. */
struct step {
	enum stage_state state;
	enum how how;
	bool guess;
	bool firm;              /* REFUSED, and what works later does not change that */
	bool over;              /* OPEN, and no answer is expected any more */
	uint8_t told;           /* how often a presenter said that it is overdue */
	uint32_t asked_in;      /* first packet that asks; 0: not seen */
	uint32_t packet;        /* the one that answers; while open the last that asks */
	int64_t asked, time;    /* of these packets */
	int64_t took;           /* from asking to the answer; open: waited; -1: not known */
	uint32_t tries;         /* how often it was asked */
	char asking[WORDS_MAX]; /* for whom or for what, cleaned: "steve35"; never a secret */
	char words[WORDS_MAX];  /* of the answer, cleaned: "-ERR bad password" */
};

/* A name and what became of it. */
struct lookup {
	bool used, asked_ipv4;
	char name[NAME_MAX_LEN]; /* raw, lower case */
	uint8_t naddr;
	uint8_t addr[ADDRESSES_MAX][16];
	struct step step;
};

/* A TCP conversation from the client's view. */
struct talk {
	bool used;
	uint32_t index; /* of the conversation */
	uint8_t family;
	struct endpoint server;
	char name[NAME_MAX_LEN]; /* of the server, raw, lower case; "" */
	bool name_said;          /* it was said in the talk itself (TLS, HTTP) */
	uint16_t app;            /* enum proto_id of what is spoken, 0: not known yet */
	int wanted;              /* see talk_wanted() */
	bool mid_stream, one_sided, encrypted, done;
	uint32_t first, last;
	int64_t first_time, last_time;
	int64_t greeting_due; /* since when the server's hello is waited for; 0: not waited for */
	uint64_t to, from;
	uint64_t sealed;  /* bytes of encrypted data from the server */
	uint32_t repeats; /* packets sent again */
	int64_t full[2];  /* since when the server, the client has no room for more; 0: it has */
	bool full_told;
	struct step steps[STAGE_COUNT];
};

enum change {
	CHANGE_ASKED,    /* a step is open now */
	CHANGE_REPEATED, /* asked again */
	CHANGE_SETTLED,  /* done or refused */
	CHANGE_UNHEARD,  /* given up: no answer came */
	CHANGE_REPEATS,  /* a packet of the talk was sent again */
	CHANGE_FULL      /* one side has had no room for more for a while */
};
struct milestone {
	enum change change;
	enum stage stage;
	const struct step *step;     /* NULL for REPEATS and FULL */
	const struct talk *talk;     /* NULL: not about a conversation */
	const struct lookup *lookup; /* of STAGE_NAME */
	uint32_t packet;
	int64_t time;
};

struct milestones;
typedef void milestones_each(void *context, const struct milestone *m);

/* What the person named, to compare with. */
struct wanted {
	char name[NAME_MAX_LEN]; /* lower case; "": none */
	uint8_t family;          /* it is an address; 0: it is not */
	uint8_t addr[16];
	uint8_t at_family; /* where the name was found to be; 0: not known */
	uint8_t at[16];
};
void wanted_parse(struct wanted *w, const char *server);
/* What this computer knows of the name: programs may remember it and not ask again. */
void wanted_at(struct wanted *w, const char *address);
/* Is that the address of the name the person gave? */
bool wanted_is_at(const struct wanted *w, uint8_t family, const uint8_t addr[16]);

struct milestones {
	struct wanted wanted;
	struct talk talks[TALKS_MAX];
	struct lookup lookups[LOOKUPS_MAX];
	struct step address; /* of this computer, by DHCP */
	unsigned next_lookup;
	unsigned recent; /* talk of the packet before */
	int64_t start, now;
	bool encrypted_dns;    /* names were asked for in encrypted form; known at the end */
	milestones_each *each; /* NULL: nobody is told */
	void *context;
};

void milestones_init(struct milestones *m, const char *server);
void milestones_record(struct milestones *m, const struct record *r);

/* 2: it is the server the person named, 1: one below that name, 0: another, or none was named. The
 * answer stands in t->wanted, for it is asked often. */
void talk_know_wanted(const struct milestones *m, struct talk *t);
int lookup_wanted(const struct milestones *m, const struct lookup *l);
/* How its address came from a name: the lookup, or NULL. */
const struct lookup *talk_lookup(const struct milestones *m, const struct talk *t);
/* Does the step show something wrong? */
bool step_failed(const struct step *s);
/* Compares talks: more than 0 if `a` tells more of what the trace is about. */
int talk_compare(const struct talk *a, const struct talk *b);
/* What is spoken, by what was seen, else by the port: "POP3"; NULL: not known. */
const char *talk_service(const struct talk *t);
/* Does the server speak first there? */
bool talk_server_first(const struct talk *t);
/* "pop.example.org (192.0.2.5), port 110", cleaned; without port: "pop.example.org (192.0.2.5)". */
void talk_who(const struct talk *t, bool port, struct buf *out);
void address_text(struct buf *out, uint8_t family, const uint8_t addr[16]);

/* --- for the parts of milestones --- */

/* The moment and the subject that a change belongs to. */
struct scene {
	struct milestones *m;
	const struct record *r;
	struct talk *talk;
	struct lookup *lookup;
	enum stage stage;
};
/* Changes of a step; each tells whoever wants to know, if it is one. Times and packets come from
 * the record: of a request the packet at work, of an exchange its facts. */
void step_ask(const struct scene *sc, struct step *s, const char *asking);
void step_settle(const struct scene *sc, struct step *s, enum stage_state state, enum how how,
		 const char *words);
void step_unheard(const struct scene *sc, struct step *s);
/* The exchange record has no answer: unheard, or cut off by the end of the conversation. */
void step_unanswered(const struct scene *sc, struct step *s);
void scene_tell(const struct scene *sc, enum change change, const struct step *s);

struct talk *talk_of(struct milestones *m, const struct record *r, bool make);
/* The server's name as it is said in the talk itself (or NULL). */
void talk_learn_name(const struct scene *sc, const struct field *name);
void said_request(const struct scene *sc, const struct exchange_mark *mark);
void said_exchange(const struct scene *sc, const struct field *kind);
void talk_packet(struct milestones *m, const struct record *r);
void talk_exchange(struct milestones *m, const struct record *r);
void talk_conversation(struct milestones *m, const struct record *r);
void names_packet(struct milestones *m, const struct record *r, const struct exchange_mark *mark);
void names_exchange(struct milestones *m, const struct record *r);
void address_packet(struct milestones *m, const struct record *r);
void address_exchange(struct milestones *m, const struct record *r);
/* A name as it is compared; false if it is too long. */
bool name_copy(char to[NAME_MAX_LEN], const uint8_t *p, size_t n);
/* Is it the name, or (1) one below it? */
int name_match(const char *name, const char *wanted);

/* Fields that are read; the list of names is in milestone_read.c, in this order. */
enum known {
	K_KIND,
	K_ANSWERED,
	K_EVENT,
	K_REASON,
	K_REQUEST_FRAME,
	K_RESPONSE_FRAME,
	K_LAST_REQUEST,
	K_RETRIES,
	K_ELAPSED,
	K_WAITED,
	K_REFUSED,
	K_ICMP_TYPE,
	K_ICMP_CODE,
	K_ENCRYPTED_DNS,
	K_ONE_SIDED,
	K_CAPTURE_DROPS,
	K_CLOSED_BY,
	K_SYNACK_RETRIES,
	K_HANDSHAKE_DONE,
	K_GAP_SIZE,
	K_STALLED_RETRIES,
	K_RESET_AFTER_DATA,
	K_RESET_AFTER_GOODBYE,
	K_RESET_BY,
	K_RETRANSMISSION,
	K_FAST_RETRANSMISSION,
	K_ZERO_WINDOW,
	K_QUERY_NAME,
	K_QUERY_TYPE,
	K_RCODE,
	K_A,
	K_AAAA,
	K_DHCP_MESSAGE,
	K_DHCP_ADDRESS,
	K_DHCP_WORDS,
	K_SNI,
	K_APP_DATA,
	K_TLS_PHASE,
	K_TLS_FROM,
	K_TEXT_SIZE,
	K_RECORD_LENGTH,
	K_ALERT,
	K_ALERT_LEVEL,
	K_ALERT_FROM,
	K_ALERT_LIKELY,
	K_LOGIN_REFUSED,
	K_TLS_VERSION,
	K_POP_COMMAND,
	K_POP_USER,
	K_POP_VERDICT,
	K_POP_WORDS,
	K_POP_GREETING,
	K_IMAP_COMMAND,
	K_IMAP_USER,
	K_IMAP_VERDICT,
	K_IMAP_WORDS,
	K_IMAP_GREETING,
	K_IMAP_UNTAGGED,
	K_IMAP_LINE,
	K_SMTP_COMMAND,
	K_SMTP_USER,
	K_SMTP_CODE,
	K_SMTP_WORDS,
	K_SMTP_GREETING,
	K_FTP_COMMAND,
	K_FTP_USER,
	K_FTP_CODE,
	K_FTP_WORDS,
	K_FTP_GREETING,
	K_NNTP_COMMAND,
	K_NNTP_REQUEST,
	K_NNTP_USER,
	K_NNTP_CODE,
	K_NNTP_WORDS,
	K_NNTP_GREETING,
	K_HTTP_METHOD,
	K_HTTP_URI,
	K_HTTP_HOST,
	K_HTTP_ACCEPT,
	K_HTTP_AUTH,
	K_HTTP_PROXY_AUTH,
	K_HTTP_CODE,
	K_HTTP_PHRASE,
	K_HTTP_DESC,
	KNOWN_COUNT
};
uint16_t known_id(enum known k);
/* The first (last) such field; NULL. */
const struct field *known_field(const struct record *r, enum known k);
/* Numbers: its value, or `otherwise`. */
uint64_t known_uint(const struct record *r, enum known k, uint64_t otherwise);
int64_t known_int(const struct record *r, enum known k, int64_t otherwise);
/* Is its text this word? */
bool known_is(const struct record *r, enum known k, const char *word);
/* The same from `first` on to `last`. */
const struct field *known_within(const struct record *r, enum known k, uint32_t first,
				 uint32_t last);
bool field_is(const struct field *f, const char *word);
/* The value as cleaned text, cut; "" without the field; secrets become "(hidden)". */
void known_text(const struct record *r, enum known k, char out[WORDS_MAX]);
/* Cleaned text, cut with "..." where it is too long. */
void words_copy(char to[WORDS_MAX], const char *text);

#endif
