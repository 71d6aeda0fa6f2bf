/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report: notes beside their lines, folding, masking, summaries, JSON and PDML. */
#include "unit.h"

#include <glib.h>
#include <string.h>
#include <unistd.h>

#include "tracetutor/report.h"

static uint16_t id_of(const char *name)
{
	uint16_t id = field_find(name, strlen(name));

	ck_assert_msg(id != FIELD_NONE, "%s is not registered", name);
	return id;
}

/* A TCP segment from a POP3 client whose frame is its payload alone. */
struct packet {
	struct record r;
	struct frame frame;
	struct conv conv;
	struct cursor c;
};

static void segment(struct packet *p, uint32_t number, const char *payload)
{
	uint32_t n = (uint32_t)strlen(payload);

	p->frame = (struct frame){.number = number,
				  .time = (int64_t)number * 500000000,
				  .captured = n,
				  .original = n,
				  .data = (const uint8_t *)payload};
	p->conv = (struct conv){.family = 4, .ip_proto = 6, .a_is_client = true};
	record_init(&p->r, RECORD_PACKET);
	p->r.frame = &p->frame;
	p->r.number = number;
	p->r.time = p->frame.time;
	p->r.conv = &p->conv;
	p->r.from_a = true;
	record_source(&p->r, "Frame", p->frame.data, n, n);
	p->r.flow = (struct flow){.family = 4,
				  .ip_proto = 6,
				  .src = {.addr = {192, 0, 2, 1}, .port = 1030},
				  .dst = {.addr = {203, 0, 113, 5}, .port = 110},
				  .tcp_flags = 0x18,
				  .pcaptured = n,
				  .preported = n};
	p->c = cursor_make(p->frame.data, 0, n, n);
	ck_assert_ptr_nonnull(layer_open(&p->r, PROTO_tcp, &p->c));
	layer_close(&p->r, &p->r.layers[0], 0);
}

/* One POP3 request line at the cursor: command and argument. */
static void request(struct packet *p, uint32_t off, uint32_t command, uint32_t argument,
		    uint8_t flags)
{
	ck_assert_ptr_nonnull(layer_open(&p->r, PROTO_pop, &p->c));
	field_add_bytes(&p->r, id_of("pop.request"), off, command + 1 + argument);
	p->r.cur_depth++;
	field_add_bytes(&p->r, id_of("pop.request.command"), off, command);
	field_add_bytes(&p->r, id_of("pop.request.parameter"), off + command + 1, argument)
		->flags |= flags;
	p->r.cur_depth--;
}

static char *decoded(const struct record *r, const struct mask *m)
{
	struct lines l;
	char *text;

	lines_init(&l);
	l.mask = m;
	lines_packet(&l, r, r->time);
	text = buf_steal(&l.text);
	lines_release(&l);
	return text;
}

static char *value_of(const struct record *r, const struct mask *m, const char *name)
{
	const struct field *f = record_find(r, id_of(name), 0);
	struct buf out = BUF_INIT;

	ck_assert_ptr_nonnull(f);
	if (!m->value(m, &out, r, f))
		field_value_text(&out, r, f);
	return buf_steal(&out);
}

static void assert_value(const struct packet *p, const struct masker *m, const char *name,
			 const char *expected)
{
	char *value = value_of(&p->r, masker_mask(m), name);

	ck_assert_str_eq(value, expected);
	g_free(value);
}

START_TEST(password_is_masked_everywhere)
{
	struct masker *m = masker_new(false);
	struct packet p;
	char *text;

	segment(&p, 12, "PASS secret\r\n");
	request(&p, 0, 4, 6, FIELD_SECRET);
	masker_learn(m, &p.r);
	assert_value(&p, m, "pop.request.parameter", "******");
	assert_value(&p, m, "pop.request", "PASS ******");
	assert_value(&p, m, "pop.request.command", "PASS");
	text = decoded(&p.r, masker_mask(m));
	ck_assert_ptr_null(strstr(text, "secret"));
	ck_assert_ptr_null(strstr(text, "73 65 63"));
	ck_assert_ptr_nonnull(strstr(text, "0000 50 41 53 53 20 ** ** ** ** ** ** 0D 0A"));
	ck_assert_ptr_nonnull(strstr(text, "PASS ........"));
	g_free(text);
	masker_free(m);
	record_release(&p.r);
}
END_TEST

/* The typo must stay to be seen when only secrets are masked. */
START_TEST(user_name_is_an_identity)
{
	struct masker *open = masker_new(false), *closed = masker_new(true);
	struct packet p;
	char *text;

	segment(&p, 9, "USER steve35\r\n");
	request(&p, 0, 4, 7, FIELD_IDENTITY);
	assert_value(&p, open, "pop.request.parameter", "steve35");
	text = decoded(&p.r, masker_mask(open));
	ck_assert_ptr_nonnull(strstr(text, "USER steve35.."));
	g_free(text);
	assert_value(&p, closed, "pop.request.parameter", "user1");
	assert_value(&p, closed, "pop.request.parameter", "user1");
	text = decoded(&p.r, masker_mask(closed));
	ck_assert_ptr_null(strstr(text, "steve"));
	ck_assert_ptr_nonnull(strstr(text, "0000 55 53 45 52 20 ** ** ** ** ** ** ** 0D 0A"));
	g_free(text);
	masker_free(open);
	masker_free(closed);
	record_release(&p.r);
}
END_TEST

START_TEST(bytes_not_understood_are_hidden)
{
	struct masker *m = masker_new(false);
	struct packet p;
	char *text;

	segment(&p, 1, "hunter2");
	ck_assert_ptr_nonnull(layer_open(&p.r, PROTO_data, &p.c));
	text = decoded(&p.r, masker_mask(m));
	ck_assert_ptr_null(strstr(text, "hunter2"));
	ck_assert_ptr_nonnull(strstr(text, "0000 ** ** ** ** ** ** **  "));
	g_free(text);
	masker_free(m);
	record_release(&p.r);
}
END_TEST

/* "PA" came before, "SS secret" CR LF now: the field lies in the stream, the bytes in the frame. */
START_TEST(secrets_in_the_stream_hide_the_frame)
{
	static const char stream[] = "PASS secret\r\n";
	struct masker *m = masker_new(false);
	struct packet p;
	char *text;
	uint8_t source;

	segment(&p, 12, "SS secret\r\n");
	source = record_source(&p.r, "Reassembled TCP", (const uint8_t *)stream, 13, 13);
	p.r.sources[source].carried = 2;
	p.r.payload.source = source;
	p.r.payload.captured = p.r.payload.reported = 13;
	p.r.cur_source = source;
	p.c = cursor_make((const uint8_t *)stream, 0, 13, 13);
	request(&p, 0, 4, 6, FIELD_SECRET);
	text = decoded(&p.r, masker_mask(m));
	ck_assert_ptr_nonnull(strstr(text, "0000 53 53 20 ** ** ** ** ** ** 0D 0A"));
	g_free(text);
	/* A segment that is not what the stream holds shows nothing but line ends. */
	p.r.sources[0].bytes = (const uint8_t *)"SS secreT\r\n";
	p.r.number++;
	text = decoded(&p.r, masker_mask(m));
	ck_assert_ptr_nonnull(strstr(text, "0000 ** ** ** ** ** ** ** ** ** 0D 0A"));
	g_free(text);
	masker_free(m);
	record_release(&p.r);
}
END_TEST

static void assert_text(const struct masker *m, const char *text, const char *expected)
{
	struct buf out = BUF_INIT;
	const struct mask *mask = masker_mask(m);

	mask->text(mask, &out, text, strlen(text));
	ck_assert_str_eq(buf_text(&out), expected);
	buf_release(&out);
}

START_TEST(running_text_is_masked)
{
	struct masker *m = masker_new(true);
	uint64_t secrets, identities;
	struct packet p, q;

	segment(&p, 9, "USER steve35\r\n");
	request(&p, 0, 4, 7, FIELD_IDENTITY);
	segment(&q, 12, "PASS secret\r\n");
	request(&q, 0, 4, 6, FIELD_SECRET);
	masker_learn(m, &p.r);
	masker_learn(m, &q.r);
	assert_text(m, "refused steve35.", "refused user1.");
	assert_text(m, "steve357 and xsteve35", "steve357 and xsteve35");
	assert_text(m, "xsecrety", "x******y");
	assert_text(m, "nothing", "nothing");
	masker_counts(m, &secrets, &identities);
	ck_assert_uint_eq(secrets, 1);
	ck_assert_uint_eq(identities, 1);
	masker_free(m);
	record_release(&p.r);
	record_release(&q.r);
}
END_TEST

/* --- notes --- */

static const struct span life_title[] = {{SPAN_TEXT, "Command", NULL, 0}};
static const struct span life_text[] = {{SPAN_TEXT, "What the program asks for.", NULL, 0}};
static const struct span noise_title[] = {{SPAN_TEXT, "your program talking to itself", NULL, 0}};
static const struct rule concept = {
	.id = "concept", .teach = true, .title = {life_title, 1}, .explain = {life_text, 1}};
static const struct rule noise = {.id = "noise", .fold = true, .title = {noise_title, 1}};

struct shown {
	struct buf out;
	struct sink *sink;
	struct report rep;
};

static void show_begin(struct shown *s)
{
	struct sink_options o = {.width = 80};

	s->out = BUF_INIT;
	s->sink = sink_buf_new(&s->out, &o);
	report_init(&s->rep, s->sink, NULL, NULL);
	sink_begin(s->sink, NODE_REPORT, NULL);
	sink_begin(s->sink, NODE_SECTION, NULL);
}

static const char *show_end(struct shown *s)
{
	report_end(&s->rep);
	sink_end(s->sink, NODE_SECTION);
	sink_end(s->sink, NODE_REPORT);
	ck_assert(sink_flush(s->sink));
	return buf_text(&s->out);
}

static void show_release(struct shown *s)
{
	report_release(&s->rep);
	sink_free(s->sink);
	buf_release(&s->out);
}

static struct note note_on(const struct packet *p, const struct rule *rule, const char *name)
{
	const struct field *f = record_find(&p->r, id_of(name), 0);
	uint32_t at = (uint32_t)(f - p->r.fields);

	ck_assert_ptr_nonnull(f);
	return (struct note){.rule = rule, .first = at, .last = at};
}

START_TEST(concepts_are_explained_once)
{
	struct shown s;
	struct packet p;
	struct note note;
	const char *text, *first;

	segment(&p, 9, "USER steve35\r\n");
	request(&p, 0, 4, 7, FIELD_IDENTITY);
	note = note_on(&p, &concept, "pop.request.parameter");
	show_begin(&s);
	report_packet(&s.rep, &p.r, &note, 1);
	report_packet(&s.rep, &p.r, &note, 1);
	s.rep.explain_again = true;
	report_packet(&s.rep, &p.r, &note, 1);
	text = show_end(&s);
	/* Beside the line that says the field: the hex row in which it lies. */
	first = strstr(text, "USER steve35..\n    ├─ Command. What the program asks for.\n");
	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_nonnull(strstr(first, "USER steve35..\n\nPacket 9: POP3: USER steve35\n"));
	first = strstr(strstr(first, "├─ Command.") + 1, "├─ Command.");
	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_null(strstr(first + 1, "├─ Command."));
	show_release(&s);
	record_release(&p.r);
}
END_TEST

START_TEST(noise_is_folded_with_its_reason)
{
	struct shown s;
	struct packet p[4];
	const char *text;

	show_begin(&s);
	for (uint32_t i = 0; i < 4; i++) {
		struct note note;

		segment(&p[i], i + 1, "USER steve35\r\n");
		request(&p[i], 0, 4, 7, 0);
		note = note_on(&p[i], &noise, "pop.request");
		report_packet(&s.rep, &p[i].r, &note, i < 3);
	}
	text = show_end(&s);
	ck_assert_ptr_nonnull(strstr(text, "3 packets (1-3): your program talking to itself.\n\n"
					   "Packet 4: "));
	/* The time since the packet before counts folded ones. */
	ck_assert_ptr_nonnull(strstr(text, "Delta Time: 0.500sec"));
	show_release(&s);
	for (uint32_t i = 0; i < 4; i++)
		record_release(&p[i].r);
}
END_TEST

START_TEST(decode_alone_is_the_lines)
{
	struct shown s;
	struct packet p;
	char *lines;

	segment(&p, 9, "USER steve35\r\n");
	request(&p, 0, 4, 7, 0);
	show_begin(&s);
	s.rep.decode_only = true;
	report_packet(&s.rep, &p.r, NULL, 0);
	lines = decoded(&p.r, NULL);
	ck_assert_str_eq(show_end(&s), lines);
	g_free(lines);
	show_release(&s);
	record_release(&p.r);
}
END_TEST

START_TEST(summary_is_one_line)
{
	struct buf out = BUF_INIT;
	struct packet p;

	segment(&p, 9, "USER steve35\r\n");
	request(&p, 0, 4, 7, 0);
	report_summary(&out, &p.r, NULL, 4000000000, 0);
	ck_assert_str_eq(out.s,
			 "   9    0.500  192.0.2.1:1030 -> 203.0.113.5:110  POP3: USER steve35");
	buf_reset(&out);
	p.r.from_a = false;
	report_summary(&out, &p.r, NULL, 4000000000, 40);
	ck_assert_str_eq(out.s, "   9    0.500  203.0.113.5 <- 192.0.2...");
	buf_release(&out);
	record_release(&p.r);
}
END_TEST

/* --- programs' formats --- */

START_TEST(pdml_nests_by_depth)
{
	GMarkupParser parser = {0};
	GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, NULL, NULL);
	struct buf out = BUF_INIT;
	struct packet p;

	segment(&p, 9, "USER \"<&'>\"\r\n");
	request(&p, 0, 4, 6, 0);
	pdml_head(&out, "a \"file\" & <more>\n");
	pdml_packet(&out, &p.r);
	pdml_foot(&out);
	ck_assert(g_markup_parse_context_parse(context, out.s, (gssize)out.len, NULL));
	ck_assert(g_markup_parse_context_end_parse(context, NULL));
	ck_assert_ptr_nonnull(strstr(
		out.s,
		"show=\"USER\" value=\"55534552\"/>\n      <field name=\"pop.request.parameter\""));
	ck_assert_ptr_nonnull(
		strstr(out.s, "show=\"&quot;&lt;&amp;&#x27;&gt;&quot;\" value=\"223c26273e22\"/>\n"
			      "    </field>\n  </proto>"));
	g_markup_parse_context_free(context);
	buf_release(&out);
	record_release(&p.r);
}
END_TEST

START_TEST(pdml_is_clean)
{
	struct buf out = BUF_INIT;
	struct packet p;

	segment(&p, 9, "USER \"\t\x1b\x07>\"\r\n");
	request(&p, 0, 4, 6, 0);
	pdml_packet(&out, &p.r);
	ck_assert_ptr_nonnull(strstr(out.s, "show=\"&quot; \\x1b\\x7&gt;&quot;\""));
	for (size_t i = 0; i < out.len; i++)
		ck_assert(out.s[i] == '\n' || (unsigned char)out.s[i] >= ' ');
	buf_release(&out);
	record_release(&p.r);
}
END_TEST

static const char pack[] =
	"<pack xmlns=\"urn:tracetutor:1\" id=\"t\" version=\"1.0\">"
	"<rule id=\"refused\" severity=\"error\" fault=\"pop3-login-refused\">"
	"<title>The server refused</title><when>pop.request.command == \"USER\"</when>"
	"<headline>Refused: <v f=\"pop.request.parameter\"/></headline>"
	"<explain><p>One.</p><p>Two.</p></explain><advice>Look at it.</advice></rule>"
	"<rule id=\"blind\" severity=\"error\" fault=\"x\"><title>Names were found</title>"
	"<when>dns</when><needs>dns</needs></rule></pack>";

/* An engine that has seen the packets; packs must live as long. */
static struct engine *judged(const struct packet *p, size_t n, struct packs *packs)
{
	char name[] = "/tmp/check_report.XXXXXX.xml";
	struct diag d = DIAG_INIT;
	struct buf messages = BUF_INIT;
	struct engine *e;
	int fd = g_mkstemp(name);
	bool loaded;

	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert(g_file_set_contents(name, pack, -1, NULL));
	loaded = packs_load(packs, name, &d);
	unlink(name);
	diag_write(&d, &messages);
	ck_assert_msg(loaded, "%s", buf_text(&messages));
	e = engine_new(packs);
	for (size_t i = 0; i < n; i++)
		engine_record(e, &p[i].r);
	engine_end(e);
	buf_release(&messages);
	diag_release(&d);
	return e;
}

static const struct capture_facts facts = {.name = "tr\"ace\xff\n.pcap",
					   .packets = 1,
					   .bytes = 14,
					   .first_time = 1048532424000000000,
					   .last_time = 1048532424885000000};

/* If python3 is there, it reads the JSON and checks an expression on it. */
static void check_with_python(const char *json, const char *expression)
{
	char name[] = "/tmp/check_report.XXXXXX";
	char *code = g_strdup_printf("import json,sys\nd=json.load(open(sys.argv[1],"
				     "encoding='utf-8'))\nassert %s, d",
				     expression);
	const char *argv[] = {"python3", "-c", code, name, NULL};
	int fd = g_mkstemp(name), status = 0;

	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert(g_file_set_contents(name, json, -1, NULL));
	if (g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
			 &status, NULL))
		ck_assert_int_eq(status, 0);
	unlink(name);
	g_free(code);
}

START_TEST(json_is_as_promised)
{
	struct packs *packs = packs_new();
	struct buf out = BUF_INIT;
	struct engine *e;
	struct packet p;

	segment(&p, 14, "USER st\"eve\r\n");
	request(&p, 0, 4, 6, 0);
	e = judged(&p, 1, packs);
	report_json(&out, &facts, e);
	ck_assert_ptr_nonnull(strstr(out.s, "\"verdict\":{\"fault\":\"pop3-login-refused\","
					    "\"rule\":\"refused\","
					    "\"headline\":\"Refused: st\\\"eve\","
					    "\"confidence\":\"high\",\"packets\":[14]}"));
	ck_assert_ptr_nonnull(strstr(out.s, "\"first_time\":\"2003-03-24T19:00:24.000000Z\""));
	check_with_python(out.s, "d['version']==1 and d['capture']['duration']==0.885 and "
				 "d['findings'][0]['explained_by'] is None and "
				 "[u['rule'] for u in d['unknown']]==['blind'] and d['fine']==[]");
	engine_free(e);
	packs_free(packs);
	buf_release(&out);
	record_release(&p.r);
}
END_TEST

START_TEST(healthy_capture_has_no_verdict)
{
	struct packs *packs = packs_new();
	struct buf out = BUF_INIT;
	struct engine *e = judged(NULL, 0, packs);
	struct shown s;

	report_json(&out, &facts, e);
	check_with_python(out.s, "d['verdict'] is None and d['findings']==[]");
	ck_assert_ptr_nonnull(strstr(out.s, "\"verdict\":null,\"findings\":[]"));
	show_begin(&s);
	sink_end(s.sink, NODE_SECTION);
	report_verdict(&s.rep, e);
	sink_begin(s.sink, NODE_SECTION, NULL);
	ck_assert_ptr_nonnull(strstr(show_end(&s), "Nothing wrong was seen in this trace."));
	ck_assert_ptr_nonnull(
		strstr(s.out.s, "- Nothing can be said of these, because the trace holds no"));
	show_release(&s);
	engine_free(e);
	packs_free(packs);
	buf_release(&out);
}
END_TEST

/* --- the report for a helper --- */

static char *document(bool identities)
{
	static const struct report_answer answers[] = {{"Which server", "pop.example.org\033[6n"}};
	struct report_doc_options o = {.identities = identities,
				       .symptom = "My mail program cannot log in.",
				       .answers = answers,
				       .nanswers = 1,
				       .sha256 = "00112233"};
	struct sink_options so = {.width = 72, .fold_raw = true};
	struct packs *packs = packs_new();
	struct buf out = BUF_INIT;
	struct sink *sink = sink_buf_new(&out, &so);
	struct report_doc *doc = report_doc_new(sink, packs, &o);
	struct packet p[2];
	struct engine *e;

	segment(&p[0], 1, "USER steve35\r\n");
	request(&p[0], 0, 4, 7, FIELD_IDENTITY);
	segment(&p[1], 2, "PASS secret\r\n");
	request(&p[1], 0, 4, 6, FIELD_SECRET);
	e = judged(p, 2, packs);
	for (int i = 0; i < 2; i++)
		report_doc_learn(doc, &p[i].r);
	report_doc_begin(doc, &facts, e);
	for (int i = 0; i < 2; i++)
		report_doc_packet(doc, &p[i].r, NULL);
	ck_assert(report_doc_end(doc));
	report_doc_free(doc);
	sink_free(sink);
	engine_free(e);
	packs_free(packs);
	record_release(&p[0].r);
	record_release(&p[1].r);
	return buf_steal(&out);
}

START_TEST(document_tells_no_secret)
{
	char *text = document(false);

	ck_assert_ptr_null(strstr(text, "secret\r"));
	ck_assert_ptr_null(strstr(text, "PASS secret"));
	ck_assert_ptr_null(strchr(text, '\033'));
	ck_assert_ptr_nonnull(strstr(text, "PASS ******"));
	ck_assert_ptr_nonnull(strstr(text, "Refused: steve35"));
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		ck_assert_uint_le(g_utf8_strlen(line, strchr(line, '\n') - line), 72);
	g_free(text);
}
END_TEST

START_TEST(document_is_in_order)
{
	static const char *const sections[] = {"What is wrong",       "Verdict",
					       "Could not be judged", "The trace",
					       "Who said what",       "The packets that matter",
					       "What was masked",     "00112233"};
	char *text = document(true), *at = text;

	ck_assert_ptr_null(strstr(text, "steve35"));
	ck_assert_ptr_nonnull(strstr(text, "Refused: user1"));
	for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
		at = strstr(at, sections[i]);
		ck_assert_msg(at != NULL, "%s is missing or too early in\n%s", sections[i], text);
	}
	g_free(text);
}
END_TEST

static Suite *report_suite(void)
{
	Suite *s = suite_create("report");
	TCase *mask = tcase_create("mask"), *notes = tcase_create("notes"),
	      *formats = tcase_create("formats");

	tcase_add_test(mask, password_is_masked_everywhere);
	tcase_add_test(mask, user_name_is_an_identity);
	tcase_add_test(mask, bytes_not_understood_are_hidden);
	tcase_add_test(mask, secrets_in_the_stream_hide_the_frame);
	tcase_add_test(mask, running_text_is_masked);
	suite_add_tcase(s, mask);
	tcase_add_test(notes, concepts_are_explained_once);
	tcase_add_test(notes, noise_is_folded_with_its_reason);
	tcase_add_test(notes, decode_alone_is_the_lines);
	tcase_add_test(notes, summary_is_one_line);
	suite_add_tcase(s, notes);
	tcase_add_test(formats, pdml_nests_by_depth);
	tcase_add_test(formats, pdml_is_clean);
	tcase_add_test(formats, json_is_as_promised);
	tcase_add_test(formats, healthy_capture_has_no_verdict);
	tcase_add_test(formats, document_tells_no_secret);
	tcase_add_test(formats, document_is_in_order);
	suite_add_tcase(s, formats);
	return s;
}

UNIT_MAIN(report_suite)
