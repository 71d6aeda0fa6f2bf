/* SPDX-License-Identifier: GPL-3.0-or-later */
/* telnet rows: the field table of Telnet and the names of its values. */
#include "src/decode/telnet.h"

/* RFC 854 */
static const struct value_name commands[] = {{236, "End of File"},
					     {237, "Suspend Current Process"},
					     {238, "Abort Process"},
					     {239, "End of Record"},
					     {240, "Suboption End"},
					     {241, "No Operation"},
					     {242, "Data Mark"},
					     {243, "Break"},
					     {244, "Interrupt Process"},
					     {245, "Abort Output"},
					     {246, "Are You There?"},
					     {247, "Erase Character"},
					     {248, "Erase Line"},
					     {249, "Go Ahead"},
					     {250, "Suboption"},
					     {251, "Will: I am ready to"},
					     {252, "Won't: I do not"},
					     {253, "Do: please"},
					     {254, "Don't: please do not"},
					     {0, NULL}};

/* The IANA list of options */
const struct value_name telnet_options[] = {{0, "Binary Transmission"},
					    {1, "Echo: show what is typed"},
					    {3, "Suppress Go Ahead: both may speak"},
					    {5, "Status"},
					    {6, "Timing Mark"},
					    {24, "Terminal Type"},
					    {31, "Window Size"},
					    {32, "Terminal Speed"},
					    {33, "Remote Flow Control"},
					    {34, "Linemode"},
					    {35, "X Display Location"},
					    {36, "Environment"},
					    {37, "Authentication"},
					    {38, "Encryption"},
					    {39, "New Environment"},
					    {40, "TN3270E"},
					    {42, "Charset"},
					    {44, "COM Port Control"},
					    {46, "Start TLS"},
					    {0, NULL}};

const struct field_def telnet_rows[TELNET_ROWS] = {
	[TELNET] = {.name = "telnet", .label = "Telnet", .type = FT_PROTOCOL},
	[TELNET_CMD] = {"telnet.cmd", "Command", FT_UINT8, .values = commands, .see = "RFC 854"},
	[TELNET_SUBCMD] = {"telnet.subcmd", "Option", FT_UINT8, .values = telnet_options},
	[TELNET_STRING] = {"telnet.string_subopt.value", "Value", FT_STRING, .secrecy = IDENTITY},
	[TELNET_WIDTH] = {"telnet.naws_subopt.width", "Letters in a line", FT_UINT16, .size = 2},
	[TELNET_HEIGHT] = {"telnet.naws_subopt.height", "Lines", FT_UINT16, .size = 2},
	[TELNET_FLOW] = {"telnet.rfc_subopt.cmd", "Flow control", FT_UINT8, .size = 1},
	[TELNET_OPTION_DATA] = {"telnet.option_data", "Data of the option", FT_BYTES,
				.secrecy = IDENTITY},
	[TELNET_DATA] = {"telnet.data", "Text", FT_STRING,
			 .blurb = "What is typed, or shown. All of it can be read on the way."},
	[TT_USER] = {"tt.telnet.user", "User name", FT_STRING, .secrecy = IDENTITY},
	[TT_PASSWORD] = {"tt.telnet.password", "A password is typed", FT_BOOLEAN, .on = "Yes",
			 .off = "No",
			 .blurb =
				 "The server asked for a password; this is the answer, or a letter "
				 "of it."},
	[TT_REFUSED] = {"tt.telnet.refused", "Login refused", FT_BOOLEAN, .on = "Yes", .off = "No"},
};
