/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libreadline: its functions and variables, loaded when a terminal is to be edited on (library.h).
 */
#ifndef TRACETUTOR_CONSOLE_LIBREADLINE_H
#define TRACETUTOR_CONSOLE_LIBREADLINE_H

#include <stdio.h> /* readline needs it, and does not include it */

#include <readline/history.h>
#include <readline/readline.h>

#include "tracetutor/library.h"

#define LIBREADLINE(X)                                                                             \
	X(add_history)                                                                             \
	X(clear_history)                                                                           \
	X(history_get)                                                                             \
	X(history_length)                                                                          \
	X(read_history)                                                                            \
	X(rl_attempted_completion_function)                                                        \
	X(rl_attempted_completion_over)                                                            \
	X(rl_callback_handler_install)                                                             \
	X(rl_callback_handler_remove)                                                              \
	X(rl_callback_read_char)                                                                   \
	X(rl_catch_signals)                                                                        \
	X(rl_catch_sigwinch)                                                                       \
	X(rl_clear_visible_line)                                                                   \
	X(rl_completer_word_break_characters)                                                      \
	X(rl_completion_matches)                                                                   \
	X(rl_deprep_term_function)                                                                 \
	X(rl_deprep_terminal)                                                                      \
	X(rl_forced_update_display)                                                                \
	X(rl_insert_text)                                                                          \
	X(rl_line_buffer)                                                                          \
	X(rl_point)                                                                                \
	X(rl_prep_term_function)                                                                   \
	X(rl_prep_terminal)                                                                        \
	X(rl_readline_name)                                                                        \
	X(rl_redisplay)                                                                            \
	X(rl_reset_screen_size)                                                                    \
	X(rl_resize_terminal)                                                                      \
	X(rl_set_prompt)                                                                           \
	X(stifle_history)                                                                          \
	X(using_history)                                                                           \
	X(write_history)

/* A variable's member is its address, too. */
struct libreadline {
	LIBREADLINE(LIBRARY_MEMBER)
};
extern struct libreadline libreadline; /* all NULL before libreadline_load() */

/* Load it unless it is there; false and a message if that cannot be done. */
bool libreadline_load(struct diag *d);

#endif
