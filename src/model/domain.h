/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The document as a whole: which kind it is, and what of a <domain> is read. */

#include "model/grammar.h"

struct document;

/* Reads the document, whose root element decides how. */
void domain_read_root(struct reader *reader);

/* Reads a <devices>, an <interface> and a <hostdev> of any type: those that are ours, for the document. */
void devices_read(struct reader *reader, const struct _xmlNode *node);
void device_read_interface(struct reader *reader, const struct _xmlNode *node);
void device_read_hostdev(struct reader *reader, const struct _xmlNode *node);

/* Reads NODE, a <controller>; gives numbers to those that were read without one, as libvirt does. */
void controller_read(struct reader *reader, const struct _xmlNode *node);
void controllers_number(struct reader *reader);

/* Reads the <vf> NODE in the <metadata> of a domain; finds the interfaces that all of them name. */
void metadata_read(struct reader *reader, const struct _xmlNode *node);
void metadata_check(struct reader *reader);

/* Reads NODE, a <network>, into the document: only such with <forward mode='hostdev'> are ours. */
void network_read(struct reader *reader, const struct _xmlNode *node);
