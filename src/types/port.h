/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Port profiles as values: what they are stands in types/setting.h. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "types/setting.h"

/* The standard's name of KIND: "802.1Qbh"; "none". */
const char *port_kind_name(enum port_kind kind);

/* The kind that NAME names; PORT_KIND_NONE for any other name, and for NULL. */
enum port_kind port_kind_by_name(const char *name);

/* What RESPONSE means, for people: "in progress", "insufficient resources". NULL when nobody has defined it. */
const char *port_response_word(uint16_t response);

/*
 * Whether A and B are the same association, with the same outcome. Whose host it is does not count: not every
 * driver tells; nor do the MAC and the VLAN, which are settings of their own.
 */
bool port_equal(const struct port *a, const struct port *b);

/* Writes to BUF all of PORT but its response, as records hold it; "" for none. */
void port_text(const struct port *port, char *buf, size_t size);

/* Reads what port_text() wrote. 0 or -EINVAL. */
int port_parse(const char *text, struct port *ret);

/* Writes to BUF what people want to know of PORT: "802.1Qbh gold, instance …" and what is wrong with it. */
void port_show(const struct port *port, char *buf, size_t size);
