/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emit_conv: the record of a conversation. Rows are told from the client's side: a is the client.
 */
#include "src/track/internal.h"

/* The record at work, with the sides told apart. */
struct telling {
	struct record *r;
	const struct entry *e;
	unsigned client, server; /* side indexes */
	int64_t end;             /* until when it is known that nothing more came */
};

static void put(const struct telling *w, enum conv_row row, uint64_t v)
{
	field_gen_uint(w->r, CONV_ID(row), v);
}

static void put_time(const struct telling *w, enum conv_row row, int64_t v)
{
	field_gen_int(w->r, CONV_ID(row), v);
}

/* Frames and values that are told only if there are any. */
static void put_if(const struct telling *w, enum conv_row row, uint64_t v)
{
	if (v)
		field_gen_uint(w->r, CONV_ID(row), v);
}

static void put_by(const struct telling *w, enum conv_row row, int side_plus_1)
{
	const char *who = "none";

	if (side_plus_1)
		who = (unsigned)side_plus_1 - 1 == w->client ? "client" : "server";
	emit_text(w->r, CONV_ID(row), who);
}

static void put_volume(const struct telling *w)
{
	const struct entry *e = w->e;
	const struct tcp *tcp = e->tcp;

	put(w, CONV_PACKETS_A2B, e->packets[w->client]);
	put(w, CONV_PACKETS_B2A, e->packets[w->server]);
	put(w, CONV_BYTES_A2B, tcp ? tcp->side[w->client].bytes : e->bytes[w->client]);
	put(w, CONV_BYTES_B2A, tcp ? tcp->side[w->server].bytes : e->bytes[w->server]);
	put(w, CONV_FIRST_FRAME, e->first_frame);
	put(w, CONV_LAST_FRAME, e->last_frame);
	put_time(w, CONV_DURATION, e->last_time - e->first_time);
	put_time(w, CONV_IDLE_MAX, e->idle_max);
	put_if(w, CONV_IDLE_BEFORE_FRAME, e->idle_frame);
	put(w, CONV_MID_STREAM, e->conv.mid_stream);
	put(w, CONV_DUPLICATES, e->duplicates);
}

static void put_icmp(const struct telling *w)
{
	const struct entry *e = w->e;

	if (!e->icmp_frame)
		return;
	put(w, CONV_ICMP_FRAME, e->icmp_frame);
	put(w, CONV_ICMP_TYPE, e->icmp_type);
	put(w, CONV_ICMP_CODE, e->icmp_code);
	put_if(w, CONV_ICMP_MTU, e->icmp_mtu);
	emit_icmp_from(w->r, e->conv.family, &e->icmp_from, CONV_ID(CONV_ICMP_FROM),
		       CONV_ID(CONV_ICMP_FROM6));
}

static void put_opening(const struct telling *w, const struct tcp *tcp)
{
	const struct tcp_facts *facts = tcp->facts;

	put(w, CONV_ONE_SIDED, tcp_one_sided(tcp));
	put_if(w, CONV_SYN_FRAME, facts->syn_frame);
	put(w, CONV_SYN_RETRIES, facts->syn_retries);
	put(w, CONV_SYN_ANSWERED, facts->syn_answered);
	put_if(w, CONV_SYNACK_FRAME, facts->synack_frame);
	put(w, CONV_SYNACK_RETRIES, facts->synack_retries);
	put(w, CONV_HANDSHAKE_DONE, facts->handshake_done);
	put(w, CONV_REFUSED, facts->refused);
	put_if(w, CONV_MSS_CLIENT, facts->side[w->client].mss);
	put_if(w, CONV_MSS_SERVER, facts->side[w->server].mss);
	if (facts->handshake_done)
		put_time(w, CONV_INITIAL_RTT, facts->ack_time - facts->syn_time);
	if (facts->syn_frame && facts->synack_frame)
		put_time(w, CONV_SYNACK_RTT, facts->synack_time - facts->syn_time);
	if (facts->rtt_min)
		put_time(w, CONV_RTT_MIN, facts->rtt_min);
}

static void put_closing(const struct telling *w, const struct tcp *tcp)
{
	const struct tcp_facts *facts = tcp->facts;

	put(w, CONV_FIN_A, tcp->side[w->client].fin_frame != 0);
	put(w, CONV_FIN_B, tcp->side[w->server].fin_frame != 0);
	put_if(w, CONV_FIN_A_FRAME, tcp->side[w->client].fin_frame);
	put_if(w, CONV_FIN_B_FRAME, tcp->side[w->server].fin_frame);
	put_by(w, CONV_CLOSED_BY, facts->closed_by);
	put_by(w, CONV_RESET_BY, tcp->reset_by);
	put_if(w, CONV_RESET_FRAME, facts->reset_frame);
	put(w, CONV_RESET_AFTER_DATA, facts->reset_after_data);
	put(w, CONV_RESET_AFTER_GOODBYE, facts->reset_after_goodbye);
	put(w, CONV_RESET_ACK, facts->reset_ack);
	put_if(w, CONV_RESET_TTL, facts->reset_ttl);
	put_if(w, CONV_RESET_USUAL_TTL, facts->reset_usual_ttl);
	put(w, CONV_RESET_TTL_DIFFERS, facts->reset_ttl_differs);
	put(w, CONV_RESET_TOO_FAST, facts->reset_too_fast);
}

static void put_replies(const struct telling *w, const struct tcp_facts *facts)
{
	put_if(w, CONV_FIRST_DATA_FRAME, facts->first_data_frame);
	put(w, CONV_DATA_BY_SERVER_FIRST, facts->data_by_server_first);
	if (facts->slowest_reply) {
		put_time(w, CONV_FIRST_REPLY_DELAY, facts->first_reply_delay);
		put_time(w, CONV_SLOWEST_REPLY_DELAY, facts->slowest_delay);
		put(w, CONV_SLOWEST_REQUEST_FRAME, facts->slowest_request);
		put(w, CONV_SLOWEST_REPLY_FRAME, facts->slowest_reply);
	}
	if (facts->server_first_byte_delay)
		put_time(w, CONV_SERVER_FIRST_BYTE_DELAY, facts->server_first_byte_delay);
	if (facts->request.waiting && facts->request.acked) {
		put_time(w, CONV_REQUEST_WAITED, w->end - facts->request.acked);
		put(w, CONV_REQUEST_FRAME, facts->request.frame);
	}
}

static void put_losses(const struct telling *w, const struct tcp_facts *facts)
{
	uint32_t client = facts->side[w->client].retransmissions;
	uint32_t server = facts->side[w->server].retransmissions;

	put(w, CONV_RETRANSMISSIONS, client + server);
	put(w, CONV_RETRANSMISSIONS_CLIENT, client);
	put(w, CONV_RETRANSMISSIONS_SERVER, server);
	put_if(w, CONV_RETRANSMISSION_FRAME, facts->retransmission_frame);
	put(w, CONV_SPURIOUS, facts->spurious);
	put(w, CONV_LOST_BEFORE_HERE, facts->lost_before);
	put_if(w, CONV_LOST_BEFORE_FRAME, facts->lost_before_frame);
	put(w, CONV_SENT_AGAIN, client + server + facts->lost_before - facts->spurious);
	put(w, CONV_CAPTURE_DROPS, facts->capture_drops);
	put_if(w, CONV_CAPTURE_DROP_FRAME, facts->capture_drop_frame);
	put(w, CONV_DUP_ACKS, facts->dup_acks);
	put(w, CONV_OUT_OF_ORDER, facts->out_of_order);
	put(w, CONV_KEEP_ALIVES, facts->keep_alives);
}

static void put_windows(const struct telling *w, const struct tcp_facts *facts)
{
	put(w, CONV_ZERO_WINDOWS, facts->zero_windows);
	put_if(w, CONV_ZERO_WINDOW_FRAME, facts->zero_window_frame);
	put_by(w, CONV_ZERO_WINDOW_BY, facts->zero_by);
	put(w, CONV_ZERO_WINDOW_PROBES, facts->zero_probes);
	put_time(w, CONV_ZERO_WINDOW_TIME, facts->zero_longest);
	put(w, CONV_WINDOW_REOPENED, facts->window_reopened);
}

static void put_silence(const struct telling *w, const struct tcp_facts *facts)
{
	put(w, CONV_IDLE_THEN_REPEATS, facts->idle_repeats);
	put(w, CONV_IDLE_THEN_ANSWERED, facts->idle_answered);
	put(w, CONV_IDLE_THEN_RESET, facts->idle_reset);
}

static uint32_t largest_waiting(const struct tcp_sight *side)
{
	uint32_t most = 0;

	for (const struct seg *g = side->segs; g; g = g->next)
		if (g->nextseq - g->seq > most)
			most = g->nextseq - g->seq;
	return most;
}

/* A segment sent again and again: of the two sides, the one that repeated more. */
static void put_stalled(const struct telling *w, const struct tcp *tcp)
{
	const struct tcp_sight *a = &tcp->sight[0], *b = &tcp->sight[1];
	const struct side_facts *facts = tcp->facts->side;
	unsigned i = facts[1].repeat_times > facts[0].repeat_times ? 1 : 0;
	const struct side_facts *told = &facts[i];
	uint32_t waiting[2] = {largest_waiting(a), largest_waiting(b)};
	uint32_t acked = a->largest_acked > b->largest_acked ? a->largest_acked : b->largest_acked;

	put(w, CONV_LARGEST_ACKED, told->repeat_times ? tcp->sight[i].largest_acked : acked);
	put(w, CONV_LARGEST_UNACKED, waiting[0] > waiting[1] ? waiting[0] : waiting[1]);
	put(w, CONV_STALLED_SIZE, told->repeat_times ? told->repeat_len : 0);
	put(w, CONV_STALLED_RETRIES, told->repeat_times);
	put_by(w, CONV_STALLED_BY, told->repeat_times ? (int)i + 1 : 0);
	if (told->repeat_times) {
		put(w, CONV_STALLED_FRAME, told->repeat_frame);
		put(w, CONV_STALLED_DF, told->repeat_df);
	}
}

static bool gap_told(const struct tcp *tcp, unsigned i)
{
	const struct tcp_side *side = &tcp->side[i];
	const struct side_facts *told = &tcp->facts->side[i];

	return side->stream.held || (told->ahead_frame && seq_lt(side->stream.next, told->ahead));
}

/* Bytes that never came although later ones did, or an empty packet said that they were sent. */
static void put_gap(const struct telling *w, const struct tcp *tcp)
{
	unsigned i = gap_told(tcp, 1) ? 1 : 0;
	const struct tcp_side *side = &tcp->side[i], *peer = &tcp->side[!i];
	const struct side_facts *told = &tcp->facts->side[i];
	const struct piece *held = side->stream.held;
	uint32_t next = side->stream.next, end = held ? held->seq : told->ahead;
	bool open = gap_told(tcp, i) && !(peer->acked && seq_lt(next, peer->ack_known));

	put(w, CONV_GAP_SIZE, open ? end - next : 0);
	put_by(w, CONV_GAP_BY, open ? (int)i + 1 : 0);
	if (!open)
		return;
	put_if(w, CONV_GAP_FRAME, held ? told->gap_frame : told->ahead_frame);
	put(w, CONV_GAP_NEXT_SIZE, held ? told->gap_next_size : 0);
	put(w, CONV_GAP_SACKED, tcp->facts->side[!i].sacked);
	put(w, CONV_GAP_LARGEST, told->largest);
}

static void put_tcp(const struct telling *w, const struct tcp *tcp)
{
	put_opening(w, tcp);
	put_closing(w, tcp);
	put_replies(w, tcp->facts);
	put_losses(w, tcp->facts);
	put_windows(w, tcp->facts);
	put_silence(w, tcp->facts);
	put_stalled(w, tcp);
	put_gap(w, tcp);
}

static struct flow client_flow(const struct conv *c)
{
	return (struct flow){.family = c->family,
			     .ip_proto = c->ip_proto,
			     .src = c->a_is_client ? c->a : c->b,
			     .dst = c->a_is_client ? c->b : c->a};
}

static void count_sides(struct capture_facts *facts, const struct tcp *tcp)
{
	if (tcp_one_sided(tcp))
		facts->one_sided++;
	else if (tcp->side[0].packets && tcp->side[1].packets)
		facts->two_sided++;
}

void emit_conv(struct track *t, struct entry *e)
{
	struct flow f = client_flow(&e->conv);
	unsigned client = e->conv.a_is_client ? 0 : 1;
	struct telling w = {emit_start(t, RECORD_CONVERSATION, &f), e, client, !client,
			    (e->tcp && tcp_ended(e->tcp)) ? e->last_time : t->now};
	uint16_t stream = t->ids[e->tcp ? F_TCP_STREAM : F_UDP_STREAM];

	w.r->conv = &e->conv;
	w.r->from_a = e->conv.a_is_client;
	if (stream != FIELD_NONE)
		field_gen_uint(w.r, stream, e->conv.index);
	emit_layer(w.r, PROTO_tt_conv);
	put(&w, CONV_INDEX, e->conv.index);
	emit_text(w.r, CONV_ID(CONV_PROTOCOL), e->tcp ? "tcp" : "udp");
	if (e->conv.app)
		emit_text(w.r, CONV_ID(CONV_APP), proto_table[e->conv.app - 1]->name);
	put_volume(&w);
	if (e->tcp) {
		put_tcp(&w, e->tcp);
		count_sides(&t->facts, e->tcp);
	}
	put_icmp(&w);
	machine_deduced(t->machine, w.r);
	t->emit(t->context, w.r);
}
