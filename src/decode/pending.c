/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pending: weak placeholders until each protocol's own file is there; goes away with the last. */
#include "tracetutor/field.h"

#include <stddef.h>

static void nothing(struct decoder *d, struct record *r, struct cursor *c)
{
	(void)d;
	(void)r;
	(void)c;
}

static const struct field_def ip_rows[] = {{.name = "ip", .label = "ip", .type = FT_PROTOCOL}};
extern const struct proto_def proto_ip;
__attribute__((weak)) const struct proto_def proto_ip = {.name = "ip",
							 .label = "ip",
							 .prefix = "ip",
							 .fields = ip_rows,
							 .nfields = 1,
							 .decode = nothing};
static const struct field_def ipv6_rows[] = {
	{.name = "ipv6", .label = "ipv6", .type = FT_PROTOCOL}};
extern const struct proto_def proto_ipv6;
__attribute__((weak)) const struct proto_def proto_ipv6 = {.name = "ipv6",
							   .label = "ipv6",
							   .prefix = "ipv6",
							   .fields = ipv6_rows,
							   .nfields = 1,
							   .decode = nothing};
static const struct field_def icmp_rows[] = {
	{.name = "icmp", .label = "icmp", .type = FT_PROTOCOL}};
extern const struct proto_def proto_icmp;
__attribute__((weak)) const struct proto_def proto_icmp = {.name = "icmp",
							   .label = "icmp",
							   .prefix = "icmp",
							   .fields = icmp_rows,
							   .nfields = 1,
							   .decode = nothing};
static const struct field_def icmpv6_rows[] = {
	{.name = "icmpv6", .label = "icmpv6", .type = FT_PROTOCOL}};
extern const struct proto_def proto_icmpv6;
__attribute__((weak)) const struct proto_def proto_icmpv6 = {.name = "icmpv6",
							     .label = "icmpv6",
							     .prefix = "icmpv6",
							     .fields = icmpv6_rows,
							     .nfields = 1,
							     .decode = nothing};
static const struct field_def tcp_rows[] = {{.name = "tcp", .label = "tcp", .type = FT_PROTOCOL}};
extern const struct proto_def proto_tcp;
__attribute__((weak)) const struct proto_def proto_tcp = {.name = "tcp",
							  .label = "tcp",
							  .prefix = "tcp",
							  .fields = tcp_rows,
							  .nfields = 1,
							  .decode = nothing};
static const struct field_def udp_rows[] = {{.name = "udp", .label = "udp", .type = FT_PROTOCOL}};
extern const struct proto_def proto_udp;
__attribute__((weak)) const struct proto_def proto_udp = {.name = "udp",
							  .label = "udp",
							  .prefix = "udp",
							  .fields = udp_rows,
							  .nfields = 1,
							  .decode = nothing};
static const struct field_def data_rows[] = {
	{.name = "data", .label = "data", .type = FT_PROTOCOL}};
extern const struct proto_def proto_data;
__attribute__((weak)) const struct proto_def proto_data = {.name = "data",
							   .label = "data",
							   .prefix = "data",
							   .fields = data_rows,
							   .nfields = 1,
							   .decode = nothing};
static const struct field_def pop_rows[] = {{.name = "pop", .label = "pop", .type = FT_PROTOCOL}};
extern const struct proto_def proto_pop;
__attribute__((weak)) const struct proto_def proto_pop = {.name = "pop",
							  .label = "pop",
							  .prefix = "pop",
							  .fields = pop_rows,
							  .nfields = 1,
							  .decode = nothing};
static const struct field_def smtp_rows[] = {
	{.name = "smtp", .label = "smtp", .type = FT_PROTOCOL}};
extern const struct proto_def proto_smtp;
__attribute__((weak)) const struct proto_def proto_smtp = {.name = "smtp",
							   .label = "smtp",
							   .prefix = "smtp",
							   .fields = smtp_rows,
							   .nfields = 1,
							   .decode = nothing};
static const struct field_def imap_rows[] = {
	{.name = "imap", .label = "imap", .type = FT_PROTOCOL}};
extern const struct proto_def proto_imap;
__attribute__((weak)) const struct proto_def proto_imap = {.name = "imap",
							   .label = "imap",
							   .prefix = "imap",
							   .fields = imap_rows,
							   .nfields = 1,
							   .decode = nothing};
static const struct field_def ftp_rows[] = {{.name = "ftp", .label = "ftp", .type = FT_PROTOCOL}};
extern const struct proto_def proto_ftp;
__attribute__((weak)) const struct proto_def proto_ftp = {.name = "ftp",
							  .label = "ftp",
							  .prefix = "ftp",
							  .fields = ftp_rows,
							  .nfields = 1,
							  .decode = nothing};
static const struct field_def nntp_rows[] = {
	{.name = "nntp", .label = "nntp", .type = FT_PROTOCOL}};
extern const struct proto_def proto_nntp;
__attribute__((weak)) const struct proto_def proto_nntp = {.name = "nntp",
							   .label = "nntp",
							   .prefix = "nntp",
							   .fields = nntp_rows,
							   .nfields = 1,
							   .decode = nothing};
static const struct field_def dns_rows[] = {{.name = "dns", .label = "dns", .type = FT_PROTOCOL}};
extern const struct proto_def proto_dns;
__attribute__((weak)) const struct proto_def proto_dns = {.name = "dns",
							  .label = "dns",
							  .prefix = "dns",
							  .fields = dns_rows,
							  .nfields = 1,
							  .decode = nothing};
static const struct field_def tt_conv_rows[] = {
	{.name = "tt.conv", .label = "tt.conv", .type = FT_PROTOCOL}};
extern const struct proto_def proto_tt_conv;
__attribute__((weak)) const struct proto_def proto_tt_conv = {.name = "tt.conv",
							      .label = "tt.conv",
							      .prefix = "tt.conv",
							      .fields = tt_conv_rows,
							      .nfields = 1,
							      .decode = nothing};
static const struct field_def tt_exchange_rows[] = {
	{.name = "tt.exchange", .label = "tt.exchange", .type = FT_PROTOCOL}};
extern const struct proto_def proto_tt_exchange;
__attribute__((weak)) const struct proto_def proto_tt_exchange = {.name = "tt.exchange",
								  .label = "tt.exchange",
								  .prefix = "tt.exchange",
								  .fields = tt_exchange_rows,
								  .nfields = 1,
								  .decode = nothing};
static const struct field_def tt_capture_rows[] = {
	{.name = "tt.capture", .label = "tt.capture", .type = FT_PROTOCOL}};
extern const struct proto_def proto_tt_capture;
__attribute__((weak)) const struct proto_def proto_tt_capture = {.name = "tt.capture",
								 .label = "tt.capture",
								 .prefix = "tt.capture",
								 .fields = tt_capture_rows,
								 .nfields = 1,
								 .decode = nothing};
