/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

/* Which of the COUNT names in NAMES somebody who typed WORD probably meant; NULL when none is near. */
const char *guess_name(const char *word, const char *const names[], size_t count);
