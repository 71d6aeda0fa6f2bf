/* SPDX-License-Identifier: GPL-3.0-or-later */
/* story_say: the sentences of the story. */
#ifndef TRACETUTOR_SESSION_STORY_SAY_H
#define TRACETUTOR_SESSION_STORY_SAY_H

#include "src/session/milestones.h"

/* What is said of it: a sentence without its end; NULL: nothing. g_free() it. */
char *story_sentence(const struct milestone *m);
/* What is said when no answer came for so long; a whole sentence. */
char *overdue_sentence(const struct step *s, enum stage stage, const struct talk *t,
		       const struct lookup *l, int64_t waited);

#endif
