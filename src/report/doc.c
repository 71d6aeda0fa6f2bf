/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report for a helper: everything that is needed to judge the fault from afar, in the text of
 * the mail, without what is nobody's business.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "report_private.h"
#include "tracetutor/capture.h"
#include "tracetutor/choice.h"
#include "tracetutor/machine.h"
#include "tracetutor/picture.h"

#define SPEECH_KEPT  2000 /* lines of dialogue remembered, ... */
#define SPEECH_SHOWN 80   /* ... and shown */

/* Something said by a program, as the dialogue tells it. */
struct speech {
	uint32_t number, conv; /* packet; conversation index + 1, 0: none */
	uint8_t ip_proto;
	bool client;
	char *text; /* masked */
};

struct report_doc {
	struct report rep;
	struct masker *masker;
	struct report_doc_options o;
	const struct engine *engine;
	GArray *speech;
	uint32_t unsaid;         /* lines beyond SPEECH_KEPT */
	struct choice choice;    /* from report_doc_begin() on */
	struct picture *picture; /* of the verdict's conversation; NULL */
};

static void speech_clear(void *p)
{
	g_free(((struct speech *)p)->text);
}

struct report_doc *report_doc_new(struct sink *s, const struct packs *p,
				  const struct report_doc_options *o)
{
	struct report_doc *doc = g_new0(struct report_doc, 1);

	doc->o = *o;
	doc->masker = masker_new(o->identities);
	doc->speech = g_array_new(FALSE, FALSE, sizeof(struct speech));
	g_array_set_clear_func(doc->speech, speech_clear);
	report_init(&doc->rep, s, p, masker_mask(doc->masker));
	return doc;
}

void report_doc_free(struct report_doc *doc)
{
	if (!doc)
		return;
	report_release(&doc->rep);
	masker_free(doc->masker);
	g_array_free(doc->speech, TRUE);
	if (doc->choice.proof)
		choice_release(&doc->choice);
	g_free(doc);
}

const struct mask *report_doc_mask(const struct report_doc *doc)
{
	return masker_mask(doc->masker);
}

void report_doc_picture(struct report_doc *doc, struct picture *p)
{
	doc->picture = p;
}

/* --- first pass --- */

static bool is_speech(const struct record *r)
{
	static const enum proto_id talks[] = {PROTO_pop, PROTO_smtp, PROTO_imap,
					      PROTO_ftp, PROTO_nntp, PROTO_dns};

	for (unsigned i = 0; i < r->nlayers; i++)
		for (unsigned k = 0; k < G_N_ELEMENTS(talks); k++)
			if (!r->layers[i].quoted && r->layers[i].proto == talks[k])
				return true;
	return false;
}

void report_doc_learn(struct report_doc *doc, const struct record *r)
{
	struct buf text = BUF_INIT;
	struct speech s = {.number = r->number};

	masker_learn(doc->masker, r);
	if (r->kind != RECORD_PACKET || !is_speech(r))
		return;
	if (doc->speech->len >= SPEECH_KEPT) {
		doc->unsaid++;
		return;
	}
	report_words(&text, r, masker_mask(doc->masker));
	if (r->conv) {
		s.conv = r->conv->index + 1;
		s.ip_proto = r->conv->ip_proto;
		s.client = conv_from_client(r->conv, r->from_a);
	}
	s.text = buf_steal(&text);
	g_array_append_val(doc->speech, s);
}

/* --- the sections before the packets --- */

static void section(struct report_doc *doc, const char *title)
{
	struct node_attr attr = {.title = title};

	sink_begin(doc->rep.sink, NODE_SECTION, &attr);
}

/* "- name: text", cleaned and masked. */
static void item(struct report_doc *doc, const char *name, const char *text)
{
	struct buf clean = BUF_INIT, masked = BUF_INIT;
	struct sink *s = doc->rep.sink;
	const struct mask *m = masker_mask(doc->masker);

	buf_clean(&clean, text, strlen(text));
	m->text(m, &masked, buf_text(&clean), clean.len);
	sink_begin(s, NODE_PROSE, NULL);
	sink_str(s, STYLE_PLAIN, "- ");
	sink_str(s, STYLE_PLAIN, name);
	sink_str(s, STYLE_PLAIN, ": ");
	sink_text(s, STYLE_PLAIN, buf_text(&masked), masked.len);
	sink_end(s, NODE_PROSE);
	buf_release(&clean);
	buf_release(&masked);
}

static void symptom_section(struct report_doc *doc)
{
	if (!doc->o.symptom && !doc->o.nanswers)
		return;
	section(doc, "What is wrong");
	if (doc->o.symptom)
		report_say(&doc->rep, STYLE_PLAIN, doc->o.symptom);
	for (size_t i = 0; i < doc->o.nanswers; i++)
		item(doc, doc->o.answers[i].question, doc->o.answers[i].answer);
	sink_end(doc->rep.sink, NODE_SECTION);
}

static void interface_item(struct report_doc *doc, const struct capture_interface *i)
{
	const char *link = link_type_name(i->link_type);
	struct buf text = BUF_INIT;

	if (i->name)
		buf_clean_max(&text, i->name, strlen(i->name), 40);
	else
		buf_str(&text, "name not in the file");
	buf_str(&text, ", ");
	if (link)
		buf_str(&text, link);
	else
		buf_printf(&text, "link type %u", i->link_type);
	if (i->dropped != UINT64_MAX && i->dropped) {
		buf_str(&text, ", ");
		buf_dec(&text, i->dropped);
		buf_str(&text, " packets lost while recording");
	}
	item(doc, "Interface", buf_text(&text));
	buf_release(&text);
}

static void facts_section(struct report_doc *doc, const struct capture_facts *f)
{
	struct buf text = BUF_INIT;
	uint32_t n = f->info ? MIN(f->info->ninterfaces, 8) : 0;
	char *name = g_path_get_basename(f->name); /* folders tell who somebody is */

	section(doc, "The trace");
	item(doc, "File", name);
	g_free(name);
	if (f->info)
		item(doc, "Format", f->info->format);
	buf_printf(&text, "%" G_GUINT64_FORMAT " packets, %" G_GUINT64_FORMAT " bytes", f->packets,
		   f->bytes);
	item(doc, "Size", text.s);
	if (f->packets) {
		buf_reset(&text);
		buf_time_utc(&text, f->first_time);
		buf_str(&text, " UTC, for ");
		buf_seconds(&text, f->last_time - f->first_time, 3);
		buf_str(&text, " seconds");
		item(doc, "Recorded", text.s);
	}
	for (uint32_t i = 0; i < n; i++)
		interface_item(doc, &f->info->interfaces[i]);
	if (f->damage)
		item(doc, "Damaged", f->damage);
	item(doc, "Read with", PACKAGE_STRING);
	sink_end(doc->rep.sink, NODE_SECTION);
	buf_release(&text);
}

/* An item with names and addresses that no packet may hold. */
static void machine_item(struct report_doc *doc, const char *name, const char *text)
{
	if (!text)
		return;
	masker_learn_text(doc->masker, text);
	item(doc, name, text);
}

/* The programs that held connections, each once. */
static void programs_item(struct report_doc *doc, const struct machine *m)
{
	GHashTable *said = g_hash_table_new(g_str_hash, g_str_equal);
	struct buf text = BUF_INIT;

	for (guint i = 0; i < m->owners->len; i++) {
		const char *program = g_array_index(m->owners, struct machine_owner, i).program;

		if (program && g_hash_table_add(said, (gpointer)program))
			buf_printf(&text, "%s%s", text.len ? ", " : "", program);
	}
	if (text.len)
		item(doc, "Programs with connections", buf_text(&text));
	g_hash_table_destroy(said);
	buf_release(&text);
}

static void machine_items(struct report_doc *doc, const struct machine *m)
{
	struct buf text = BUF_INIT;

	machine_item(doc, "System", m->system);
	if (m->interface) {
		buf_printf(&text, "%s, %s", m->interface, m->kind ? m->kind : "kind not known");
		if (m->mtu)
			buf_printf(&text, ", packets of up to %u bytes (MTU)", m->mtu);
		if (m->has_address == 0)
			buf_str(&text, ", without an address");
		item(doc, "Recorded on", buf_text(&text));
	}
	machine_item(doc, "Way to other networks", m->gateway);
	machine_item(doc, "Name servers", m->resolvers);
	machine_item(doc, "Tunnel (VPN)", m->vpn);
	machine_item(doc, "Proxy in the environment", m->proxy);
	if (m->clock_synchronised >= 0)
		item(doc, "Clock",
		     m->clock_synchronised ? "kept right over the network"
					   : "not kept right over the network");
	programs_item(doc, m);
	buf_release(&text);
}

/* What a live recording tells of the computer. */
static void machine_section(struct report_doc *doc, const struct capture_info *info)
{
	struct machine m;

	machine_init(&m);
	if (info && info->facts && machine_parse(&m, info->facts, strlen(info->facts))) {
		section(doc, "The computer");
		machine_items(doc, &m);
		sink_end(doc->rep.sink, NODE_SECTION);
	}
	machine_release(&m);
}

static void speech_line(struct report_doc *doc, const struct speech *s)
{
	struct sink *sink = doc->rep.sink;
	const struct mask *m = masker_mask(doc->masker);
	struct buf masked = BUF_INIT;

	/* Once more: a secret may have become known after this was said. */
	m->text(m, &masked, s->text, strlen(s->text));
	sink_begin(sink, NODE_PROSE, NULL);
	sink_str(sink, STYLE_PLAIN, "- packet ");
	say_number(sink, STYLE_LINK, s->number);
	sink_str(sink, STYLE_PLAIN,
		 !s->conv    ? ": "
		 : s->client ? ", your side: "
			     : ", the server: ");
	sink_text(sink, STYLE_CODE, buf_text(&masked), masked.len);
	sink_end(sink, NODE_PROSE);
	buf_release(&masked);
}

/* Was it said in the verdict's conversation? */
static bool of_verdict(const struct report_doc *doc, const struct speech *s)
{
	const struct finding *v = doc->choice.verdict;

	return v && s->conv && finding_in(v, s->conv - 1, s->ip_proto);
}

static bool verdict_talked(const struct report_doc *doc)
{
	for (guint i = 0; i < doc->speech->len; i++)
		if (of_verdict(doc, &g_array_index(doc->speech, struct speech, i)))
			return true;
	return false;
}

/* If the verdict's conversation talked at all, only what was said there. */
static void dialogue_section(struct report_doc *doc)
{
	uint32_t shown = 0, more = doc->unsaid;
	bool verdict_only = verdict_talked(doc);

	if (!doc->speech->len)
		return;
	section(doc, "Who said what");
	for (guint i = 0; i < doc->speech->len; i++) {
		const struct speech *s = &g_array_index(doc->speech, struct speech, i);

		if (verdict_only && !of_verdict(doc, s))
			continue;
		if (shown == SPEECH_SHOWN) {
			more++;
			continue;
		}
		speech_line(doc, s);
		shown++;
	}
	if (more) {
		sink_begin(doc->rep.sink, NODE_PROSE, NULL);
		sink_str(doc->rep.sink, STYLE_PLAIN, "- ... and ");
		say_number(doc->rep.sink, STYLE_PLAIN, more);
		sink_str(doc->rep.sink, STYLE_PLAIN, " more lines.");
		sink_end(doc->rep.sink, NODE_PROSE);
	}
	sink_end(doc->rep.sink, NODE_SECTION);
}

void report_doc_begin(struct report_doc *doc, const struct capture_facts *facts,
		      const struct engine *e)
{
	struct node_attr title = {.title = "Report on a network trace"};

	doc->engine = e;
	choice_init(&doc->choice, e, facts->packets);
	sink_begin(doc->rep.sink, NODE_REPORT, &title);
	symptom_section(doc);
	report_verdict(&doc->rep, e);
	facts_section(doc, facts);
	machine_section(doc, facts->info);
	dialogue_section(doc);
	if (doc->picture && doc->choice.verdict)
		report_pictures(&doc->rep, doc->picture, doc->choice.verdict, PICTURE_TEXT_RUNGS);
	section(doc, "The packets that matter");
}

/* --- second pass --- */

void report_doc_packet(struct report_doc *doc, const struct record *r, struct engine *engine)
{
	choice_packet(&doc->choice, &doc->rep, r, engine);
}

static void masked_section(struct report_doc *doc)
{
	uint64_t secrets, identities;
	struct buf text = BUF_INIT;

	masker_counts(doc->masker, &secrets, &identities);
	section(doc, "What was masked");
	buf_printf(&text,
		   "%" G_GUINT64_FORMAT
		   " %s (passwords and the like): each is shown as stars, as many "
		   "as it has characters.",
		   secrets, secrets == 1 ? "secret" : "secrets");
	item(doc, "Secrets", text.s);
	buf_reset(&text);
	if (doc->o.identities)
		buf_printf(&text,
			   "%" G_GUINT64_FORMAT " names and addresses have stand-ins, the same one "
			   "everywhere: user1, host1.example, 192.0.2.1, 2001:db8::1.",
			   identities);
	else
		buf_str(&text, "user names, host names and addresses are shown as they are.");
	item(doc, "Identities", text.s);
	item(doc, "Contents",
	     "bytes that the program does not understand could hold anything and are shown as **.");
	sink_end(doc->rep.sink, NODE_SECTION);
	buf_release(&text);
}

static void checksum_section(struct report_doc *doc)
{
	struct sink *s = doc->rep.sink;

	if (!doc->o.sha256)
		return;
	section(doc, "The original trace");
	report_say(&doc->rep, STYLE_PLAIN,
		   "It stays where it was recorded. Its SHA-256 checksum, to know it by:");
	sink_begin(s, NODE_CODE, NULL);
	sink_str(s, STYLE_PLAIN, doc->o.sha256);
	sink_end(s, NODE_CODE);
	sink_end(s, NODE_SECTION);
}

bool report_doc_end(struct report_doc *doc)
{
	report_end(&doc->rep);
	sink_end(doc->rep.sink, NODE_SECTION);
	masked_section(doc);
	checksum_section(doc);
	sink_end(doc->rep.sink, NODE_REPORT);
	return sink_flush(doc->rep.sink);
}

bool report_sha256(int fd, struct buf *out)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	uint8_t block[65536];
	off_t at = 0;
	ssize_t n;

	do {
		n = pread(fd, block, sizeof block, at);
		if (n > 0) {
			g_checksum_update(sum, block, n);
			at += n;
		}
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n == 0)
		buf_str(out, g_checksum_get_string(sum));
	g_checksum_free(sum);
	return n == 0;
}
