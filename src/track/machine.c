/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * machine: what is known of the computer on which the trace was recorded, as fields tt.machine.*.
 * They stand in every deduced record, so that a rule can say "nobody answered, and ..."; what is
 * not known has no field.
 */
#include "src/track/internal.h"

#include <glib.h>

#define LIST_MAX 8 /* addresses told of one list */

static const struct field_def machine_fields[MACHINE_ROWS] = {
	[MACHINE_PROTO_ROW] = {.name = "tt.machine", .label = "Computer", .type = FT_PROTOCOL},
	[MACHINE_SYSTEM] = {.name = "tt.machine.system",
			    .label = "System",
			    .type = FT_STRING,
			    .secrecy = IDENTITY,
			    .blurb = "System and program that made the recording."},
	[MACHINE_INTERFACE] = {.name = "tt.machine.interface",
			       .label = "Recorded on",
			       .type = FT_STRING,
			       .blurb = "The interface the recording was made on."},
	[MACHINE_KIND] = {.name = "tt.machine.kind",
			  .label = "Kind of interface",
			  .type = FT_STRING,
			  .blurb = "cable, Wi-Fi, loopback, tunnel, dial-up or other."},
	[MACHINE_MTU] = {.name = "tt.machine.mtu",
			 .label = "Largest packet of the interface",
			 .type = FT_UINT32,
			 .blurb = "Bytes that one packet may have on the interface of the "
				  "recording (its MTU)."},
	[MACHINE_HAS_ADDRESS] =
		{.name = "tt.machine.has_address",
		 .label = "Interface has an address",
		 .type = FT_BOOLEAN,
		 .blurb = "One that a network gave or a person chose; those that an interface "
			  "gives to itself do not count."},
	[MACHINE_GATEWAY] = {.name = "tt.machine.gateway",
			     .label = "Gateway",
			     .type = FT_STRING,
			     .secrecy = IDENTITY,
			     .blurb = "The router to which packets to elsewhere went first."},
	[MACHINE_RESOLVERS] = {.name = "tt.machine.resolvers",
			       .label = "Name server",
			       .type = FT_STRING,
			       .secrecy = IDENTITY,
			       .blurb = "An address the computer asked for names; there may be "
					"several."},
	[MACHINE_VPN] = {.name = "tt.machine.vpn",
			 .label = "VPN",
			 .type = FT_STRING,
			 .blurb = "The tunnel through which packets to elsewhere went."},
	[MACHINE_PROXY] = {.name = "tt.machine.proxy",
			   .label = "Proxy",
			   .type = FT_STRING,
			   .secrecy = IDENTITY,
			   .blurb = "A proxy that the environment of the recording named."},
	[MACHINE_CLOCK_SYNCHRONISED] =
		{.name = "tt.machine.clock_synchronised",
		 .label = "Clock is kept right",
		 .type = FT_BOOLEAN,
		 .blurb = "The system said that something keeps its clock right."},
	[MACHINE_OWNER] = {.name = "tt.machine.owner",
			   .label = "Program",
			   .type = FT_STRING,
			   .blurb = "The program that held this connection."},
};

const struct proto_def proto_tt_machine = {
	.name = "tt.machine",
	.label = "Computer",
	.prefix = "COMPUTER",
	.fields = machine_fields,
	.nfields = MACHINE_ROWS,
	.blurb = "What is known of the computer on which the trace was recorded.",
};

void track_machine(struct track *t, const struct machine *m)
{
	t->machine = m;
}

static void put_text(struct record *r, enum machine_row row, const char *text)
{
	if (text)
		emit_text(r, MACHINE_ID(row), text);
}

static void put_answer(struct record *r, enum machine_row row, int answer)
{
	if (answer >= 0)
		field_gen_uint(r, MACHINE_ID(row), (uint64_t)answer);
}

/* The parts of "127.0.0.53 asks 192.0.2.53, 2001:db8::53" one by one, so that a filter finds them
 * and a report can hide them. */
static void put_list(struct record *r, enum machine_row row, const char *list, unsigned most)
{
	size_t n;

	for (; list && *list && most; list += n + strspn(list + n, " ,")) {
		n = strcspn(list, " ,");
		if (!n || (n == 4 && !memcmp(list, "asks", n)))
			continue;
		field_gen_text(r, MACHINE_ID(row), list, n);
		most--;
	}
}

static void put_owner(const struct machine *m, struct record *r)
{
	const struct flow *f = &r->flow;

	if (f->ip_proto == 6 || f->ip_proto == 17)
		put_text(r, MACHINE_OWNER,
			 machine_owner_of(m, f->family, f->ip_proto, &f->src, &f->dst));
}

void machine_deduced(const struct machine *m, struct record *r)
{
	if (!m)
		return;
	emit_layer(r, PROTO_tt_machine);
	put_text(r, MACHINE_SYSTEM, m->system);
	put_text(r, MACHINE_INTERFACE, m->interface);
	put_text(r, MACHINE_KIND, m->kind);
	if (m->mtu)
		field_gen_uint(r, MACHINE_ID(MACHINE_MTU), m->mtu);
	put_answer(r, MACHINE_HAS_ADDRESS, m->has_address);
	put_list(r, MACHINE_GATEWAY, m->gateway, 1);
	put_list(r, MACHINE_RESOLVERS, m->resolvers, LIST_MAX);
	put_text(r, MACHINE_VPN, m->vpn);
	put_list(r, MACHINE_PROXY, m->proxy, LIST_MAX);
	put_answer(r, MACHINE_CLOCK_SYNCHRONISED, m->clock_synchronised);
	if (r->flow.family)
		put_owner(m, r);
}

/* Where a wrong clock shows. Hidden: it is not of the packet. */
void machine_packet(const struct machine *m, struct record *r)
{
	if (!m || m->clock_synchronised < 0 || r->lean || !r->nlayers ||
	    !(record_has_proto(r, PROTO_tls) || record_has_proto(r, PROTO_ntp)))
		return;
	r->cur_layer = (uint8_t)(r->nlayers - 1);
	r->cur_depth = 0;
	field_gen_uint(r, MACHINE_ID(MACHINE_CLOCK_SYNCHRONISED), (uint64_t)m->clock_synchronised)
		->flags |= FIELD_HIDDEN;
}
