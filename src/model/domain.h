/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The document as a whole: which kind it is, and what of a <domain> is read. */

#include "model/grammar.h"

/* Reads the document, whose root element decides how. */
void domain_read_root(struct reader *reader);
