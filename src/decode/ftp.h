/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ftp: the rows of FTP, and what its control connection tells of the data connections to come.
 */
#ifndef TRACETUTOR_DECODE_FTP_H
#define TRACETUTOR_DECODE_FTP_H

#include "tracetutor/decode.h"

enum ftp_row {
	FTP,
	FTP_REQUEST,
	FTP_RESPONSE,
	FTP_REQUEST_COMMAND,
	FTP_REQUEST_ARG,
	FTP_RESPONSE_CODE,
	FTP_RESPONSE_ARG,
	FTP_PASSIVE_IP,
	FTP_PASSIVE_PORT,
	FTP_PASSIVE_NAT,
	FTP_ACTIVE_IP,
	FTP_ACTIVE_PORT,
	FTP_ACTIVE_NAT,
	FTP_EPRT_AF,
	FTP_EPRT_IP,
	FTP_EPRT_IPV6,
	FTP_EPRT_PORT,
	FTP_EPSV_IP,
	FTP_EPSV_IPV6,
	FTP_EPSV_PORT,
	FTP_DIRECTORY,
	TT_GREETING,
	TT_COMMAND,
	TT_USER,
	TT_USER_FRAME,
	FTP_ROWS
};

extern const struct field_def ftp_rows[FTP_ROWS];

#define FTP_DIRECTORY_MAX 64

/* A data connection is announced: somebody will wait at that endpoint. `method` says how it was
 * made known: "PASV", "EPASV", "PORT", "EPRT". */
void ftp_data_announce(struct decoder *d, const struct record *r, const struct endpoint *at,
		       const char *method);
/* The control connection gives a command whose data go over the connection announced last. */
void ftp_data_command(struct decoder *d, const struct record *r, const uint8_t *text, uint32_t len,
		      const char *directory);

#endif
