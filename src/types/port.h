/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the adjacent switch is told about a guest's interface before the guest starts: a port profile by its
 * name (802.1Qbh), or the type of a virtual station interface by its numbers (802.1Qbg).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "types/address.h"
#include "types/uuid.h"

/* A profile's name, with its NUL: what the kernel takes. */
#define PORT_PROFILE_SIZE 40
#define PORT_TYPE_ID_MAX 0xffffff

enum port_kind { PORT_KIND_NONE, PORT_KIND_8021QBH, PORT_KIND_8021QBG };

/*
 * The answer to the last request, as the kernel's drivers and lldpad give it; both words of theirs for success
 * are PORT_SUCCESS. An answer that is still to come is PORT_IN_PROGRESS.
 */
#define PORT_SUCCESS 0
#define PORT_IN_PROGRESS 0x101
/* No answer of theirs, but a success that is less than what is wanted: the switch only prepared for it. */
#define PORT_PREASSOCIATED 0x1ff

struct port {
	enum port_kind kind;
	uint16_t response;
	struct uuid instance; /* of the guest (802.1Qbh), or of its interface (802.1Qbg) */
	/* 802.1Qbh. */
	char profile[PORT_PROFILE_SIZE];
	struct uuid host; /* which host it is; all zero: not known */
	/* 802.1Qbg. */
	uint8_t manager;
	uint8_t version;
	uint32_t type_id;
	struct mac mac; /* whose frames the switch is to let in, */
	uint16_t vlan;  /* and in which VLAN; 0: in none */
	uint8_t qos;
};

/* The standard's name of KIND: "802.1Qbh"; "none". */
const char *port_kind_name(enum port_kind kind);

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
