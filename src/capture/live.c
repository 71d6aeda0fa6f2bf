/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * live: frames from an interface through libpcap.
 *
 * Not libpcap's "immediate mode": there each frame takes a slot as long as the longest frame could
 * be (on most cards and on lo 256 KiB, because the kernel hands on segments put together), and
 * 32 MB of buffer hold 128 of them, which 20,000 packets a second fill in 6 ms. The kernel's blocks
 * (TPACKET_V3) hold frames of any length one after another, and are handed on when they are full or
 * WAIT_MS old: a packet is late by at most that, and a second's traffic fits.
 */
#include "config.h"

#include "tracetutor/live.h"

#include <errno.h>
#include <glib.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>

#include "src/capture/libpcap.h"
#include "src/capture/reader.h"
#include "src/capture/stream.h"

#define BUFFER_BYTES   (32 << 20)
#define WAIT_MS        10
#define LINKTYPE_SLL   113
#define SLL_OUTGOING   4 /* packet type in its first two bytes: sent by us */
#define SLL_OTHER_HOST 3
#define ANY            "any"

struct live {
	struct stream *stream; /* from another program; then nothing below is used */
	pcap_t *pcap;
	unsigned index; /* of the interface; 0: all of them */
	uint32_t link_type, snap_length;
	bool nanoseconds;
	live_each *each; /* of the live_next() at work */
	void *context;
};

/* --- opening --- */

static bool no_interface(const char *name, struct diag *d)
{
	struct if_nameindex *list = if_nameindex();
	GString *hint = g_string_new("This computer has:");

	for (size_t i = 0; list && list[i].if_index; i++)
		g_string_append_printf(hint, "%s %s", i ? "," : "", list[i].if_name);
	diag_fail(d, hint->str, "there is no network interface called \"%s\"", name);
	g_string_free(hint, TRUE);
	if_freenameindex(list);
	return false;
}

static enum live_why why_failed(int rc)
{
	switch (rc) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED: return LIVE_FORBIDDEN;
	case PCAP_ERROR_NO_SUCH_DEVICE: return LIVE_NO_INTERFACE;
	default: return LIVE_FAILED;
	}
}

static bool activate_failed(pcap_t *pcap, const char *name, int rc, enum live_why *why,
			    struct diag *d)
{
	*why = why_failed(rc);
	if (*why == LIVE_FORBIDDEN)
		return diag_fail(d, NULL, "you have no permission to record on %s", name);
	if (*why == LIVE_NO_INTERFACE)
		return no_interface(name, d);
	if (rc == PCAP_ERROR_IFACE_NOT_UP)
		return diag_fail(d, "Connect to the network first, then record.",
				 "the network interface %s is switched off", name);
	return diag_fail(d, "Choose another interface.", "%s cannot be recorded: %s", name,
			 *libpcap.pcap_geterr(pcap) ? libpcap.pcap_geterr(pcap)
						    : libpcap.pcap_statustostr(rc));
}

static bool compile(pcap_t *pcap, const char *filter, struct bpf_program *program, struct diag *d)
{
	if (!libpcap.pcap_compile(pcap, program, filter, 1, PCAP_NETMASK_UNKNOWN))
		return true;
	return diag_fail(d,
			 "Recording uses the filters of tcpdump, for example: host 192.0.2.1, "
			 "port 110, tcp port 80 or udp port 53. Without a filter everything is "
			 "recorded.",
			 "the recording filter \"%s\" is not understood: %s", filter,
			 libpcap.pcap_geterr(pcap));
}

static bool set_filter(pcap_t *pcap, const char *filter, enum live_why *why, struct diag *d)
{
	struct bpf_program program;
	bool fine;

	*why = LIVE_BAD_FILTER;
	if (!compile(pcap, filter, &program, d))
		return false;
	fine = !libpcap.pcap_setfilter(pcap, &program);
	libpcap.pcap_freecode(&program);
	*why = LIVE_FAILED;
	return fine || diag_fail(d, "Record without a filter.", "the filter cannot be set: %s",
				 libpcap.pcap_geterr(pcap));
}

static bool live_activate(struct live *l, const char *name, uint32_t snap_length,
			  enum live_why *why, struct diag *d)
{
	int rc;

	libpcap.pcap_set_snaplen(l->pcap,
				 (int)(snap_length ? MIN(snap_length, FRAME_MAX) : FRAME_MAX));
	libpcap.pcap_set_promisc(l->pcap, 0);
	libpcap.pcap_set_timeout(l->pcap, WAIT_MS);
	libpcap.pcap_set_buffer_size(l->pcap, BUFFER_BYTES);
	libpcap.pcap_set_tstamp_precision(l->pcap, PCAP_TSTAMP_PRECISION_NANO);
	rc = libpcap.pcap_activate(l->pcap);
	if (rc < 0)
		return activate_failed(l->pcap, name, rc, why, d);
	if (!l->index)
		libpcap.pcap_set_datalink(l->pcap, DLT_LINUX_SLL);
	return true;
}

static bool live_start(struct live *l, const char *name, const char *filter, uint32_t snap_length,
		       enum live_why *why, struct diag *d)
{
	char error[PCAP_ERRBUF_SIZE] = "";

	*why = LIVE_NO_INTERFACE;
	l->index = if_nametoindex(name);
	if (!l->index && strcmp(name, ANY))
		return no_interface(name, d);
	*why = LIVE_FAILED;
	if (!libpcap_load(d))
		return false;
	l->pcap = libpcap.pcap_create(name, error);
	if (!l->pcap)
		return diag_fail(d, "Choose another interface.", "%s cannot be recorded: %s", name,
				 error);
	if (!live_activate(l, name, snap_length, why, d))
		return false;
	if (filter && *filter && !set_filter(l->pcap, filter, why, d))
		return false;
	if (libpcap.pcap_setnonblock(l->pcap, 1, error) < 0)
		return diag_fail(d, "Choose another interface.", "%s cannot be recorded: %s", name,
				 error);
	l->link_type = link_type_from_file((uint32_t)libpcap.pcap_datalink(l->pcap));
	l->snap_length = (uint32_t)libpcap.pcap_snapshot(l->pcap);
	l->nanoseconds = libpcap.pcap_get_tstamp_precision(l->pcap) == PCAP_TSTAMP_PRECISION_NANO;
	return true;
}

struct live *live_open(const char *interface, const char *filter, uint32_t snap_length,
		       enum live_why *why, struct diag *d)
{
	struct live *l = g_new0(struct live, 1);

	if (live_start(l, interface, filter, snap_length, why, d))
		return l;
	live_close(l);
	return NULL;
}

struct live *live_from_stream(int fd, unsigned seconds, struct diag *d)
{
	struct stream *s = stream_open(fd, seconds, d);
	struct live *l;

	if (!s)
		return NULL;
	l = g_new0(struct live, 1);
	l->stream = s;
	l->link_type = stream_link_type(s);
	l->snap_length = stream_snap_length(s);
	return l;
}

void live_close(struct live *l)
{
	if (!l)
		return;
	if (l->stream)
		stream_close(l->stream);
	if (l->pcap)
		libpcap.pcap_close(l->pcap);
	g_free(l);
}

uint32_t live_link_type(const struct live *l)
{
	return l->link_type;
}

uint32_t live_snap_length(const struct live *l)
{
	return l->snap_length;
}

int live_fd(const struct live *l)
{
	return l->stream ? stream_fd(l->stream) : libpcap.pcap_get_selectable_fd(l->pcap);
}

/* --- fetching --- */

/* The cooked header says who sent the frame; others do not. */
static enum frame_direction direction_of(const struct live *l, const struct pcap_pkthdr *h,
					 const uint8_t *bytes)
{
	unsigned type;

	if (l->link_type != LINKTYPE_SLL || h->caplen < 2)
		return DIR_UNKNOWN;
	type = (unsigned)bytes[0] << 8 | bytes[1];
	return type == SLL_OUTGOING ? DIR_OUT : type < SLL_OTHER_HOST ? DIR_IN : DIR_UNKNOWN;
}

static void live_frame(u_char *user, const struct pcap_pkthdr *h, const u_char *bytes)
{
	const struct live *l = (const struct live *)user;
	struct frame f = {.time = (int64_t)h->ts.tv_sec * 1000000000 +
				  (int64_t)h->ts.tv_usec * (l->nanoseconds ? 1 : 1000),
			  .captured = MIN(h->caplen, FRAME_MAX),
			  .original = h->len,
			  .link_type = l->link_type,
			  .direction = direction_of(l, h, bytes),
			  .data = bytes};

	l->each(l->context, &f);
}

/* Is the interface there, and switched on? Found by its number: it may have been renamed. */
static enum live_status interface_state(const struct live *l)
{
	struct ifreq r = {.ifr_ifindex = (int)l->index};

	if (!l->index)
		return LIVE_FRAMES;
	if (ioctl(live_fd(l), SIOCGIFNAME, &r) < 0 || ioctl(live_fd(l), SIOCGIFFLAGS, &r) < 0)
		return errno == ENODEV || errno == ENXIO ? LIVE_GONE : LIVE_FRAMES;
	return r.ifr_flags & IFF_UP ? LIVE_FRAMES : LIVE_DOWN;
}

enum live_status live_next(struct live *l, unsigned most, live_each *each, void *context,
			   unsigned *given)
{
	enum live_status state;
	int n;

	if (l->stream)
		return stream_next(l->stream, most, each, context, given);
	l->each = each;
	l->context = context;
	n = libpcap.pcap_dispatch(l->pcap, (int)most, live_frame, (u_char *)l);
	*given = n > 0 ? (unsigned)n : 0;
	if (n > 0)
		return LIVE_FRAMES;
	state = interface_state(l);
	return n < 0 && state == LIVE_FRAMES ? LIVE_GONE : state;
}

bool live_dropped(struct live *l, uint64_t *dropped)
{
	struct pcap_stat s;

	if (l->stream || libpcap.pcap_stats(l->pcap, &s) < 0)
		return false;
	*dropped = s.ps_drop;
	return true;
}

bool live_filter_check(const char *filter, struct diag *d)
{
	struct bpf_program program;
	pcap_t *pcap;
	bool fine;

	if (!libpcap_load(d))
		return false;
	pcap = libpcap.pcap_open_dead_with_tstamp_precision(DLT_EN10MB, FRAME_MAX,
							    PCAP_TSTAMP_PRECISION_NANO);
	fine = compile(pcap, filter, &program, d);
	if (fine)
		libpcap.pcap_freecode(&program);
	libpcap.pcap_close(pcap);
	return fine;
}
