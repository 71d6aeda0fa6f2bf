// SPDX-License-Identifier: GPL-3.0-or-later
/* The XML door: hostile files refused quickly and for the right reason, good ones read right. */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "tracetutor/xml.h"

#include "unit.h"

#define NS "xmlns=\"urn:tracetutor:1\""

static char *folder(void)
{
	const char *src = g_getenv("srcdir");

	return g_build_filename(src ? src : ".", "tests", "captures", "xml", NULL);
}

static char *schema(void)
{
	const char *src = g_getenv("srcdir");

	return g_build_filename(src ? src : ".", "lessons", "schema", "pack.xsd", NULL);
}

/* First message, "" if there is none. */
static const char *said(const struct diag *d)
{
	return d->count ? d->messages[0].text : "";
}

/* What each file must end with: NULL accepted, else a part of the message. */
static const struct {
	const char *file, *message;
} hostile[] = {
	{"xml-01-billion-laughs.xml", ":2: error: a document type"},
	{"xml-03-entity-loop.xml", ":2: error: a document type"},
	{"xml-04-xxe-file.xml", ":2: error: a document type"},
	{"xml-05-xxe-http.xml", ":2: error: a document type"},
	{"xml-06-external-dtd.xml", ":2: error: a document type"},
	{"xml-07-parameter-entity-fetch.xml", ":2: error: a document type"},
	{"xml-08-xinclude.xml", NULL},
	{"xml-09-stylesheet-pi.xml", NULL},
	{"xml-11-deep-nesting-unclosed.xml", ":2: error: elements stand inside each other"},
	{"xml-14-hash-collision-names.xml", NULL},
	{"xml-19-char-ref-nul.xml", ":2:"},
	{"xml-20-char-ref-controls.xml", NULL},
	{"xml-21-raw-nul.xml", ":1: error: there is a NUL byte"},
	{"xml-22-invalid-utf8.xml", ":1: error: there are bytes that are not UTF-8"},
	{"xml-23-utf16-no-bom.xml", NULL},
	{"xml-24-utf7.xml", ":1: error: the declared encoding"},
	{"xml-25-encoding-lies.xml", NULL},
	{"xml-26-unterminated-cdata.xml", ":2:"},
	{"xml-27-duplicate-attribute.xml", "the same attribute twice"},
	{"xml-28-attribute-default-bomb.xml", ":2: error: a document type"},
	{"xml-30-empty.xml", "the file is empty"},
	{"xml-31-not-xml.xml", ":1:1: error: this is not XML"},
	{"xml-32-only-bom.xml", "the file is empty"},
	{"xml-33-truncated.xml", ":1:"},
	{"xml-34-second-root.xml", ":2:"},
	{"xml-35-regex-hostile-patterns.xml", NULL},
};

START_TEST(hostile_files)
{
	char *dir = folder();
	char *path = g_build_filename(dir, hostile[_i].file, NULL);
	struct diag d = DIAG_INIT;
	gint64 start = g_get_monotonic_time();
	struct xml_doc *doc = xml_load(path, NULL, &d);

	ck_assert_int_lt(g_get_monotonic_time() - start, G_USEC_PER_SEC);
	if (hostile[_i].message) {
		ck_assert_ptr_null(doc);
		ck_assert_uint_eq(d.count, 1);
		ck_assert_msg(strstr(said(&d), hostile[_i].message), "%s", said(&d));
	} else {
		ck_assert_msg(doc && !d.count, "%s", said(&d));
	}
	xml_free(doc);
	diag_release(&d);
	g_free(path);
	g_free(dir);
}
END_TEST

/* Text made of `before`, n times `again` (with %u for the turn), `after`. */
static char *bulk(const char *before, const char *again, unsigned n, const char *after)
{
	GString *s = g_string_new(before);
	char **parts = g_strsplit(again, "%u", 2);

	for (unsigned i = 0; i < n; i++) {
		g_string_append(s, parts[0]);
		if (parts[1])
			g_string_append_printf(s, "%u%s", i, parts[1]);
	}
	g_string_append(s, after);
	g_strfreev(parts);
	return g_string_free(s, FALSE);
}

/* The large hostile files, made here. */
static const struct {
	const char *before, *again;
	unsigned n;
	const char *after, *message;
} large[] = {
	{"<a>\n<!DOCTYPE x [<!ENTITY a \"", "x", 100000, "\">]><r>&a;&a;</r>",
	 ":2: error: a document type"},
	{"", "<a>", 20000, "", "elements stand inside each other too deeply"},
	{"<rules", " a%u=\"1\"", 300000, "/>", "too many attributes"},
	{"<rules", " xmlns:n%u=\"u\"", 8000, "/>", "too many attributes"},
	{"<", "n", 190000, "/>", "this name is too long"},
	{"<rules id=\"", "v", 190000, "\"/>", "this tag is too long"},
	{"<r><!--", "c ", 90000, "--></r>", NULL},
	{"<r>", "&amp;", 35000, "</r>", NULL},
	{"<!DOCTYPE r [<!ATTLIST rule", " a%u CDATA \"\"", 60000, ">]><r/>",
	 ":1: error: a document type"},
	{"<r>", "<a/>", 60000, "</r>", "too many elements"},
	/* Something broken before the large tag must not open a way around the limits. */
	{"<r><? ", "<b a%u=''>", 3000, "", ":1:"},
	{"<r><![CDATA[]]]]><b", " a%u='1'", 100000, "/></r>", "too many attributes"},
	{"<r><?x <b", " a%u='1'", 100000, "", ":1:"},
};

START_TEST(large_files)
{
	char *text = bulk(large[_i].before, large[_i].again, large[_i].n, large[_i].after);
	struct diag d = DIAG_INIT;
	gint64 start = g_get_monotonic_time();
	struct xml_doc *doc = xml_parse("big.xml", text, strlen(text), NULL, &d);

	ck_assert_int_lt(g_get_monotonic_time() - start, G_USEC_PER_SEC);
	if (large[_i].message) {
		ck_assert_ptr_null(doc);
		ck_assert_msg(strstr(said(&d), large[_i].message), "%s", said(&d));
	} else {
		ck_assert_msg(doc && !d.count, "%s", said(&d));
	}
	xml_free(doc);
	diag_release(&d);
	g_free(text);
}
END_TEST

START_TEST(file_kinds)
{
	char *dir = g_dir_make_tmp("tracetutor-XXXXXX", NULL);
	char *fifo = g_build_filename(dir, "fifo.xml", NULL);
	char *big = g_build_filename(dir, "big.xml", NULL);
	struct diag d = DIAG_INIT;
	int fd;

	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	ck_assert_ptr_null(xml_load(fifo, NULL, &d));
	ck_assert_ptr_null(xml_load("/dev/zero", NULL, &d));
	ck_assert_ptr_null(xml_load(dir, NULL, &d));
	for (size_t i = 0; i < 3; i++)
		ck_assert_ptr_nonnull(strstr(d.messages[i].text, "not an ordinary file"));
	ck_assert_ptr_null(xml_load("/nonexistent/x.xml", NULL, &d));
	ck_assert_ptr_nonnull(strstr(d.messages[3].text, "there is no such file"));
	fd = open(big, O_CREAT | O_WRONLY | O_EXCL, 0600);
	ck_assert_int_eq(ftruncate(fd, XML_MAX_FILE + 1), 0);
	close(fd);
	ck_assert_ptr_null(xml_load(big, NULL, &d));
	ck_assert_ptr_nonnull(strstr(d.messages[4].text, "larger than 4 MiB"));
	diag_release(&d);
	g_unlink(fifo);
	g_unlink(big);
	g_rmdir(dir);
	g_free(fifo);
	g_free(big);
	g_free(dir);
}
END_TEST

static struct xml_doc *parse(const char *text, const char *xsd, struct diag *d)
{
	return xml_parse("t.xml", text, strlen(text), xsd, d);
}

START_TEST(tree)
{
	struct diag d = DIAG_INIT;
	struct xml_doc *doc =
		parse("<?xml version='1.0' encoding='ISO-8859-1'?>\n"
		      "<pack " NS " xml:lang='de' xmlns:x='urn:x'><!-- c -->\n"
		      "<rule id='a'>  gr\xFC\xDF <em> dich\n</em><![CDATA[<&]]></rule>"
		      "<x:rule/><rule id='b'/></pack>",
		      NULL, &d);
	const struct xml_node *rule;
	char *text;

	ck_assert_msg(doc, "%s", said(&d));
	ck_assert_str_eq(xml_root(doc)->name, "pack");
	ck_assert_str_eq(xml_namespace(doc), "urn:tracetutor:1");
	ck_assert_str_eq(xml_attr(xml_root(doc), "xml:lang"), "de");
	ck_assert_ptr_null(xml_attr(xml_root(doc), "lang"));
	rule = xml_child(xml_root(doc), "rule");
	ck_assert_uint_eq(rule->line, 3);
	text = xml_text(rule);
	ck_assert_str_eq(text, "gr\xC3\xBC\xC3\x9F dich <&");
	g_free(text);
	rule = xml_same(rule);
	ck_assert_str_eq(xml_attr(rule, "id"), "b");
	ck_assert_ptr_null(xml_same(rule));
	ck_assert_ptr_nonnull(xml_child(xml_root(doc), "x:rule"));
	xml_free(doc);
	diag_release(&d);
}
END_TEST

START_TEST(utf16)
{
	struct diag d = DIAG_INIT;
	gsize n;
	char *wide = g_convert("\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-16'?><r>\xC3\xA9</r>",
			       -1, "UTF-16BE", "UTF-8", NULL, &n, NULL);
	struct xml_doc *doc = xml_parse("w.xml", wide, n, NULL, &d);
	char *text;

	ck_assert_msg(doc, "%s", said(&d));
	text = xml_text(xml_root(doc));
	ck_assert_str_eq(text, "\xC3\xA9");
	g_free(text);
	xml_free(doc);
	/* an odd number of bytes is not UTF-16 */
	ck_assert_ptr_null(xml_parse("w.xml", wide, n - 1, NULL, &d));
	g_free(wide);
	diag_release(&d);
}
END_TEST

/* Typos get a place, our words and a nearby name. */
static const struct {
	const char *text, *place, *what, *hint;
} typos[] = {
	{"<pack " NS " id='p' version='1.0'>\n <rule id='r'>\n  <whne>tcp</whne>\n </rule></pack>",
	 "t.xml:3:3: ", "<whne> is not known here", "Did you mean <when>?"},
	{"<pack " NS " id='p' version='1.0'>\n <rule id='r' sevrity='warn'/></pack>",
	 "t.xml:2:15: ", "<rule> has no attribute sevrity", "Did you mean severity=?"},
	{"<pack " NS " id='p' version='1.0'>\n <rule id='r' severity='eror'/></pack>",
	 "t.xml:2:25: ", "\"eror\" is not a value", "Did you mean \"error\"?"},
	{"<pack " NS " id='p' version='1.0'>\n <rule/></pack>",
	 "t.xml:2:2: ", "<rule> lacks the attribute id", "Add it"},
	{"<pack " NS " id='p' version='1.0'>\n <when>tcp</when></pack>",
	 "t.xml:2:2: ", "<when> cannot stand inside <pack>", "doc/packs.md"},
	{"<pack " NS " id='p' version='1.0'>\n <rule id='r'>words</rule></pack>",
	 "t.xml:2:", "text cannot stand directly in this element", "Put the text into"},
	{"<pak " NS " id='p' version='1.0'/>", "t.xml:1:1: ", "<pak> is not known here",
	 "Did you mean <pack>?"},
};

START_TEST(schema_typos)
{
	struct diag d = DIAG_INIT;
	char *xsd = schema();

	ck_assert_ptr_null(parse(typos[_i].text, xsd, &d));
	ck_assert_uint_eq(d.count, 1);
	ck_assert_msg(g_str_has_prefix(said(&d), typos[_i].place), "%s", said(&d));
	ck_assert_msg(strstr(said(&d), typos[_i].what), "%s", said(&d));
	ck_assert_msg(strstr(said(&d), typos[_i].hint), "%s", said(&d));
	diag_release(&d);
	g_free(xsd);
}
END_TEST

START_TEST(all_errors_at_once)
{
	struct diag d = DIAG_INIT;
	char *xsd = schema();

	ck_assert_ptr_null(parse("<pack " NS " id='p' version='1.0'>\n<rule id='a' on='x'/>\n"
				 "<rule id='b' fold='maybe'/>\n<rule id='C!'/></pack>",
				 xsd, &d));
	ck_assert_uint_eq(d.errors, 3);
	diag_release(&d);
	g_free(xsd);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("xml");
	TCase *c = tcase_create("xml");

	tcase_add_loop_test(c, hostile_files, 0, G_N_ELEMENTS(hostile));
	tcase_add_loop_test(c, large_files, 0, G_N_ELEMENTS(large));
	tcase_add_test(c, file_kinds);
	tcase_add_test(c, tree);
	tcase_add_test(c, utf16);
	tcase_add_loop_test(c, schema_typos, 0, G_N_ELEMENTS(typos));
	tcase_add_test(c, all_errors_at_once);
	suite_add_tcase(s, c);
	return s;
}

UNIT_MAIN(suite)
