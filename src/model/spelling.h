/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The name that WRITTEN was more probably meant to be: CANDIDATE, or BEST, which is the answer so far (NULL:
 * none). A candidate that differs in more than two letters, or in most of them, is never the answer.
 */
const char *spelling_nearer(const char *written, const char *candidate, const char *best);
