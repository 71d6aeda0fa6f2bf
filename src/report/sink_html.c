/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTML: one self-contained page that is XML too. No script, nothing from outside, readable in
 * light, dark, print, on a telephone and in a text browser. Escaping is here and nowhere else.
 */
#include "config.h"

#include <glib.h>

#include "out.h"
#include "tracetutor/sink.h"

struct html_sink {
	struct sink base;
	struct out out;
	char *title;
	bool notes; /* the cell of the explanations is open */
};

static struct html_sink *html_sink(struct sink *s)
{
	return (struct html_sink *)s;
}

/* Text and attribute values: what XML and HTML need escaped, and nothing that XML forbids. */
static void escape(struct html_sink *h, const char *s, size_t n)
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
		out_mem(&h->out, s + done, i - done);
		out_str(&h->out, as);
		done = i + 1;
	}
	out_mem(&h->out, s + done, n - done);
}

static const char style_sheet[] =
	":root{--ink:#1c2430;--soft:#5b6675;--page:#fff;--raw:#f3f5f8;--line:#d5dbe3;--link:#"
	"0b57a4;"
	"--good:#1a6b2f;--bad:#a3161d;--warn:#8a5a00}\n"
	"@media (prefers-color-scheme:dark){:root{--ink:#e3e8ef;--soft:#9aa7b8;--page:#14181f;"
	"--raw:#1c222c;--line:#353f4d;--link:#7db7f5;--good:#7ed495;--bad:#ff8f8f;--warn:#f0c060}}"
	"\n"
	"body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 "
	"system-ui,sans-serif}\n"
	"main{max-width:90rem;margin:0 auto;padding:1rem 1.25rem 3rem}\n"
	"h1{font-size:1.5rem}h2{font-size:1.25rem;margin-top:2rem;border-bottom:1px solid "
	"var(--line)}"
	"h3{font-size:1rem;margin:1.25rem 0 .4rem}\n"
	"a{color:var(--link)}p{margin:.4rem 0;max-width:45rem}p.item{padding-left:1rem;"
	"text-indent:-.7rem}\n"
	"pre,code{font:.85rem/1.45 ui-monospace,monospace}code{background:var(--raw);"
	"padding:0 .2em}\n"
	"pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}"
	"pre.code,figure pre{background:var(--raw);padding:.6rem .8rem;overflow-x:auto}\n"
	"figure{margin:1rem 0}\n"
	"table{border-collapse:collapse;width:100%;background:var(--raw)}"
	"td{vertical-align:top;padding:.1rem .7rem}td.raw{width:54%}"
	"td.say{background:var(--page);border-left:3px solid var(--line)}\n"
	".note p{margin:.1rem 0 .3rem}.s3{border-left:3px solid var(--bad);padding-left:.6rem}"
	".s2{border-left:3px solid var(--warn);padding-left:.6rem}\n"
	".term{font-style:italic}.good{color:var(--good)}.bad,.s3 h3{color:var(--bad)}\n"
	".question{font-weight:bold}article:target h3{background:var(--line)}\n"
	"@media (max-width:60rem){table,tbody,tr,td,td.raw{display:block;width:auto}"
	"td.say:empty{display:none}}\n"
	"@media print{body{font-size:10pt}main{padding:0}article,.finding{break-inside:avoid-page}"
	"a{text-decoration:none}}\n";

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

static void html_begin(struct sink *s, enum node n, const struct node_attr *a)
{
	struct html_sink *h = html_sink(s);

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
	case NODE_PROSE: out_str(&h->out, "<p>"); break;
	case NODE_QUESTION: out_str(&h->out, "<p class=\"question\">"); break;
	case NODE_CODE: out_str(&h->out, "<pre class=\"code\">"); break;
	case NODE_FIGURE:
		out_str(&h->out, "<figure>");
		titled(h, "figcaption", "", a->title);
		out_str(&h->out, "<pre>");
		break;
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
		[NODE_PROSE] = "</p>\n",
		[NODE_CODE] = "</pre>\n",
		[NODE_FIGURE] = "</pre></figure>\n",
		[NODE_QUESTION] = "</p>\n",
	};
	struct html_sink *h = html_sink(s);

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
