/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage_words: what the files of stages share. */
#ifndef TRACETUTOR_SESSION_STAGE_WORDS_H
#define TRACETUTOR_SESSION_STAGE_WORDS_H

#include "src/session/milestones.h"

struct stages {
	struct milestones m;
	bool fresh; /* what follows is worked out */
	struct stage_result results[STAGE_COUNT];
	const struct talk *chosen;   /* NULL: none */
	const struct lookup *lookup; /* NULL: none */
	struct stages_talk talk;
	struct buf who;
};

/* Is it the same server? 2: and port, 1: by address or name, 0: it is not (or NULL). */
int talks_alike(const struct talk *t, const struct talk *like);
/* The conversation it is about; one with the server of `like` (or NULL) before all others. */
const struct talk *stages_choose(const struct stages *s, const struct talk *like);
/* Is that conversation (tcp.stream) one with the server the person named? */
bool stages_own(const struct stages *s, uint32_t index);
void stages_work_out(struct stages *s, const struct talk *like);
/* The step behind a result, or NULL. */
const struct step *result_step(const struct stages *s, enum stage stage);
/* "refused: -ERR bad password"; g_free() it; NULL: nothing to say. */
char *result_words(const struct stages *s, enum stage stage);

#endif
