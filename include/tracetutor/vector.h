/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vector: a function before which MADE_TWICE stands is compiled for machines with AVX2 as well, and
 * the one is taken that the machine at hand can run.
 */
#ifndef TRACETUTOR_VECTOR_H
#define TRACETUTOR_VECTOR_H

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) &&                            \
	!defined(__SANITIZE_ADDRESS__)
#define MADE_TWICE __attribute__((target_clones("avx2", "default")))
#else
#define MADE_TWICE
#endif

#endif
