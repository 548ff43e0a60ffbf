/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* PFs with so many VFs that what the kernel says of them does not fit into what it says it with. */

#include <errno.h>

#include "message.h"

/* As many VFs as one attribute holds, and the wrap-around of its length when there is one more. */
static void test_decode_large(void **state)
{
	struct builder b = message_start();
	struct vf_report *list = NULL;
	size_t vfs = attribute_start(&b, 22), count, most = 0;
	while (b.length - vfs + 44 <= 65535) {
		size_t info = attribute_start(&b, 1);
		put_mac(&b, (uint32_t)most, (uint8_t)most);
		attribute_end(&b, info);
		most++;
	}
	struct builder wrapped = { 0 };
	attribute_end(&b, vfs);
	message_end(&b);
	put(&wrapped, b.bytes, b.length);
	assert_int_equal(decode(&b, &list, &count), 0);
	assert_int_equal(count, most);
	assert_int_equal(list[most - 1].index, most - 1);
	free(list);
	size_t info = attribute_start(&wrapped, 1);
	put_mac(&wrapped, (uint32_t)most, 0);
	attribute_end(&wrapped, info);
	attribute_end(&wrapped, vfs);
	message_end(&wrapped);
	assert_int_equal(decode(&wrapped, NULL, &count), -EBADMSG);
}

/* What the kernel sends of a PF with COUNT VFs: how many there are, and a list whose length keeps its lower 16 bits. */
static struct builder message_of(uint32_t count)
{
	struct builder b = message_start();
	attribute(&b, 21, &count, sizeof(count));
	size_t vfs = attribute_start(&b, 22);
	for (uint32_t i = 0; i < count; i++)
		put_vf(&b, i, 7);
	attribute_end(&b, vfs);
	attribute(&b, 20, "after", 6);
	message_end(&b);
	return b;
}

/* A list that is cut off is known as such wherever its length seems to end: never a shorter list, nor only odd bytes. */
static void test_decode_cut_off(void **state)
{
	struct vf_report *list = NULL;
	struct builder one = message_of(1), two = message_of(2);
	size_t each = two.length - one.length, most = (UINT16_MAX - 4) / each, count;
	free(one.bytes);
	free(two.bytes);
	struct builder b = message_of((uint32_t)most);
	assert_int_equal(decode(&b, &list, &count), 0);
	assert_int_equal(count, most);
	free(list);
	for (uint32_t vfs = (uint32_t)most + 1; vfs <= 3 * most; vfs += 7) {
		b = message_of(vfs);
		assert_int_equal(decode(&b, NULL, &count), -EOVERFLOW);
	}
	/* 64 KiB to the byte, and a few: no length, and one that ends in the first VF, or with some VF. */
	static const uint16_t lengths[] = { 0, 3, 4, 5, 8, 40 };
	for (size_t i = 0; i <= sizeof(lengths) / sizeof(lengths[0]); i++) {
		uint16_t length = (uint16_t)(4 + 2 * each);
		if (i < sizeof(lengths) / sizeof(lengths[0]))
			length = lengths[i];
		b = message_of((uint32_t)most + 1);
		/* Behind the name (12 bytes) and the number of VFs (8). */
		memcpy(b.bytes + 32 + 12 + 8, &length, sizeof(length));
		assert_int_equal(decode(&b, NULL, &count), -EOVERFLOW);
	}
	/* VFs that a driver in reset leaves out are missing, not cut off. */
	b = message_of(2);
	uint32_t three = 3;
	memcpy(b.bytes + 32 + 12 + 4, &three, sizeof(three));
	assert_int_equal(decode(&b, &list, &count), 0);
	assert_int_equal(count, 2);
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode_large),
		cmocka_unit_test(test_decode_cut_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
