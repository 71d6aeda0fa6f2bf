/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTML: one self-contained page that is XML too. No script, nothing from outside, readable in
 * light, dark, print, on a telephone and in a text browser. Escaping is here and nowhere else.
 */
#include "config.h"

#include <string.h>

#include <glib.h>

#include "sink_html.h"
#include "tracetutor/sink.h"

struct html_sink {
	struct sink base;
	struct out out;
	char *title;
	bool notes; /* the cell of the explanations is open */
	bool list;  /* so is a list */
	bool fresh; /* a paragraph that has no text yet: it may become an item of a list */
	bool item;  /* it did */
	unsigned figures;
};

static struct html_sink *html_sink(struct sink *s)
{
	return (struct html_sink *)s;
}

void html_escape(struct out *o, const char *s, size_t n)
{
	size_t done = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		const char *as = c == '&'                ? "&amp;"
				 : c == '<'              ? "&lt;"
				 : c == '>'              ? "&gt;"
				 : c == '"'              ? "&quot;"
				 : c < 0x20 && c != '\n' ? "\xef\xbf\xbd"
							 : NULL;

		if (!as)
			continue;
		out_mem(o, s + done, i - done);
		out_str(o, as);
		done = i + 1;
	}
	out_mem(o, s + done, n - done);
}

static void escape(struct html_sink *h, const char *s, size_t n)
{
	html_escape(&h->out, s, n);
}

/* One rule a line; the colours first, for light and for dark. */
static const char style_sheet[] =
	":root{color-scheme:light dark;--ink:#1d2530;--soft:#5a6675;--page:#fbfcfd;--card:#fff;"
	"--raw:#f1f4f8;--line:#d6dde6;--link:#0b5cad;--good:#17692f;--bad:#a8141c;--bad-bg:#fdf1f1;"
	"--warn:#875700;--warn-bg:#fdf7e8}\n"
	"@media (prefers-color-scheme:dark){:root{--ink:#e4e9f0;--soft:#9dabbc;--page:#12161c;"
	"--card:#191f27;--raw:#1d242e;--line:#343f4d;--link:#84bbf7;--good:#7fd596;--bad:#ff9393;"
	"--bad-bg:#2c1a1d;--warn:#f0c264;--warn-bg:#2a2417}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 "
	"system-ui,sans-serif}\n"
	"main{max-width:84rem;margin:0 auto;padding:1.5rem 1.5rem 4rem}\n"
	"h1{font-size:1.05rem;font-weight:600;color:var(--soft);margin:0}\n"
	"h2{font-size:1.15rem;margin:2.2rem 0 .7rem}\n"
	"h3{font-size:1rem;margin:0}\n"
	"p{margin:.5rem 0;max-width:46rem}\n"
	"ul{margin:.4rem 0;padding-left:1.2rem;max-width:46rem}li{margin:.3rem 0}\n"
	"a{color:var(--link)}\n"
	"pre,code{font:.82rem/1.5 ui-monospace,SFMono-Regular,Menlo,monospace}\n"
	"code{background:var(--raw);border-radius:3px;padding:.05em .3em}\n"
	"pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}\n"
	"pre.code{background:var(--raw);border-radius:6px;padding:.7rem .9rem;"
	"overflow-x:auto}\n"
	"figure{margin:1rem 0}\n"
	".finding{background:var(--card);border:1px solid var(--line);"
	"border-left:5px solid var(--soft);border-radius:8px;padding:1rem 1.3rem;margin:.8rem 0}\n"
	".finding h3{font-size:1.15rem;line-height:1.4}.finding p:last-child{margin-bottom:0}\n"
	".finding.s3{background:var(--bad-bg);border-left-color:var(--bad)}\n"
	".finding.s2{background:var(--warn-bg);border-left-color:var(--warn)}\n"
	".s3 h3,.s3>strong,.bad{color:var(--bad)}.s2 h3,.s2>strong{color:var(--warn)}\n"
	".good{color:var(--good)}.term{font-style:italic}.question{font-weight:bold}\n"
	".packet{background:var(--card);border:1px solid var(--line);border-radius:8px;"
	"margin:1rem 0;overflow:hidden}\n"
	".packet h3{padding:.6rem 1rem;border-bottom:1px solid var(--line)}\n"
	".packet:target{border-color:var(--link);box-shadow:0 0 0 2px var(--link)}\n"
	"table{border-collapse:collapse;width:100%;table-layout:fixed}\n"
	"td{vertical-align:top;padding:.05rem 1rem}\n"
	"td.raw{width:50%;background:var(--raw)}\n"
	"tr:has(.note) td{border-top:1px solid var(--line);border-bottom:1px solid var(--line);"
	"padding-top:.35rem;padding-bottom:.35rem}\n"
	"tr:has(.note) td.raw{box-shadow:inset 3px 0 var(--link)}\n"
	".note{font-size:.93rem}.note+.note{margin-top:.5rem}.note p{margin:.1rem 0 .2rem}\n"
	"@media (max-width:56rem){main{padding:1rem .8rem 3rem}"
	"table,tbody,tr,td,td.raw{display:block;width:auto}td.say:empty{display:none}}\n"
	"@media print{body{font-size:10pt;background:none}main{padding:0}"
	".finding,tr{break-inside:avoid}a{text-decoration:none}}\n";

static void page_head(struct html_sink *h, const struct node_attr *a)
{
	const char *title = a->title ? a->title : h->title ? h->title : "tracetutor";

	out_str(&h->out,
		"<!DOCTYPE html>\n"
		"<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"en\">\n"
		"<head>\n<meta charset=\"utf-8\"/>\n"
		"<meta http-equiv=\"Content-Security-Policy\" "
		"content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		"<title>");
	escape(h, title, strlen(title));
	out_str(&h->out, "</title>\n<style>\n");
	out_str(&h->out, style_sheet);
	out_str(&h->out, svg_style);
	out_str(&h->out, "</style>\n</head>\n<body>\n<main>\n<h1>");
	escape(h, title, strlen(title));
	out_str(&h->out, "</h1>\n");
}

static void titled(struct html_sink *h, const char *tag, const char *word, const char *title)
{
	if (!title)
		return;
	out_char(&h->out, '<');
	out_str(&h->out, tag);
	out_char(&h->out, '>');
	out_str(&h->out, word);
	escape(h, title, strlen(title));
	out_str(&h->out, "</");
	out_str(&h->out, tag);
	out_str(&h->out, ">\n");
}

static void severity_class(struct html_sink *h, const char *element, const char *class,
			   int severity)
{
	out_char(&h->out, '<');
	out_str(&h->out, element);
	out_str(&h->out, " class=\"");
	out_str(&h->out, class);
	out_str(&h->out, severity >= 3 ? " s3\">" : severity == 2 ? " s2\">" : "\">");
}

static void packet_begin(struct html_sink *h, const struct node_attr *a)
{
	out_str(&h->out, "<article class=\"packet\"");
	if (a->number) {
		out_str(&h->out, " id=\"p");
		buf_dec(h->out.to, a->number);
		out_char(&h->out, '"');
	}
	out_str(&h->out, ">\n");
	if (a->title)
		titled(h, "h3", "", a->title);
	out_str(&h->out, "<table><tbody>\n");
}

static void note_begin(struct html_sink *h, const struct node_attr *a)
{
	if (!h->notes)
		out_str(&h->out, "<td class=\"say\">");
	h->notes = true;
	severity_class(h, "div", "note", a->severity);
	if (!a->title)
		return;
	out_str(&h->out, "<strong>");
	out_str(&h->out, sink_severity(a->severity));
	escape(h, a->title, strlen(a->title));
	out_str(&h->out, "</strong>");
}

static void list_end(struct html_sink *h)
{
	if (h->list)
		out_str(&h->out, "</ul>\n");
	h->list = false;
}

/* The first text of a paragraph says what it is: one that begins with "- " is an item of a list.
 * Returns the bytes of the mark. */
static size_t prose_open(struct html_sink *h, const char *text, size_t len)
{
	h->fresh = false;
	h->item = len >= 2 && !memcmp(text, "- ", 2);
	if (!h->item)
		list_end(h);
	else if (!h->list)
		out_str(&h->out, "<ul>\n");
	h->list = h->item;
	out_str(&h->out, h->item ? "<li>" : "<p>");
	return h->item ? 2 : 0;
}

static void figure(struct html_sink *h, const struct node_attr *a)
{
	out_str(&h->out, "<figure>\n");
	titled(h, "figcaption", "", a->title);
	out_str(&h->out, "<div class=\"draw\">\n");
	svg_write(&h->out, a->figure, a->title ? a->title : "", ++h->figures);
	out_str(&h->out, "</div>\n");
	titled(h, "p", "", a->figure->note);
}

static void html_begin(struct sink *s, enum node n, const struct node_attr *a)
{
	struct html_sink *h = html_sink(s);

	if (n != NODE_PROSE)
		list_end(h);
	switch (n) {
	case NODE_REPORT: page_head(h, a); break;
	case NODE_SECTION:
		out_str(&h->out, "<section>\n");
		titled(h, "h2", "", a->title);
		break;
	case NODE_PACKET: packet_begin(h, a); break;
	case NODE_ROW:
		out_str(&h->out, "<tr>");
		h->notes = false;
		break;
	case NODE_DECODE: out_str(&h->out, "<td class=\"raw\"><pre>"); break;
	case NODE_NOTE: note_begin(h, a); break;
	case NODE_FINDING:
		severity_class(h, "div", "finding", a->severity);
		titled(h, "h3", sink_severity(a->severity), a->title);
		break;
	case NODE_PROSE: h->fresh = true; break;
	case NODE_QUESTION: out_str(&h->out, "<p class=\"question\">"); break;
	case NODE_CODE: out_str(&h->out, "<pre class=\"code\">"); break;
	case NODE_FIGURE: figure(h, a); break;
	default: break;
	}
}

static bool is_number(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!g_ascii_isdigit(s[i]))
			return false;
	return n > 0 && n < 11;
}

static void html_text(struct sink *s, enum style st, const char *text, size_t len)
{
	static const char *const open[] = {
		[STYLE_PLAIN] = "",
		[STYLE_STRONG] = "<strong>",
		[STYLE_CODE] = "<code>",
		[STYLE_TERM] = "<span class=\"term\">",
		[STYLE_LINK] = "<a href=\"#p",
		[STYLE_GOOD] = "<span class=\"good\">",
		[STYLE_BAD] = "<span class=\"bad\">",
	};
	static const char *const close[] = {
		[STYLE_PLAIN] = "",       [STYLE_STRONG] = "</strong>", [STYLE_CODE] = "</code>",
		[STYLE_TERM] = "</span>", [STYLE_LINK] = "</a>",        [STYLE_GOOD] = "</span>",
		[STYLE_BAD] = "</span>",
	};
	struct html_sink *h = html_sink(s);

	if (h->fresh) {
		size_t mark = prose_open(h, text, len);

		text += mark;
		len -= mark;
	}
	if (st == STYLE_LINK && !is_number(text, len))
		st = STYLE_PLAIN;
	out_str(&h->out, open[st]);
	if (st == STYLE_LINK) {
		out_mem(&h->out, text, len);
		out_str(&h->out, "\">");
	}
	escape(h, text, len);
	out_str(&h->out, close[st]);
}

static void html_end(struct sink *s, enum node n)
{
	static const char *const close[NODE_COUNT] = {
		[NODE_REPORT] = "</main>\n</body>\n</html>\n",
		[NODE_SECTION] = "</section>\n",
		[NODE_PACKET] = "</tbody></table>\n</article>\n",
		[NODE_DECODE] = "</pre></td>",
		[NODE_NOTE] = "</div>",
		[NODE_FINDING] = "</div>\n",
		[NODE_CODE] = "</pre>\n",
		[NODE_FIGURE] = "</figure>\n",
		[NODE_QUESTION] = "</p>\n",
	};
	struct html_sink *h = html_sink(s);

	if (n == NODE_PROSE) {
		if (h->fresh)
			prose_open(h, "", 0);
		out_str(&h->out, h->item ? "</li>\n" : "</p>\n");
		return;
	}
	list_end(h);
	if (n == NODE_ROW)
		out_str(&h->out, h->notes ? "</td></tr>\n" : "<td class=\"say\"></td></tr>\n");
	else
		out_str(&h->out, close[n]);
}

static bool html_flush(struct sink *s)
{
	return out_flush(&html_sink(s)->out);
}

static void html_free(struct sink *s)
{
	struct html_sink *h = html_sink(s);

	out_release(&h->out);
	g_free(h->title);
	g_free(h);
}

static const struct sink_ops html_ops = {html_begin, html_text, html_end, html_flush, html_free};

struct sink *sink_html_new(int fd, const struct sink_options *o)
{
	struct html_sink *h = g_new0(struct html_sink, 1);

	h->base.ops = &html_ops;
	h->title = g_strdup(o->title);
	out_init(&h->out, fd, NULL, &h->base.error);
	return &h->base;
}
