/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pending: weak placeholders until filter, rules and the report document are there. */
#include <stddef.h>

void *filter_free(void);
__attribute__((weak)) void *filter_free(void)
{
	return NULL;
}

void *filter_compile(void);
__attribute__((weak)) void *filter_compile(void)
{
	return NULL;
}

void *filter_match(void);
__attribute__((weak)) void *filter_match(void)
{
	return NULL;
}

void *filter_text(void);
__attribute__((weak)) void *filter_text(void)
{
	return NULL;
}

void *filter_why(void);
__attribute__((weak)) void *filter_why(void)
{
	return NULL;
}

void *packs_new(void);
__attribute__((weak)) void *packs_new(void)
{
	return NULL;
}

void *packs_free(void);
__attribute__((weak)) void *packs_free(void)
{
	return NULL;
}

void *packs_load(void);
__attribute__((weak)) void *packs_load(void)
{
	return NULL;
}

void *packs_load_all(void);
__attribute__((weak)) void *packs_load_all(void)
{
	return NULL;
}

void *packs_rule_count(void);
__attribute__((weak)) void *packs_rule_count(void)
{
	return NULL;
}

void *packs_rule(void);
__attribute__((weak)) void *packs_rule(void)
{
	return NULL;
}

void *packs_find(void);
__attribute__((weak)) void *packs_find(void)
{
	return NULL;
}

void *packs_term(void);
__attribute__((weak)) void *packs_term(void)
{
	return NULL;
}

void *packs_term_count(void);
__attribute__((weak)) void *packs_term_count(void)
{
	return NULL;
}

void *packs_term_at(void);
__attribute__((weak)) void *packs_term_at(void)
{
	return NULL;
}

void *severity_name(void);
__attribute__((weak)) void *severity_name(void)
{
	return NULL;
}

void *prose_text(void);
__attribute__((weak)) void *prose_text(void)
{
	return NULL;
}

void *engine_new(void);
__attribute__((weak)) void *engine_new(void)
{
	return NULL;
}

void *engine_free(void);
__attribute__((weak)) void *engine_free(void)
{
	return NULL;
}

void *engine_record(void);
__attribute__((weak)) void *engine_record(void)
{
	return NULL;
}

void *engine_notes(void);
__attribute__((weak)) void *engine_notes(void)
{
	return NULL;
}

void *engine_end(void);
__attribute__((weak)) void *engine_end(void)
{
	return NULL;
}

void *engine_findings(void);
__attribute__((weak)) void *engine_findings(void)
{
	return NULL;
}

void *engine_verdict(void);
__attribute__((weak)) void *engine_verdict(void)
{
	return NULL;
}

void *engine_complaints(void);
__attribute__((weak)) void *engine_complaints(void)
{
	return NULL;
}

void *engine_fine(void);
__attribute__((weak)) void *engine_fine(void)
{
	return NULL;
}

void *engine_unknown(void);
__attribute__((weak)) void *engine_unknown(void)
{
	return NULL;
}

void *report_doc_new(void);
__attribute__((weak)) void *report_doc_new(void)
{
	return NULL;
}

void *report_doc_free(void);
__attribute__((weak)) void *report_doc_free(void)
{
	return NULL;
}

void *report_doc_learn(void);
__attribute__((weak)) void *report_doc_learn(void)
{
	return NULL;
}

void *report_doc_begin(void);
__attribute__((weak)) void *report_doc_begin(void)
{
	return NULL;
}

void *report_doc_packet(void);
__attribute__((weak)) void *report_doc_packet(void)
{
	return NULL;
}

void *report_doc_end(void);
__attribute__((weak)) void *report_doc_end(void)
{
	return NULL;
}

void *report_sha256(void);
__attribute__((weak)) void *report_sha256(void)
{
	return NULL;
}

void *filter_exhausted(void);
__attribute__((weak)) void *filter_exhausted(void)
{
	return NULL;
}

void *filter_anchors(void);
__attribute__((weak)) void *filter_anchors(void)
{
	return NULL;
}

void *filter_fields(void);
__attribute__((weak)) void *filter_fields(void)
{
	return NULL;
}

void *filter_never(void);
__attribute__((weak)) void *filter_never(void)
{
	return NULL;
}

