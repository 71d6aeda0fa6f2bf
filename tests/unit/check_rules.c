// SPDX-License-Identifier: GPL-3.0-or-later
/* Rules: loading packs, matching records, notes, findings, causes, sequences, the verdict. */
#include <glib.h>
#include <glib/gstdio.h>

#include "tracetutor/rules.h"

#include "unit.h"

#define HEAD "<pack xmlns='urn:tracetutor:1' id='p' version='1.0'>\n"

/* --- packs from text --- */

struct folder {
	char *path;
};

static struct folder folder_new(void)
{
	return (struct folder){g_dir_make_tmp("tracetutor-XXXXXX", NULL)};
}

static char *folder_put(const struct folder *f, const char *name, const char *text)
{
	char *path = g_build_filename(f->path, name, NULL);

	ck_assert(g_file_set_contents(path, text, -1, NULL));
	return path;
}

static void folder_remove(struct folder *f)
{
	GDir *dir = g_dir_open(f->path, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir))) {
		char *path = g_build_filename(f->path, name, NULL);

		g_unlink(path);
		g_free(path);
	}
	g_dir_close(dir);
	g_rmdir(f->path);
	g_free(f->path);
}

static struct packs *packs_of(const char *text, struct diag *d)
{
	struct packs *p = packs_new();

	packs_load_bytes(p, "p.xml", text, strlen(text), d);
	return p;
}

static char *all_messages(const struct diag *d)
{
	struct buf b = BUF_INIT;

	diag_write(d, &b);
	return b.s ? buf_steal(&b) : g_strdup("");
}

/* Packs that must load without a word. */
static struct packs *good_packs(const char *rules)
{
	struct diag d = DIAG_INIT;
	char *text = g_strconcat(HEAD, rules, "</pack>", NULL), *said;
	struct packs *p = packs_of(text, &d);

	said = all_messages(&d);
	ck_assert_msg(!d.count, "%s", said);
	g_free(said);
	g_free(text);
	diag_release(&d);
	return p;
}

/* --- records by hand --- */

static uint16_t id_of(const char *name)
{
	uint16_t id = field_find(name, strlen(name));

	ck_assert_msg(id != FIELD_NONE, "%s", name);
	return id;
}

static void begin(struct record *r, enum record_kind kind, uint32_t number, double seconds,
		  struct conv *c)
{
	record_reset(r, kind);
	r->number = number;
	r->time = (int64_t)(seconds * 1e9);
	r->conv = c;
}

static void put(struct record *r, const char *name, uint64_t v)
{
	field_gen_uint(r, id_of(name), v);
}

static void put_text(struct record *r, const char *name, const char *text)
{
	field_gen_text(r, id_of(name), text, strlen(text));
}

static size_t note_count(struct engine *e)
{
	size_t n;

	engine_notes(e, &n);
	return n;
}

static size_t finding_count(const struct engine *e)
{
	size_t n;

	engine_findings(e, &n);
	return n;
}

static const struct finding *finding_at(const struct engine *e, size_t i)
{
	size_t n;
	const struct finding *f = engine_findings(e, &n);

	ck_assert_uint_lt(i, n);
	return &f[i];
}

/* --- loading --- */

/* One wrong rule each: where and what. */
static const struct {
	const char *rule, *place, *what, *hint;
} wrong[] = {
	{"<rule id='r'><title>T</title><when>\n  tcp and\n  tpc.port == 1</when></rule>",
	 "p.xml:4:3:", "", "tcp.port"},
	{"<rule id='r'><title>T</title><when>tcp</when>\n<mark field='tcp.prot'/></rule>",
	 "p.xml:3:14:", "no field tcp.prot", "Did you mean tcp.port?"},
	{"<rule id='r'><title>T</title><when>tcp</when>\n<needs>pop tcpp</needs></rule>",
	 "p.xml:3:12:", "no field tcpp", "Did you mean tcp?"},
	{"<rule id='r'><title>T</title><when>tcp</when>\n<explain>a <v "
	 "f='ip.sr'/></explain></rule>",
	 "p.xml:3:18:", "no field ip.sr", "Did you mean ip.src?"},
	{"<rule id='r'><title>T</title><when>tcp</when>\n<explain><who "
	 "f='tcp.port'/></explain></rule>",
	 "p.xml:3:", "needs a field with an IP address", "<v>"},
	{"<rule id='r'><when>tcp</when></rule>", "p.xml:2:", "has no title", "Add <title>"},
	{"<rule id='r'><title>T</title></rule>", "p.xml:2:", "has no condition", "Add <when>"},
	{"<rule id='r'><title>T</title><when>tcp</when>\n<when>udp</when></rule>",
	 "p.xml:3:", "<when> twice", "take one out"},
	{"<rule id='r'><title>T</title><sequence><step>tcp</step></sequence></rule>",
	 "p.xml:2:", "looks at conversations", "conversation"},
	{"<rule id='r' on='conversation'><title>T</title><sequence>\n<step absent='yes'>tcp</step>"
	 "</sequence></rule>",
	 "p.xml:3:", "first step cannot be absent", "Begin"},
	{"<rule id='r'><title>T</title><when>tcp</when><evidence field='ip.src'/></rule>",
	 "p.xml:2:", "number of a packet", "_frame"},
	{"<rule id='r'><title>T</title><when>tcp</when><fine>F</fine></rule>",
	 "p.xml:2:", "nothing says when", "fine-when"},
	{"<rule id='r'><title>T</title><when>tcp</when>\n"
	 "<test capture='x' packets='1' silent='yes'/></rule>",
	 "p.xml:3:", "a silent test has no packets", "Take one"},
	{"<term word='b'>x</term>\n<term word='B'>y</term>", "p.xml:3:", "already explained at",
	 "Take one"},
};

START_TEST(wrong_rules)
{
	struct diag d = DIAG_INIT;
	char *text =
		g_strconcat(HEAD, wrong[_i].rule,
			    "<rule id='ok'><title>T</title><when>udp</when></rule></pack>", NULL);
	struct packs *p = packs_of(text, &d);
	char *said = all_messages(&d);

	ck_assert_uint_eq(d.errors, 1);
	ck_assert_msg(strstr(said, wrong[_i].place), "%s", said);
	ck_assert_msg(strstr(said, wrong[_i].what), "%s", said);
	ck_assert_msg(strstr(said, wrong[_i].hint), "%s", said);
	/* the rest of the pack loads */
	ck_assert_ptr_nonnull(packs_find(p, "ok"));
	ck_assert_ptr_null(packs_find(p, "r"));
	packs_free(p);
	g_free(said);
	g_free(text);
	diag_release(&d);
}
END_TEST

START_TEST(duplicate_id)
{
	struct diag d = DIAG_INIT;
	struct packs *p =
		packs_of(HEAD "<rule id='r'><title>A</title><when>tcp</when></rule>\n"
			      "<rule id='r'><title>B</title><when>tcp</when></rule></pack>",
			 &d);

	ck_assert_uint_eq(d.errors, 1);
	ck_assert_ptr_nonnull(strstr(d.messages[0].text, "p.xml:3:"));
	ck_assert_str_eq(packs_find(p, "p:r")->title.spans[0].text, "A");
	packs_free(p);
	diag_release(&d);
}
END_TEST

START_TEST(versions)
{
	struct diag d = DIAG_INIT;
	struct packs *p = packs_of("<pack xmlns='urn:tracetutor:1' id='p' version='1.7'>"
				   "<rule id='r' sound='loud'><title>T <new>words</new></title>"
				   "<when>tcp</when><picture/></rule><poem/></pack>",
				   &d);

	ck_assert_uint_eq(d.errors, 0);
	ck_assert_uint_eq(d.count, 1);
	ck_assert_ptr_nonnull(strstr(d.messages[0].text, "newer tracetutor"));
	ck_assert_ptr_nonnull(packs_find(p, "r"));
	packs_free(p);
	diag_release(&d);
	p = packs_of("<pack xmlns='urn:tracetutor:1' id='p' version='2.0'><what/></pack>", &d);
	ck_assert_uint_eq(d.errors, 0);
	ck_assert_ptr_nonnull(strstr(d.messages[0].text, "it is skipped"));
	packs_free(p);
	diag_release(&d);
	p = packs_of("<pack xmlns='urn:tracetutor:2' id='p' version='1.0'><what/></pack>", &d);
	ck_assert_uint_eq(d.errors, 0);
	ck_assert_ptr_nonnull(strstr(d.messages[0].text, "it is skipped"));
	packs_free(p);
	diag_release(&d);
	p = packs_of("<html/>", &d);
	ck_assert_uint_eq(d.errors, 1);
	ck_assert_ptr_nonnull(strstr(d.messages[0].text, "this is not a pack"));
	packs_free(p);
	diag_release(&d);
}
END_TEST

START_TEST(override)
{
	struct folder shipped = folder_new(), own = folder_new();
	struct packs *p = packs_new();
	struct diag d = DIAG_INIT;

	g_free(folder_put(&shipped, "a.xml",
			  HEAD "<rule id='r'><title>old</title><when>tcp</when></rule>"
			       "<rule id='s'><title>kept</title><when>tcp</when></rule>"
			       "<term word='Port'>old</term></pack>"));
	g_free(folder_put(&own, "b.xml",
			  "<pack xmlns='urn:tracetutor:1' id='mine' version='1.0'>"
			  "<rule id='r'><title>new</title><when>udp</when></rule>"
			  "<term word='port'>new</term></pack>"));
	ck_assert(packs_load(p, shipped.path, &d));
	ck_assert(packs_load(p, own.path, &d));
	ck_assert_uint_eq(d.count, 0);
	ck_assert_uint_eq(packs_rule_count(p), 2);
	ck_assert_str_eq(packs_find(p, "r")->title.spans[0].text, "new");
	ck_assert_str_eq(packs_find(p, "mine:r")->title.spans[0].text, "new");
	ck_assert_str_eq(packs_rule(p, 0)->title.spans[0].text, "new");
	ck_assert_uint_eq(packs_term_count(p), 1);
	ck_assert_str_eq(packs_term(p, "PORT")->meaning.spans[0].text, "new");
	packs_free(p);
	folder_remove(&shipped);
	folder_remove(&own);
}
END_TEST

/* Bad packs beside a good one: each named with its line, quickly; the good one loads. */
START_TEST(bad_company)
{
	struct folder f = folder_new();
	struct packs *p = packs_new();
	struct diag d = DIAG_INIT;
	GString *deep = g_string_new(HEAD), *big = g_string_new(HEAD);
	gint64 start;

	for (int i = 0; i < 300; i++)
		g_string_append(deep, "<em>");
	while (big->len < 5u << 20)
		g_string_append(big, "<term word='x'>y</term>\n");
	g_free(folder_put(&f, "a-deep.xml", deep->str));
	g_free(folder_put(&f, "b-big.xml", big->str));
	g_free(folder_put(&f, "c-bomb.xml",
			  "<!DOCTYPE p [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>\n"
			  "<pack xmlns='urn:tracetutor:1' id='b' version='1.0'>&b;</pack>"));
	g_free(folder_put(&f, "d-typo.xml", HEAD "<rulle id='x'/></pack>"));
	g_free(folder_put(&f, "e-good.xml",
			  HEAD "<rule id='ok'><title>T</title><when>udp</when></rule></pack>"));
	g_free(folder_put(&f, "not-a-pack.txt", "hello"));
	start = g_get_monotonic_time();
	ck_assert(packs_load(p, f.path, &d));
	ck_assert_int_lt(g_get_monotonic_time() - start, G_USEC_PER_SEC);
	ck_assert_uint_eq(d.count, 4);
	ck_assert_ptr_nonnull(strstr(d.messages[0].text, "a-deep.xml:2: error: elements stand"));
	ck_assert_ptr_nonnull(strstr(d.messages[1].text, "b-big.xml: error: the file is larger"));
	ck_assert_ptr_nonnull(strstr(d.messages[2].text, "c-bomb.xml:1: error: a document type"));
	ck_assert_ptr_nonnull(strstr(d.messages[3].text, "Did you mean <rule>?"));
	ck_assert_uint_eq(packs_rule_count(p), 1);
	packs_free(p);
	diag_release(&d);
	g_string_free(deep, TRUE);
	g_string_free(big, TRUE);
	folder_remove(&f);
}
END_TEST

START_TEST(prose_spans)
{
	struct packs *p =
		good_packs("<rule id='r'><title>T</title><when>tcp</when><explain>\n"
			   "<p> One <em>two\n three</em> , <code>-ERR</code>.</p> <p>Port "
			   "<v f='tcp.port'/> of <term word='Port'>ports</term></p>"
			   "</explain></rule>");
	const struct prose *x = &packs_find(p, "r")->explain;
	struct record r;
	struct buf b = BUF_INIT;

	ck_assert_uint_eq(x->n, 10);
	ck_assert_int_eq(x->spans[1].kind, SPAN_EM);
	ck_assert_int_eq(x->spans[5].kind, SPAN_BREAK);
	ck_assert_str_eq(x->spans[9].word, "Port");
	record_init(&r, RECORD_PACKET);
	put(&r, "tcp.port", 110);
	prose_text(x, &r, &b);
	ck_assert_str_eq(buf_text(&b), "One two three , -ERR.\nPort 110 (pop3) of ports");
	buf_reset(&b);
	prose_text(x, NULL, &b);
	ck_assert_str_eq(buf_text(&b),
			 "One two three , -ERR.\nPort [Source or Dest Port] of ports");
	buf_release(&b);
	record_release(&r);
	packs_free(p);
}
END_TEST

START_TEST(checks)
{
	struct diag d = DIAG_INIT;
	struct packs *p =
		good_packs("<rule id='r' fault='f'><title>T <term>no such word</term></title>"
			   "<when>tcp.port == 1</when><explains rule='nobody'/>"
			   "<test capture='nowhere.pcap'/></rule>");
	char *said;

	packs_check(p, &d);
	said = all_messages(&d);
	ck_assert_uint_eq(d.errors, 0);
	ck_assert_ptr_nonnull(
		strstr(said, "p.xml:2: warning: r: it explains a rule that is not there"));
	ck_assert_ptr_nonnull(strstr(said, "no such word"));
	ck_assert_ptr_nonnull(strstr(said, "there is no capture nowhere.pcap"));
	ck_assert_ptr_nonnull(strstr(said, "no test shows that it can be silent"));
	ck_assert_ptr_nonnull(strstr(said, "a fault without advice"));
	g_free(said);
	diag_release(&d);
	packs_free(p);
}
END_TEST

/* --- matching --- */

START_TEST(notes)
{
	struct packs *p = good_packs(
		"<rule id='port'><title>T</title><when>tcp.port in {25, 110}</when></rule>"
		"<rule id='syn'><title>T</title><when>tcp.flags.syn == 1</when>"
		"<mark field='tcp.flags.syn'/><mark field='ip.src'/></rule>"
		"<rule id='udp'><title>T</title><when>udp</when></rule>"
		"<rule id='not'><title>T</title><when>not udp</when></rule>");
	struct engine *e = engine_new(p);
	const struct note *n;
	struct record r;
	size_t count;

	record_init(&r, RECORD_PACKET);
	begin(&r, RECORD_PACKET, 1, 0, NULL);
	put(&r, "ip.ttl", 64);
	put(&r, "ip.src", 0x0A000001);
	put(&r, "tcp.port", 1030);
	put(&r, "tcp.port", 110);
	put(&r, "tcp.flags.syn", 1);
	engine_record(e, &r);
	n = engine_notes(e, &count);
	ck_assert_uint_eq(count, 3);
	ck_assert_str_eq(n[0].rule->id, "not"); /* beside the first line */
	ck_assert_uint_eq(n[0].first, 0);
	ck_assert_str_eq(n[1].rule->id, "syn");
	ck_assert_uint_eq(n[1].first, 1);
	ck_assert_uint_eq(n[1].last, 4);
	ck_assert_str_eq(n[2].rule->id, "port");
	ck_assert_uint_eq(n[2].first, 2);
	begin(&r, RECORD_PACKET, 2, 0, NULL);
	put(&r, "tcp.port", 80);
	engine_record(e, &r);
	ck_assert_uint_eq(note_count(e), 1);
	engine_end(e);
	ck_assert_uint_eq(finding_count(e), 0); /* no headline, no fault */
	ck_assert_ptr_null(engine_verdict(e));
	engine_free(e);
	record_release(&r);
	packs_free(p);
}
END_TEST

START_TEST(taught_rules_are_silent)
{
	struct packs *p = good_packs(
		"<rule id='port' teach='yes'><title>T</title><when>tcp.port in {25, 110}</when>"
		"</rule><rule id='not' teach='yes'><title>T</title><when>not udp</when></rule>"
		"<rule id='found' teach='yes' fault='f'><title>T</title><when>tcp.port == "
		"110</when>"
		"<advice><p>A</p></advice></rule>"
		"<rule id='other'><title>T</title><when>tcp.port == 25</when></rule>");
	struct engine *e = engine_new(p);
	struct record r;

	record_init(&r, RECORD_PACKET);
	for (uint32_t i = 1; i <= 3; i++) {
		begin(&r, RECORD_PACKET, i, 0, NULL);
		put(&r, "tcp.port", 110);
		put(&r, "tcp.port", 25);
		engine_record(e, &r);
		/* Of the two that do more than teach every packet gets its note. */
		ck_assert_uint_eq(note_count(e), i == 1 ? 4 : i == 2 ? 3 : 2);
		engine_taught(e, packs_find(p, i == 1 ? "port" : "not"));
		engine_taught(e, packs_find(p, "found"));
	}
	engine_end(e);
	ck_assert_uint_eq(finding_count(e), 1);
	engine_free(e);
	record_release(&r);
	packs_free(p);
}
END_TEST

/* The pipeline tells of an exchange while the packet that completed it is at work. */
START_TEST(exchange_notes)
{
	struct packs *p = good_packs("<rule id='x' on='exchange'><title>T</title>"
				     "<when>pop.response.indicator == \"-ERR\"</when>"
				     "<mark field='pop.response.indicator'/></rule>");
	struct engine *e = engine_new(p);
	struct record packet, exchange;
	const struct note *n;
	size_t count;

	record_init(&packet, RECORD_PACKET);
	record_init(&exchange, RECORD_EXCHANGE);
	begin(&packet, RECORD_PACKET, 14, 1, NULL);
	put(&packet, "ip.ttl", 64);
	put_text(&packet, "pop.response.indicator", "-ERR");
	begin(&exchange, RECORD_EXCHANGE, 14, 1, NULL);
	put_text(&exchange, "pop.response.indicator", "-ERR");
	engine_record(e, &exchange);
	engine_record(e, &packet);
	n = engine_notes(e, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(n[0].first, 1);
	/* the other order */
	packet.number = 15;
	engine_record(e, &packet);
	ck_assert_uint_eq(note_count(e), 0);
	exchange.number = 15;
	engine_record(e, &exchange);
	ck_assert_uint_eq(note_count(e), 1);
	/* one that timed out belongs to no packet */
	packet.number = 16;
	engine_record(e, &packet);
	exchange.number = 0;
	engine_record(e, &exchange);
	ck_assert_uint_eq(note_count(e), 0);
	engine_free(e);
	record_release(&packet);
	record_release(&exchange);
	packs_free(p);
}
END_TEST

static const char faults[] =
	"<rule id='cause' fault='a' rank='5' severity='warn'><title>Cause</title>"
	"<when>tcp.port == 1</when><explains rule='effect'/></rule>"
	"<rule id='effect' fault='b' rank='9' severity='error'><title>Effect</title>"
	"<when>tcp.port == 2</when></rule>"
	"<rule id='hint' fault='note-c' rank='99' severity='error'><title>Hint</title>"
	"<when>tcp.port == 3</when></rule>"
	"<rule id='top' on='packet' fault='d' rank='6'><title>T</title>"
	"<when>tcp.port == 4</when><headline>Port <v f='tcp.port'/></headline>"
	"<explain>why</explain><advice>do</advice></rule>";

static void feed(struct engine *e, struct record *r, uint32_t number, struct conv *c, unsigned port)
{
	begin(r, RECORD_PACKET, number, number, c);
	put(r, "tcp.port", port);
	engine_record(e, r);
}

START_TEST(findings)
{
	struct packs *p = good_packs(faults);
	struct engine *e = engine_new(p);
	struct conv one = {.index = 0, .ip_proto = 6}, two = {.index = 1, .ip_proto = 6};
	struct record r;

	record_init(&r, RECORD_PACKET);
	feed(e, &r, 1, &one, 2);
	feed(e, &r, 2, &one, 1);
	for (uint32_t i = 3; i < 13; i++)
		feed(e, &r, i, &one, 4);
	feed(e, &r, 20, &two, 3);
	feed(e, &r, 21, &two, 4); /* the same words again: counted */
	engine_end(e);
	ck_assert_uint_eq(finding_count(e), 4);
	ck_assert_str_eq(engine_verdict(e)->rule->id, "top");
	ck_assert_str_eq(engine_verdict(e)->headline, "Port 4");
	ck_assert_str_eq(engine_verdict(e)->explain, "why");
	ck_assert_str_eq(engine_verdict(e)->advice, "do");
	ck_assert_uint_eq(engine_verdict(e)->times, 11);
	ck_assert_uint_eq(engine_verdict(e)->nframes, 5);
	ck_assert_uint_eq(engine_verdict(e)->frames[0], 3);
	ck_assert_uint_eq(engine_verdict(e)->frames[4], 7);
	ck_assert_str_eq(finding_at(e, 1)->rule->id, "cause");
	ck_assert_str_eq(finding_at(e, 2)->rule->id, "hint");
	ck_assert_str_eq(finding_at(e, 3)->rule->id, "effect");
	ck_assert_str_eq(finding_at(e, 3)->explained_by->id, "cause");
	engine_free(e);
	/* without notes the findings are the same */
	e = engine_new(p);
	engine_without_notes(e);
	feed(e, &r, 1, &one, 2);
	ck_assert_uint_eq(note_count(e), 0);
	feed(e, &r, 2, &one, 1);
	engine_end(e);
	ck_assert_uint_eq(finding_count(e), 2);
	ck_assert_str_eq(engine_verdict(e)->rule->id, "cause");
	engine_free(e);
	record_release(&r);
	packs_free(p);
}
END_TEST

START_TEST(causes_stay_in_their_conversation)
{
	struct packs *p = good_packs(faults);
	struct engine *e = engine_new(p);
	struct conv one = {.index = 0, .ip_proto = 6}, udp = {.index = 0, .ip_proto = 17};
	struct record r;

	record_init(&r, RECORD_PACKET);
	feed(e, &r, 1, &one, 2);
	feed(e, &r, 2, &udp, 1);
	engine_end(e);
	ck_assert_ptr_null(finding_at(e, 0)->explained_by);
	ck_assert_ptr_null(finding_at(e, 1)->explained_by);
	ck_assert_str_eq(engine_verdict(e)->rule->id, "effect");
	engine_free(e);
	/* a cause that has no conversation explains it anywhere */
	e = engine_new(p);
	feed(e, &r, 1, &one, 2);
	feed(e, &r, 2, NULL, 1);
	engine_end(e);
	ck_assert_str_eq(engine_verdict(e)->rule->id, "cause");
	ck_assert_ptr_nonnull(finding_at(e, 1)->explained_by);
	engine_free(e);
	record_release(&r);
	packs_free(p);
}
END_TEST

START_TEST(circles_end)
{
	struct packs *p =
		good_packs("<rule id='a' fault='a'><title>A</title><when>tcp.port == 1</when>"
			   "<explains rule='b'/></rule><rule id='b' fault='b'><title>B</title>"
			   "<when>tcp.port == 1</when><explains rule='a'/></rule>");
	struct engine *e = engine_new(p);
	struct record r;

	record_init(&r, RECORD_PACKET);
	feed(e, &r, 1, NULL, 1);
	engine_end(e);
	ck_assert_ptr_nonnull(engine_verdict(e));
	ck_assert_ptr_nonnull(finding_at(e, 1)->explained_by);
	engine_free(e);
	record_release(&r);
	packs_free(p);
}
END_TEST

START_TEST(evidence)
{
	struct packs *p = good_packs("<rule id='x' on='exchange' "
				     "fault='x'><title>X</title><when>tt.exchange.answered</when>"
				     "</rule><rule id='y' on='conversation' "
				     "fault='y'><title>Y</title><when>tt.conv.first_frame"
				     "</when><evidence field='tt.conv.reset_frame'/></rule>");
	struct engine *e = engine_new(p);
	struct record r;

	record_init(&r, RECORD_EXCHANGE);
	begin(&r, RECORD_EXCHANGE, 9, 1, NULL);
	put(&r, "tt.exchange.answered", 1);
	put(&r, "tt.exchange.response_frame", 9);
	put(&r, "tt.exchange.request_frame", 4);
	engine_record(e, &r);
	begin(&r, RECORD_CONVERSATION, 0, 2, NULL);
	put(&r, "tt.conv.first_frame", 3);
	put(&r, "tt.conv.reset_frame", 12);
	engine_record(e, &r);
	engine_end(e);
	ck_assert_uint_eq(finding_at(e, 0)->nframes, 2);
	ck_assert_uint_eq(finding_at(e, 0)->frames[0], 4);
	ck_assert_uint_eq(finding_at(e, 0)->frames[1], 9);
	ck_assert_uint_eq(finding_at(e, 1)->nframes, 1);
	ck_assert_uint_eq(finding_at(e, 1)->frames[0], 12);
	/* in a second run the notes stand on all these packets */
	{
		struct engine *again = engine_new(p);
		static const uint32_t numbers[] = {4, 9, 12, 5};

		engine_second_run(again, e);
		for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
			begin(&r, RECORD_PACKET, numbers[i], 0, NULL);
			put(&r, "ip.ttl", 1);
			engine_record(again, &r);
			ck_assert_uint_eq(note_count(again), numbers[i] != 5);
		}
		engine_free(again);
	}
	engine_free(e);
	record_release(&r);
	packs_free(p);
}
END_TEST

START_TEST(fine_and_unknown)
{
	struct packs *p =
		good_packs("<rule id='good' fault='a'><title>T</title><when>tcp.port == 1</when>"
			   "<fine>All fine.</fine><fine-when>tcp</fine-when></rule>"
			   "<rule id='twin' fault='a'><title>T</title><when>tcp.port == 1</when>"
			   "<fine>All fine.</fine><fine-when>tcp</fine-when></rule>"
			   "<rule id='fired' fault='b'><title>T</title><when>tcp.port == 2</when>"
			   "<fine>Not fine.</fine><fine-when>tcp</fine-when></rule>"
			   "<rule id='shares' fault='b'><title>T</title><when>tcp.port == 3</when>"
			   "<fine>Not fine.</fine><fine-when>tcp</fine-when></rule>"
			   "<rule id='never' fault='b'><title>T</title><when>tcp.port == 3</when>"
			   "<fine>Nothing.</fine><fine-when>udp</fine-when></rule>"
			   "<rule id='blind' fault='c'><title>T</title><when>pop.response</when>"
			   "<needs>tcp pop</needs></rule>");
	struct engine *e = engine_new(p);
	const struct judged *j;
	struct record r;
	size_t n;

	record_init(&r, RECORD_PACKET);
	begin(&r, RECORD_PACKET, 1, 0, NULL);
	put_text(&r, "tcp", "");
	put(&r, "tcp.port", 2);
	engine_record(e, &r);
	engine_end(e);
	j = engine_fine(e, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(j[0].rule->id, "good");
	j = engine_unknown(e, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(j[0].rule->id, "blind");
	ck_assert_ptr_nonnull(strstr(j[0].reason, "Post Office Protocol"));
	engine_free(e);
	record_release(&r);
	packs_free(p);
}
END_TEST

/* --- sequences --- */

static const char steps[] =
	"<rule id='s' on='conversation' fault='s'><title>S</title><sequence><step>tcp.port == "
	"1</step>"
	"<step within='3'>tcp.port == 2</step></sequence></rule>"
	"<rule id='gap' on='conversation' fault='g'><title>G</title><sequence><step>tcp.port == "
	"3</step>"
	"<step absent='yes'>tcp.port == 4</step><step>tcp.port == 5</step></sequence></rule>"
	"<rule id='never' on='conversation' fault='n'><title>N</title><sequence><step>tcp.port == 6"
	"</step><step absent='yes' within='10'>tcp.port == 7</step></sequence></rule>"
	"<rule id='end' on='conversation' fault='e'><title>E</title><sequence><step>tcp.port == "
	"8</step>"
	"<step absent='yes'>tcp.port == 9</step></sequence></rule>";

/* Ports fed, one a second; 0 in between is another conversation. Which rules are found? */
static const struct {
	uint16_t ports[8];
	const char *found;
} walks[] = {
	{{1, 2}, "s"},          {{2, 1}, ""},    {{1, 99, 2}, "s"},
	{{1, 0, 0, 0, 2}, ""},  /* too late */
	{{1, 0, 0, 1, 2}, "s"}, /* begun again: the time counts from packet 4 */
	{{3, 5}, "gap"},        {{3, 4, 5}, ""}, {{3, 4, 3, 5}, "gap"},
	{{6, 7}, ""},           {{6}, ""}, /* the capture ended too early to tell */
	{{8}, "end"},           {{8, 9}, ""},
};

static const char *walk_findings(struct packs *p, const uint16_t *ports, size_t n, double late)
{
	struct engine *e = engine_new(p);
	struct conv here = {.index = 3, .ip_proto = 6}, other = {.index = 4, .ip_proto = 6};
	const char *found;
	struct record r;

	record_init(&r, RECORD_PACKET);
	for (uint32_t i = 0; i < n && (ports[i] || i == 0 || ports[i + 1] || ports[i + 2]); i++)
		feed(e, &r, i + 1, ports[i] ? &here : &other, ports[i] ? ports[i] : 1000);
	if (late > 0) {
		begin(&r, RECORD_PACKET, 99, late, &other);
		put(&r, "tcp.port", 1000);
		engine_record(e, &r);
	}
	engine_end(e);
	ck_assert_uint_le(finding_count(e), 1);
	found = finding_count(e) ? finding_at(e, 0)->rule->id : "";
	if (*found)
		ck_assert_uint_eq(finding_at(e, 0)->conv, 4);
	engine_free(e);
	record_release(&r);
	return found;
}

START_TEST(sequences)
{
	struct packs *p = good_packs(steps);

	ck_assert_str_eq(walk_findings(p, walks[_i].ports, 6, 0), walks[_i].found);
	packs_free(p);
}
END_TEST

START_TEST(sequence_clock)
{
	static const uint16_t asked[8] = {6}, answered[8] = {6, 7};
	struct packs *p = good_packs(steps);

	ck_assert_str_eq(walk_findings(p, asked, 1, 60), "never");
	ck_assert_str_eq(walk_findings(p, answered, 2, 60), "");
	packs_free(p);
}
END_TEST

/* Many conversations: bounded, and the latest are still known. */
START_TEST(sequence_flood)
{
	struct packs *p = good_packs(steps);
	struct engine *e = engine_new(p);
	struct conv c = {.ip_proto = 6};
	struct record r;

	record_init(&r, RECORD_PACKET);
	for (uint32_t i = 0; i < 5000; i++) {
		c.index = i;
		feed(e, &r, 1, &c, 1);
	}
	feed(e, &r, 2, &c, 2);
	c.index = 1; /* forgotten long ago */
	feed(e, &r, 2, &c, 2);
	engine_end(e);
	ck_assert_uint_eq(finding_count(e), 1);
	ck_assert_uint_eq(finding_at(e, 0)->conv, 5000);
	engine_free(e);
	record_release(&r);
	packs_free(p);
}
END_TEST

/* --- who --- */

START_TEST(who)
{
	struct packs *p =
		good_packs("<rule id='r' fault='f'><title>T</title><when>tcp.port == 1</when>"
			   "<headline><who f='ip.src'/> asks <who f='ip.dst'/></headline></rule>");
	struct engine *e = engine_new(p);
	struct conv c = {.ip_proto = 6,
			 .a_is_client = true,
			 .a = {.addr = {10, 0, 0, 2}},
			 .b = {.addr = {203, 0, 113, 5}}};
	struct record r;

	record_init(&r, RECORD_PACKET);
	/* the answer leads over an alias; an address of another name stays with that name */
	begin(&r, RECORD_PACKET, 1, 0, NULL);
	put_text(&r, "dns.qry.name", "pop.example.org");
	put_text(&r, "dns.resp.name", "pop.example.org");
	put_text(&r, "dns.cname", "farm.example.net");
	put_text(&r, "dns.resp.name", "farm.example.net");
	put(&r, "dns.a", 0xCB007105);
	engine_record(e, &r);
	begin(&r, RECORD_PACKET, 2, 0, &c);
	put(&r, "ip.src", 0x0A000002);
	put(&r, "ip.dst", 0xCB007105);
	put(&r, "tcp.port", 1);
	engine_record(e, &r);
	engine_end(e);
	ck_assert_str_eq(finding_at(e, 0)->headline,
			 "Your computer asks the server pop.example.org (203.0.113.5)");
	engine_free(e);
	record_release(&r);
	packs_free(p);
}
END_TEST

START_TEST(hidden_values)
{
	struct packs *p = good_packs("<rule id='r'><title>T</title><when>tcp</when>"
				     "<explain><v f='pop.request.parameter'/></explain></rule>");
	struct record r;
	struct buf b = BUF_INIT;

	record_init(&r, RECORD_PACKET);
	field_gen_text(&r, id_of("pop.request.parameter"), "hunter2\x1b[2J", 11);
	prose_text(&packs_rule(p, 0)->explain, &r, &b);
	ck_assert_ptr_null(strchr(buf_text(&b), '\x1b'));
	buf_reset(&b);
	r.fields[0].flags |= FIELD_SECRET;
	prose_text(&packs_rule(p, 0)->explain, &r, &b);
	ck_assert_str_eq(buf_text(&b), "(hidden)");
	buf_release(&b);
	record_release(&r);
	packs_free(p);
}
END_TEST

/* --- many patterns --- */

#define MANY 300 /* more different ones than a sieve has slots */

static char *many_patterns(void)
{
	GString *s = g_string_new(NULL);

	for (unsigned i = 0; i < MANY; i++)
		g_string_append_printf(s,
				       "<rule id='r%u'><title>T</title><when>pop.request.parameter "
				       "matches \"[%c-%c]%c[x-z]{%u}[0-9]\"</when></rule>",
				       i, 'a' + i % 10, 'c' + i % 10, '0' + i / 10 % 10, i % 7);
	return g_string_free(s, FALSE);
}

/* How many of the rules hold for the record, each asked. */
static size_t matching_rules(const struct packs *p, const struct record *r)
{
	size_t n = 0;

	for (size_t i = 0; i < packs_rule_count(p); i++)
		n += filter_match(packs_rule(p, i)->when, r);
	return n;
}

/* The index leads to each rule whose pattern matches, wherever it does. */
START_TEST(many_patterns_are_found)
{
	static const char letters[] = {'a', 'b', 'c', 'd', 'L', 'x', 'Y', 'z', '0', '1', '2', '7'};
	char *rules = many_patterns(), subject[60];
	struct packs *p = good_packs(rules);
	struct engine *e = engine_new(p);
	struct record r;
	uint32_t hat = 1;
	size_t all = 0;

	record_init(&r, RECORD_PACKET);
	for (unsigned i = 0; i < 3000; i++) {
		size_t n = i % (sizeof(subject) + 1);

		for (size_t k = 0; k < n; k++, hat = hat * 1664525 + 1013904223)
			subject[k] = letters[(hat >> 16) % sizeof(letters)];
		begin(&r, RECORD_PACKET, i + 1, i, NULL);
		field_gen_text(&r, id_of("pop.request.parameter"), subject, n);
		engine_record(e, &r);
		ck_assert_uint_eq(note_count(e), matching_rules(p, &r));
		all += note_count(e);
	}
	ck_assert_uint_gt(all, 1000);
	record_release(&r);
	engine_free(e);
	packs_free(p);
	g_free(rules);
}
END_TEST

/* --- patterns that explode --- */

static const char *const slow[] = {"(a+)+$", "(a|a)*$", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$",
				   "(x+x+)+y"};

START_TEST(slow_patterns)
{
	char *rule =
		g_strdup_printf("<rule id='r'><title>T</title><when>pop.request.parameter matches "
				"\"%s\"</when></rule>",
				slow[_i]);
	struct packs *p = good_packs(rule);
	struct engine *e = engine_new(p);
	struct diag d = DIAG_INIT;
	char *subject = g_strnfill(60001, _i == 4 ? 'x' : 'a');
	struct record r;
	gint64 start;

	subject[60000] = '!';
	record_init(&r, RECORD_PACKET);
	begin(&r, RECORD_PACKET, 1, 0, NULL);
	field_gen_text(&r, id_of("pop.request.parameter"), subject, 60001);
	start = g_get_monotonic_time();
	for (int i = 0; i < 10; i++)
		engine_record(e, &r);
	ck_assert_int_lt(g_get_monotonic_time() - start, G_USEC_PER_SEC);
	engine_complaints(e, &d);
	if (d.count) {
		ck_assert_ptr_nonnull(
			strstr(d.messages[0].text, "p.xml:2: warning: the rule r was"));
		ck_assert_uint_eq(note_count(e), 0);
	}
	diag_release(&d);
	engine_free(e);
	record_release(&r);
	packs_free(p);
	g_free(subject);
	g_free(rule);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("rules");
	TCase *c = tcase_create("rules");

	tcase_add_loop_test(c, wrong_rules, 0, G_N_ELEMENTS(wrong));
	tcase_add_test(c, duplicate_id);
	tcase_add_test(c, versions);
	tcase_add_test(c, override);
	tcase_add_test(c, bad_company);
	tcase_add_test(c, prose_spans);
	tcase_add_test(c, checks);
	tcase_add_test(c, notes);
	tcase_add_test(c, exchange_notes);
	tcase_add_test(c, findings);
	tcase_add_test(c, causes_stay_in_their_conversation);
	tcase_add_test(c, circles_end);
	tcase_add_test(c, evidence);
	tcase_add_test(c, fine_and_unknown);
	tcase_add_loop_test(c, sequences, 0, G_N_ELEMENTS(walks));
	tcase_add_test(c, sequence_clock);
	tcase_add_test(c, sequence_flood);
	tcase_add_test(c, taught_rules_are_silent);
	tcase_add_test(c, who);
	tcase_add_test(c, hidden_values);
	tcase_add_test(c, many_patterns_are_found);
	tcase_add_loop_test(c, slow_patterns, 0, G_N_ELEMENTS(slow));
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
