/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * internal: what the files of track share.
 *
 *     track.c         the order of things, the clock, the capture record
 *     conv.c          the table of conversations
 *     tcp_analysis.c  Wireshark's sequence and acknowledgment analysis
 *     tcp_facts.c     what a conversation record tells beyond that
 *     stream.c        the bytes of each direction in order
 *     exchange.c      requests waiting for their answers
 *     emit.c          the records
 *     machine.c       what is known of the computer on which the trace was recorded
 *
 * Nothing here allocates per packet: entries, TCP states, segments and waiting requests come from
 * pools that grow in chunks up to their caps and are never given back before track_free().
 */
#ifndef TRACETUTOR_TRACK_INTERNAL_H
#define TRACETUTOR_TRACK_INTERNAL_H

#include "src/track/rows.h"
#include "tracetutor/pool.h"
#include "tracetutor/track.h"

#define NS_PER_S  1000000000ll
#define NS_PER_MS 1000000ll

#define CONV_BUCKETS    16384 /* power of two, twice TRACK_MAX_CONVS */
#define PENDING_BUCKETS 8192
#define SEGS_MAX        65536          /* unacknowledged segments remembered in all */
#define SEGS_MAX_SIDE   1024           /* the same, one direction of one conversation */
#define PIECES_MAX      128            /* out-of-order pieces held in one direction */
#define SAVED_FIELDS    24             /* fields of a request kept until its answer */
#define SAVED_BYTES     512            /* their strings and bytes */
#define CLOSE_QUIET     (2 * NS_PER_S) /* a closed conversation is reported after this silence */

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_ACK 0x10

/* Sequence numbers compare modulo 2^32 (RFC 9293 section 3.4). */
static inline bool seq_lt(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}
static inline bool seq_le(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) <= 0;
}

/* What one TCP packet says, in the shape the analysis wants. */
struct segment {
	uint32_t frame;
	int64_t time;
	uint32_t seq, ack, len; /* raw numbers; len: payload on the wire */
	uint32_t window;        /* unscaled */
	uint16_t flags;
	uint8_t ttl;
	bool duplicate; /* the same IP packet as before, captured twice */
};

/* A segment that waits for its acknowledgment; a list a direction, oldest first. */
struct seg {
	struct seg *next;
	uint32_t seq, nextseq, frame;
	int64_t time;
};

enum mark {
	MARK_RETRANSMISSION = 1 << 0,
	MARK_FAST_RETRANSMISSION = 1 << 1,
	MARK_SPURIOUS_RETRANSMISSION = 1 << 2,
	MARK_OUT_OF_ORDER = 1 << 3,
	MARK_LOST_SEGMENT = 1 << 4,
	MARK_ACK_LOST_SEGMENT = 1 << 5,
	MARK_DUPLICATE_ACK = 1 << 6,
	MARK_ZERO_WINDOW = 1 << 7,
	MARK_ZERO_WINDOW_PROBE = 1 << 8,
	MARK_ZERO_WINDOW_PROBE_ACK = 1 << 9,
	MARK_KEEP_ALIVE = 1 << 10,
	MARK_KEEP_ALIVE_ACK = 1 << 11,
	MARK_WINDOW_UPDATE = 1 << 12,
	MARK_WINDOW_FULL = 1 << 13,
	MARK_REUSED_PORTS = 1 << 14
};
#define MARKS_REPEAT                                                                               \
	(MARK_RETRANSMISSION | MARK_FAST_RETRANSMISSION | MARK_SPURIOUS_RETRANSMISSION |           \
	 MARK_OUT_OF_ORDER)

/* The findings of the analysis about one packet. */
struct tcp_marks {
	uint32_t flags;
	bool present; /* Wireshark has an analysis item for this packet */
	uint32_t dup_num, dup_frame;
	uint32_t acked_frame;
	int64_t ack_rtt;
	uint32_t rto_frame;
	int64_t rto;
	uint32_t in_flight, push_bytes;
};

/* Bytes that came before their turn, sorted by sequence number. */
struct piece {
	struct piece *next;
	uint32_t seq, len;
	uint8_t bytes[];
};

/* The bytes of one direction. */
struct stream {
	bool started, gap, fin, done;
	uint16_t npieces;
	uint32_t next;    /* sequence number of the next byte wanted */
	uint32_t fin_seq; /* if fin: sequence number of the FIN */
	struct piece *held;
	uint32_t held_bytes;
	uint8_t *carry; /* bytes decode did not consume yet */
	uint32_t carry_len, carry_cap;
};

/* What the stream made of a segment. */
struct stream_news {
	uint32_t fresh;  /* bytes not seen before */
	bool filled_gap; /* it brought bytes that were missing before others */
	bool opened_gap; /* it left bytes missing before it */
};

#define WSCALE_UNKNOWN (-1)
#define WSCALE_NONE    (-2)

/* What the analysis of a TCP connection remembers of one direction. */
struct tcp_sight {
	uint32_t nextseq, nextseq_frame;
	int64_t nextseq_time;
	uint32_t max_to_ack; /* highest contiguous byte seen: what the peer may acknowledge */
	uint32_t lastack, lastnondupack;
	int64_t lastack_time;
	int32_t dupacks;
	uint32_t lastacklen;
	uint32_t largest_acked;
	uint32_t window;
	uint32_t last_marks;
	uint32_t push_bytes;
	uint32_t sack_bytes;
	struct seg *segs, *segs_last;
	uint16_t nsegs;
	int8_t wscale;
	bool first_ack, valid_flight, push_last, segs_mixed;
	bool closing_first;
};

/* One direction of a TCP connection: what this side sent and said. */
struct tcp_side {
	uint32_t base_seq;
	bool base_set;
	struct stream stream;
	/* the rest of what is remembered when its record has been given */
	uint32_t packets;
	uint32_t fin_frame;
	uint64_t bytes; /* each byte once */
	uint32_t ack_known;
	bool acked;
	struct { /* the last packet, to know a second copy of it */
		uint32_t ip_id, seq, ack, len;
		uint16_t flags, window;
		int64_t time;
	} last;
};

/* What the record of a connection tells beyond that of one side ... */
struct side_facts {
	int64_t gap_time;
	int64_t zero_since; /* window has been zero since then; 0: it is not */
	uint32_t retransmissions, gap_frame, gap_next_size, largest;
	uint32_t repeat_seq, repeat_len, repeat_times,
		repeat_frame;        /* a segment sent again and again */
	uint32_t ahead, ahead_frame; /* an empty packet said that so much was sent */
	uint16_t mss;
	uint8_t ttl;
	bool repeat_df, sacked, ack_moved;
};

/* ... and of both. */
struct tcp_facts {
	struct side_facts side[2];
	uint32_t syn_frame, synack_frame, syn_retries, synack_retries;
	int64_t syn_time, synack_time, ack_time;
	int64_t rtt_min;
	bool handshake_done, refused, syn_answered;
	int8_t closed_by; /* side index + 1; 0 none */
	uint32_t reset_frame;
	bool reset_after_data, reset_after_goodbye, reset_ack, reset_ttl_differs, reset_too_fast;
	uint8_t reset_ttl, reset_usual_ttl;
	bool data_by_server_first;
	uint32_t first_data_frame, slowest_request, slowest_reply;
	int64_t first_reply_delay, server_first_byte_delay;
	int64_t slowest_delay;
	struct { /* the client's data the server has not replied to */
		uint32_t frame, end;
		int64_t time, acked; /* acked: 0 until the server acknowledged it */
		bool waiting;
	} request;
	uint32_t retransmission_frame, spurious, lost_before, lost_before_frame;
	uint32_t capture_drops, capture_drop_frame;
	uint32_t dup_acks, out_of_order, keep_alives;
	uint32_t zero_windows, zero_window_frame, zero_probes;
	int64_t zero_longest;
	int8_t zero_by;
	bool window_reopened;
	int8_t idle_side; /* who broke the longest silence, + 1 */
	bool idle_answered, idle_reset;
	uint32_t idle_repeats;
	unsigned last_from; /* side, length and time of the last packet */
	uint32_t last_len;
	int64_t last_time;
};

/* What is remembered of a connection as long as its packets may come. */
struct tcp {
	struct tcp_side side[2];       /* [0] a, [1] b */
	struct tcp_sight *sight;       /* of the sides, as these; NULL: nobody wants an analysis */
	int64_t syn_latest, first_rtt; /* as Wireshark measures its iRTT */
	struct tcp_facts *facts;       /* NULL: the record was given, or nobody wants it */
	uint8_t completeness;
	int8_t reset_by; /* side index + 1; 0 none */
};

struct pending;

/* A conversation with everything remembered of it. */
struct entry {
	struct conv conv; /* first: record->conv points here */
	struct entry *hash_next, *newer, *older, *close_next, *close_prev;
	uint32_t bucket;
	bool closing;
	uint32_t first_frame, last_frame;
	int64_t first_time, last_time, prev_time, close_time, idle_max;
	uint32_t idle_frame, duplicates;
	uint32_t packets[2]; /* [0] from a */
	uint64_t bytes[2];   /* UDP; TCP counts in its sides */
	struct pending *waiting, *waiting_last;
	uint32_t icmp_frame, icmp_mtu;
	uint8_t icmp_type, icmp_code;
	struct endpoint icmp_from;
	struct tcp *tcp; /* NULL: UDP */
};

struct saved_field {
	uint16_t id;
	uint8_t flags, depth;
	uint32_t vlen;
	uint64_t v; /* number, or offset in bytes[] */
};

struct saved_request {
	uint16_t n, used;
	struct saved_field fields[SAVED_FIELDS];
	uint8_t bytes[SAVED_BYTES];
};

enum wait_class { WAIT_SHORT, WAIT_MEDIUM, WAIT_CONNECT, WAIT_LONG, WAIT_LATE, WAIT_CLASSES };

/* A request that waits for its answer. */
struct pending {
	struct pending *hash_next;
	struct pending *wait_next, *wait_prev; /* the list of its wait class, earliest first */
	struct pending *conv_next, *conv_prev;
	struct entry *entry; /* NULL: not in a conversation */
	uint64_t scope, key;
	enum proto_id proto;
	enum wait_class wait;
	bool older;    /* see track_resume() */
	bool reported; /* as unanswered; kept for a late answer */
	bool from_a;
	uint32_t frame, last_frame, retries;
	int64_t time, last_time;
	uint32_t asked_frame; /* dns.response_to and dns.time count from here */
	int64_t asked_time;
	uint32_t icmp_frame;
	uint8_t icmp_type, icmp_code;
	struct endpoint icmp_from;
	uint8_t family, ip_proto;
	struct endpoint src, dst;
	struct saved_request *saved; /* NULL: nothing to save (tcp-connect) */
};

struct wait_list {
	struct pending *first, *last;
};

/* What the capture record tells. */
struct capture_facts {
	uint64_t packets, bytes, cut, unreadable, malformed, bad_checksums, duplicates;
	uint32_t duplicate_frame;
	uint64_t ip_packets, loopback_packets;
	bool has_arp, has_dns, has_ip, has_ipv6, encrypted_dns;
	int64_t first_time, last_time;
	uint32_t one_sided, two_sided; /* TCP conversations */
};

/* What the last ICMP error said. */
struct icmp_news {
	uint32_t frame, mtu;
	uint8_t type, code, family;
	struct endpoint from;
};

struct track {
	track_emit *emit;
	void *context;
	uint16_t ids[FOREIGN_COUNT];
	uint64_t seed;
	int64_t now; /* never goes back */
	uint32_t frame;
	bool duplicate; /* the packet at work was captured twice */
	bool quiet;     /* records are lean: nobody wants what is emitted, nor an analysis */
	struct track_caps caps;
	struct capture_facts facts;
	/* conversations */
	struct entry *buckets[CONV_BUCKETS];
	struct entry *newest, *oldest;
	struct entry *closing, *closing_last;
	struct track_counts counts;
	uint32_t older;                                    /* conversations that are marked so */
	unsigned (*begins)(void *context, uint32_t frame); /* NULL: from the first packet */
	void *begins_context;
	struct pool entries, tcps, tcp_sights, tcp_facts, segs, apps;
	uint64_t stream_total; /* bytes held and carried in all */
	/* exchanges */
	struct pending *pending_buckets[PENDING_BUCKETS];
	struct wait_list waits[WAIT_CLASSES];
	struct pool pendings, saved;
	/* the last packet that is not TCP, to know a second copy of it */
	struct {
		struct flow flow;
		uint32_t len;
		int64_t time;
	} last;
	struct record out;             /* what is emitted */
	const struct machine *machine; /* borrowed; NULL: nothing is known */
};

/* Reading began after what begins with this packet did. */
static inline bool is_older(const struct track *t, uint32_t frame, enum track_begun what)
{
	return t->begins && !(t->begins(t->begins_context, frame) & what);
}

/* --- conv.c --- */
/* The entry of the record's flow, made if new; says the direction in r->from_a. */
struct entry *conv_lookup(struct track *t, struct record *r);
/* The entry of that flow or NULL; from_a: its sender is a. */
struct entry *conv_find(struct track *t, const struct flow *f, bool *from_a);
struct entry *conv_new(struct track *t, const struct record *r);
void conv_end_all(struct track *t);
void conv_closing(struct track *t, struct entry *e);
/* Report what has been closed and quiet long enough. */
void conv_tick(struct track *t);
/* Hash of the two endpoints, the same in both directions; ports count only if told. */
uint64_t flow_hash(const struct track *t, const struct flow *f, bool ports);

/* --- tcp_analysis.c --- */
void tcp_analyse(struct track *t, struct tcp *tcp, unsigned from, const struct segment *s,
		 const struct flow *f, struct tcp_marks *m);
/* Where the numbers of both sides begin, if this segment is the first that tells. */
void tcp_bases(struct tcp *tcp, unsigned from, const struct segment *s);
/* What it remembers of both directions, with nothing seen yet. */
struct tcp_sight *sights_new(struct track *t);
void sights_free(struct track *t, struct tcp_sight *sights); /* NULL: nothing happens */

/* --- tcp_facts.c --- */
void tcp_facts(struct track *t, struct entry *e, const struct record *r, const struct segment *s,
	       const struct tcp_marks *m, const struct stream_news *news);
/* Of these only those by which bytes are put in order, and the end is known; tcp_facts() includes
 * them. */
void tcp_stream_facts(struct track *t, struct entry *e, unsigned from, const struct segment *s,
		      const struct stream_news *news);
/* Its SYN was answered, or it is over. */
bool tcp_answered(const struct tcp *tcp);
/* It was reset, or both sides have sent their FIN. */
bool tcp_ended(const struct tcp *tcp);
/* True if this side sent the same IP packet just before; remembers this one. */
bool tcp_seen_twice(struct tcp_side *side, const struct flow *f, int64_t time);
/* One direction of the conversation is not in the capture, although it answers. */
bool tcp_one_sided(const struct tcp *tcp);

/* --- stream.c --- */
/* Sets r->payload for this segment. */
void stream_segment(struct track *t, struct tcp *tcp, struct record *r, const struct segment *s,
		    struct stream_news *news);
/* Keeps what decode did not consume. */
void stream_keep(struct track *t, struct stream *st, const struct record *r);
/* Give up what waits; what comes all the same comes after a gap. */
void stream_free(struct track *t, struct stream *st);

/* --- exchange.c --- */
void exchange_marks(struct track *t, struct record *r);
/* The opening of a TCP connection as an exchange. */
void exchange_connect(struct track *t, struct entry *e, const struct record *r);
void exchange_icmp(struct track *t, struct entry *e, const struct flow *quoted,
		   const struct icmp_news *n);
/* Report the waiting requests of a conversation as unanswered; from < 0: of both sides. */
void exchange_end(struct track *t, struct entry *e, int from, const char *reason);
void exchange_tick(struct track *t);
void exchange_end_all(struct track *t);

/* --- emit.c --- */
struct answer {
	const struct record *r; /* NULL: not answered */
	const struct exchange_mark *mark;
	const char *reason; /* if not answered */
	bool refused;
};
/* p NULL: the request was not seen. */
void emit_exchange(struct track *t, const struct pending *p, const struct answer *a);
void emit_capture(struct track *t);
/* Start a record of that kind with the addresses and ports of a flow. */
struct record *emit_start(struct track *t, enum record_kind kind, const struct flow *f);
void emit_layer(struct record *r, enum proto_id proto);
void emit_text(struct record *r, uint16_t id, const char *text);
void emit_icmp_from(struct record *r, uint8_t family, const struct endpoint *from, uint16_t id4,
		    uint16_t id6);
uint32_t endpoint_ipv4(const struct endpoint *e);

/* --- emit_conv.c --- */
void emit_conv(struct track *t, struct entry *e);

/* --- machine.c --- */
/* Add what is known to a deduced record, whose flow (family 0: none) tells the connection. */
void machine_deduced(const struct machine *m, struct record *r);
/* Add to a packet what its rules may want to know. */
void machine_packet(const struct machine *m, struct record *r);

/* --- generated.c --- */
/* Add what was found to the packet. Of a lean record no marks and no delta are asked for. */
void generate_tcp(struct track *t, struct record *r, const struct entry *e, const struct segment *s,
		  const struct tcp_marks *m, int64_t delta);
void generate_udp(struct track *t, struct record *r, const struct entry *e, int64_t delta);
/* To the packet that an ICMP error quotes: of which conversation it is. */
void generate_quoted(struct track *t, struct record *r, const struct entry *e, bool from_a,
		     int64_t delta);

#endif
