/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_text: any bytes through the cleaner and, cleaned, through the sinks. What comes out holds
 * nothing that drives a terminal; cleaning it again changes nothing; the limit is kept; HTML holds
 * no markup but the sink's own.
 */
#include "config.h"

#include <sys/mman.h>
#include <unistd.h>

#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LIMIT 60

static void expect(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void clean_in_all_ways(struct buf *once, const uint8_t *data, size_t size)
{
	struct buf other = BUF_INIT, again = BUF_INIT;

	buf_clean(once, data, size);
	expect(text_is_clean(buf_text(once), once->len), "cleaned text is clean");
	buf_clean(&other, buf_text(once), once->len);
	expect(other.len == once->len, "cleaning again changes nothing");
	buf_reset(&other);
	buf_clean_max(&other, data, size, LIMIT);
	expect(other.len <= LIMIT, "the limit is kept");
	feed_expect_clean(&other);
	buf_clean_max(&again, buf_text(&other), other.len, LIMIT);
	expect(strcmp(buf_text(&again), buf_text(&other)) == 0, "cut text is not cut again");
	buf_reset(&other);
	buf_clean_lines(&other, data, size);
	feed_expect_clean(&other);
	buf_release(&other);
	buf_release(&again);
}

static void tell(struct sink *sink, const char *text)
{
	struct node_attr a = {.title = text, .number = 1};

	sink_begin(sink, NODE_REPORT, NULL);
	sink_begin(sink, NODE_SECTION, &a);
	sink_begin(sink, NODE_PACKET, &a);
	sink_begin(sink, NODE_ROW, NULL);
	sink_begin(sink, NODE_DECODE, NULL);
	sink_str(sink, STYLE_PLAIN, text);
	sink_end(sink, NODE_DECODE);
	sink_begin(sink, NODE_NOTE, &a);
	sink_begin(sink, NODE_PROSE, NULL);
	sink_str(sink, STYLE_STRONG, text);
	sink_end(sink, NODE_PROSE);
	sink_end(sink, NODE_NOTE);
	sink_end(sink, NODE_ROW);
	sink_end(sink, NODE_PACKET);
	sink_end(sink, NODE_SECTION);
	sink_end(sink, NODE_REPORT);
	expect(sink_flush(sink), "the sink could write");
	sink_free(sink);
}

static size_t count(const struct buf *b, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += b->s[i] == c;
	return n;
}

static void page(struct buf *out, const char *text)
{
	int fd = memfd_create("page", MFD_CLOEXEC);
	struct sink_options o = {.title = text};
	char piece[4096];
	ssize_t n;

	if (fd < 0)
		return;
	tell(sink_html_new(fd, &o), text);
	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		buf_mem(out, piece, (size_t)n);
	close(fd);
}

static void expect_same_markup(const char *text)
{
	static const char marks[] = "<>\"";
	struct buf plain = BUF_INIT, full = BUF_INIT;

	page(&plain, "a");
	page(&full, text);
	for (const char *m = marks; *m; m++)
		expect(count(&plain, *m) == count(&full, *m), "the page holds no foreign markup");
	buf_release(&plain);
	buf_release(&full);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT, shown = BUF_INIT;

	clean_in_all_ways(&text, data, size);
	for (unsigned width = 20; width <= 140; width += 60) {
		struct sink_options o = {
			.width = width, .side_by_side = width >= 100, .fold_raw = width < 100};

		tell(sink_buf_new(&shown, &o), buf_text(&text));
	}
	feed_expect_clean(&shown);
	buf_reset(&shown);
	buf_char(&shown, 'a'); /* "- " at the beginning would be an item of a list */
	buf_mem(&shown, buf_text(&text), text.len);
	expect_same_markup(buf_text(&shown));
	buf_release(&shown);
	buf_release(&text);
	return 0;
}
