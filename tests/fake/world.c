/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/cleanup.h"
#include "fake/world.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Short, as much is waited for in vain; but threads wait for each other, too, on a busy machine. */
#define TIMEOUT_MS 250

#define INTERFACE_WITH(mac, slot_function, vlan, more) \
	"<interface type='hostdev' managed='yes'><mac address='" mac "'/>" \
	"<source><address type='pci' domain='0' bus='1' slot='0x10' function='" slot_function "'/></source>" \
	"<vlan><tag id='" vlan "'/></vlan>" more "</interface>"
#define INTERFACE(mac, slot_function, vlan) INTERFACE_WITH(mac, slot_function, vlan, "")
#define VF_ELEMENT(attributes) "<vf xmlns='urn:vfassign:1' " attributes "/>"
#define DOMAIN(name, devices) \
	"<domain type='kvm'><name>" name "</name><devices>" devices "</devices></domain>"

const char xml_one[] = DOMAIN("g1", INTERFACE("52:54:00:00:00:01", "2", "42"));
const char xml_trusted[] = DOMAIN("g1",
				  INTERFACE_WITH("52:54:00:00:00:01", "2", "42", VF_ELEMENT("trust='on'")));
const char xml_three[] = DOMAIN("g1", INTERFACE("52:54:00:00:00:00", "0", "41")
					      INTERFACE("52:54:00:00:00:01", "2", "42")
						      INTERFACE("52:54:00:00:00:02", "4", "43"));
const char xml_four[] =
	DOMAIN("g1",
	       INTERFACE_WITH("52:54:00:00:00:00", "0", "41",
			      VF_ELEMENT("spoofchk='off' trust='on' vlanQos='3'"))
		       INTERFACE_WITH("52:54:00:00:00:01", "2", "42", VF_ELEMENT("spoofchk='off'"))
			       INTERFACE_WITH("52:54:00:00:00:02", "4", "43", VF_ELEMENT("maxTxRate='100'"))
				       INTERFACE_WITH("52:54:00:00:00:03", "6", "44",
						      VF_ELEMENT("trust='on' maxTxRate='10'")));
const char xml_port[] =
	DOMAIN("g1", "<interface type='hostdev' managed='yes'><mac address='52:54:00:00:00:01'/>"
		     "<source><address type='pci' domain='0' bus='1' slot='0x10' function='2'/></source>"
		     "<virtualport type='802.1Qbh'><parameters profileid='gold'/></virtualport></interface>");
const char xml_other[] = DOMAIN("g2", INTERFACE("52:54:00:00:00:03", "6", "44"));

static const struct mac admin_mac = { { 0x02, 0xad, 0, 0, 0, 1 } };

static struct fake_host *make_host(void)
{
	struct fake_host *host = fake_host_new();
	fake_add_pf(host, PF, "eth0", true);
	fake_add_vfs(host, PF, 4);
	fake_add_nic(host, "0000:02:00.0", "lan0");
	fake_add_ports(host, PF);
	fake_set(host, VF1, SETTING_MAC, value_mac(admin_mac));
	fake_set(host, VF1, SETTING_VLAN, value_vlan((struct vlan){ 7, 3, VLAN_PROTO_8021Q }));
	/* The driver has to start anew to take the admin MAC over. */
	fake_set(host, VF1, SETTING_DRIVER, value_name("igbvf"));
	fake_set(host, VF1, SETTING_NETDEV_NAME, value_name("uplink1"));
	fake_set(host, VF1, SETTING_NETDEV_MTU, value_number(1400));
	fake_set(host, VF1, SETTING_NETDEV_UP, value_flag(true));
	fake_set(host, VF2, SETTING_DRIVER, value_name(""));
	/* Its PF goes on reporting the MAC of the driver that is gone, and nobody can tell that from an admin MAC. */
	fake_set(host, VF2, SETTING_MAC, value_mac((struct mac){ 0 }));
	fake_set(host, VF2, SETTING_OVERRIDE, value_name("mlx5_vfio_pci"));
	fake_set(host, VF3, SETTING_NETDEV_UP, value_flag(true));
	fake_mark(host);
	return host;
}

struct world *world_new(void)
{
	struct world *world = calloc(1, sizeof(*world));
	assert_non_null(world);
	world->host = make_host();
	strcpy(world->root, "/tmp/vfassign-world-XXXXXX");
	assert_non_null(mkdtemp(world->root));
	char run[80];
	snprintf(run, sizeof(run), "%s/run", world->root);
	assert_int_equal(mkdir(run, 0755), 0);
	fake_set_root(world->host, world->root);
	struct vfassign_options options = { .root = world->root, .timeout_ms = TIMEOUT_MS };
	assert_int_equal(vfassign_new(&options, &world->context, NULL), 0);
	world->before = fake_image_text(world->host);
	return world;
}

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

void world_free(struct world *world)
{
	nftw(world->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	vfassign_result_free(world->result);
	vfassign_free(world->context);
	fake_host_free(world->host);
	free(world->before);
	free(world);
}

static int finish(struct world *world, int r, struct vfassign_result *result)
{
	vfassign_result_free(world->result);
	world->result = result;
	assert_non_null(result);
	int status = vfassign_result_exit(result);
	assert_true((r < 0) == (status != 0));
	return status;
}

int world_prepare_as(struct world *world, const char *xml, const struct vfassign_request *request)
{
	struct vfassign_source source = { "test.xml", xml, strlen(xml), true, VFASSIGN_ACT };
	struct vfassign_document *document;
	struct vfassign_result *result;
	assert_int_equal(vfassign_document_parse(&source, &document, &result), 0);
	vfassign_result_free(result);
	int r = vfassign_prepare(world->context, document, request, &result);
	vfassign_document_free(document);
	const char *assignment = r == 0 ? vfassign_result_assignment(result) : "";
	snprintf(world->assignment, sizeof(world->assignment), "%s", assignment);
	return finish(world, r, result);
}

int world_prepare_for(struct world *world, const char *xml, pid_t owner)
{
	return world_prepare_as(world, xml, &(struct vfassign_request){ .pid = owner });
}

int world_prepare(struct world *world, const char *xml)
{
	return world_prepare_for(world, xml, 0);
}

static int release(struct world *world, struct vfassign_selection selection)
{
	struct vfassign_result *result;
	int r = vfassign_release(world->context, &selection, &result);
	return finish(world, r, result);
}

int world_release(struct world *world)
{
	return release(world, (struct vfassign_selection){ .assignment = world->assignment });
}

int world_release_guest(struct world *world, const char *guest)
{
	return release(world, (struct vfassign_selection){ .guest = guest });
}

int world_release_devices(struct world *world, const char *devices)
{
	return release(world, (struct vfassign_selection){ .devices = devices });
}

int world_recover(struct world *world)
{
	struct vfassign_result *result;
	int r = vfassign_recover(world->context, &result);
	return finish(world, r, result);
}

const char *world_path(const struct world *world, const char *name)
{
	static char path[256];
	snprintf(path, sizeof(path), "%s/run/vfassign/%s", world->root, name);
	return path;
}

size_t world_records(const struct world *world)
{
	DIR *dir = opendir(world_path(world, ""));
	size_t count = 0;
	if (!dir)
		return 0;
	for (const struct dirent *entry; (entry = readdir(dir));)
		if (strstr(entry->d_name, ".record") && !strstr(entry->d_name, ".record.new"))
			count++;
	closedir(dir);
	return count;
}

const char *world_state(struct world *world, const char *vf)
{
	struct vfassign_result *result;
	const struct vfassign_vf *vfs;
	int r = vfassign_list(world->context, &result);
	finish(world, r, result);
	assert_int_equal(r, 0);
	for (size_t i = vfassign_result_vfs(result, &vfs); i-- > 0;)
		if (strcmp(vfs[i].address, vf) == 0)
			return vfs[i].state;
	fail_msg("list does not show %s", vf);
	return "";
}

bool world_said(const struct world *world, enum vfassign_class class, const char *text)
{
	const struct vfassign_report *reports;
	for (size_t i = vfassign_result_reports(world->result, &reports); i-- > 0;)
		if (reports[i].class_ == class && strstr(reports[i].message, text))
			return true;
	return false;
}

void world_assert_host_before(struct world *world)
{
	char *now = fake_image_text(world->host);
	assert_string_equal(now, world->before);
	free(now);
	assert_string_equal(fake_violations(world->host), "");
}

void world_assert_before(struct world *world)
{
	world_assert_host_before(world);
	assert_int_equal(world_records(world), 0);
}

void world_assert_given(struct world *world, const char *vf, const char *mac, unsigned vlan)
{
	struct value value = fake_get(world->host, vf, SETTING_MAC);
	assert_string_equal(mac_text(value.mac).s, mac);
	value = fake_get(world->host, vf, SETTING_VLAN);
	assert_int_equal(value.vlan.id, vlan);
	value = fake_get(world->host, vf, SETTING_DRIVER);
	assert_string_equal(value.name, "vfio-pci");
}

/* What stands in for the C library cannot be handed anything in. */
static bool no_threads;
static struct {
	struct world *world;
	void (*run)(struct world *world); /* NULL: nothing */
} lock_hook;

void world_before_lock(struct world *world, void (*hook)(struct world *world))
{
	lock_hook.world = world;
	lock_hook.run = hook;
}

int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

int __wrap_flock(int fd, int operation)
{
	void (*run)(struct world * world) = TAKE(lock_hook.run);
	if (run)
		run(lock_hook.world);
	return __real_flock(fd, operation);
}

void world_threads(bool can)
{
	no_threads = !can;
}

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
			  void *data);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
			  void *data);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
			  void *data)
{
	return no_threads ? EAGAIN : __real_pthread_create(thread, attributes, start, data);
}

struct job {
	struct world *world;
	int (*body)(struct world *world);
};

static void run_job(void *data)
{
	struct job *job = data;
	_exit(job->body(job->world));
}

int world_in_child(struct world *world, int (*body)(struct world *world))
{
	struct job job = { world, body };
	return fake_in_child(run_job, &job);
}
