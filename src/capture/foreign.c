/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * foreign: what a file is that is no capture, and what to do about it.
 *
 * The most likely accident of a newcomer is to give the decoded listing for the trace, or to have
 * redirected the listing over the trace; other formats get the command that converts them.
 */
#include "config.h"

#include <string.h>

#include "src/capture/reader.h"

#define TEXT_LOOK 512 /* bytes looked at to tell text */

struct foreign {
	const char *magic;
	uint8_t len;
	const char *what, *hint;
};

#define CONVERT "Convert it: editcap -F pcapng OLD NEW.pcapng (editcap comes with Wireshark)."

static const struct foreign foreigners[] = {
	{"snoop\0\0", 7, "a snoop capture (Solaris), a format not read here", CONVERT},
	{"GMBU", 4, "a Microsoft Network Monitor capture, a format not read here", CONVERT},
	{"RTSS", 4, "a Microsoft Network Monitor 1 capture, a format not read here", CONVERT},
	{"XCP\0", 4, "a NetXRay capture, a format not read here", CONVERT},
	{"TRSNIFF data", 12, "a Sniffer capture, a format not read here", CONVERT},
	{"PK\003\004", 4, "a zip archive", "Unpack it with unzip and open the capture in it."},
	{"\xfd"
	 "7zXZ",
	 5, "compressed with xz", "Unpack it with unxz first."},
	{"BZh", 3, "compressed with bzip2", "Unpack it with bunzip2 first."},
	{"\x28\xb5\x2f\xfd", 4, "compressed with zstd", "Unpack it with unzstd first."},
	{"\x04\x22\x4d\x18", 4, "compressed with lz4", "Unpack it with unlz4 first."},
	{"\x1f\x8b\x08", 3, "compressed twice with gzip", "Unpack it with gunzip first."},
	{"\x7f"
	 "ELF",
	 4, "a program", "Name a capture file (.pcap or .pcapng)."},
};

/* memmem() over text that may hold no NUL. */
static bool holds(const uint8_t *p, size_t n, const char *word)
{
	return memmem(p, n, word, strlen(word)) != NULL;
}

static bool is_listing(const uint8_t *p, size_t n)
{
	return holds(p, n, "Reading packet headers") || holds(p, n, "---------- #:") ||
	       holds(p, n, "--- IP HEADER ---") || holds(p, n, "--- TCP HEADER ---");
}

static bool is_text(const uint8_t *p, size_t n)
{
	n = MIN(n, TEXT_LOOK);
	for (size_t i = 0; i < n; i++)
		if ((p[i] < 0x20 && !strchr("\t\n\r\f\033\b", p[i])) || !p[i] || p[i] == 0x7f)
			return false;
	return true;
}

bool not_a_capture(struct input *in, struct diag *d)
{
	const char *name = input_name(in);
	size_t n;
	const uint8_t *p;

	p = input_peek(in, INPUT_PEEK_MAX, &n);
	if (input_explain(in, d))
		return false;
	if (!n)
		return diag_fail(d,
				 "The recording was stopped before anything was written, or had no "
				 "right to record. Record it again.",
				 "%s is empty (0 bytes)", name);
	for (size_t i = 0; i < G_N_ELEMENTS(foreigners); i++)
		if (n >= foreigners[i].len && !memcmp(p, foreigners[i].magic, foreigners[i].len))
			return diag_fail(d, foreigners[i].hint, "%s is %s", name,
					 foreigners[i].what);
	if (is_listing(p, n))
		return diag_fail(
			d,
			"Open the .pcap or .pcapng file it was made from. If this was that "
			"file, the listing was probably redirected over the trace (> FILE), "
			"and the trace must be recorded again.",
			"%s is a decoded listing, not the trace itself", name);
	if (is_text(p, n))
		return diag_fail(d, "Name the capture file itself (.pcap or .pcapng).",
				 "%s is a text file, not a capture", name);
	return diag_fail(d, "Name a pcap or pcapng file, as tcpdump -w or Wireshark write them.",
			 "%s is not a capture file: its first bytes are of no known kind", name);
}
