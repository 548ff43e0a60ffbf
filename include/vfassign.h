/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * libvfassign: gives SR-IOV Virtual Functions (VFs) to virtual machines, from libvirt's <interface
 * type='hostdev'>.
 *
 * One context (struct vfassign) holds where things are; one document (struct vfassign_document) is a parsed
 * XML file; each verb returns one result (struct vfassign_result) with reports and what the verb has to tell.
 * The library never prints, never exits and keeps no global state. A context may be used by one thread at a
 * time; different contexts do not disturb each other, in one process or in many: they lock the VFs they work
 * on.
 *
 * Every verb returns 0 or a negative errno, and always sets the result (except for -ENOMEM, when it is NULL):
 * a negative return means that the result has at least one report of severity VFASSIGN_ERROR. All strings are
 * UTF-8 as they came (from XML, the kernel, a VMM): escape them before you show them. All pointers that a
 * result gives out live as long as the result. Structs may grow at their end in later versions; only the
 * library makes them, except for option structs, which callers fill with zero first ("= { 0 }") and whose
 * zero always means "as usual".
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define VFASSIGN_PUBLIC __attribute__((visibility("default")))
#else
#define VFASSIGN_PUBLIC
#endif

struct vfassign;
struct vfassign_document;
struct vfassign_result;

/*
 * ---- reports
 * ----------------------------------------------------------------------------------------------------
 */

enum vfassign_severity {
	VFASSIGN_ERROR,
	VFASSIGN_WARNING,
	VFASSIGN_NOTE, /* something that was done and that the user wants to hear of */
};

/*
 * What kind of failure it is; vfassign_class_name() is its name for programs, vfassign_class_text() for
 * people.
 */
enum vfassign_class {
	VFASSIGN_USAGE,
	VFASSIGN_XML,
	VFASSIGN_CONFIG_UNSUPPORTED,
	VFASSIGN_DEVICE_MISSING,
	VFASSIGN_HOST_UNREADY,
	VFASSIGN_DENIED,
	VFASSIGN_BUSY,
	VFASSIGN_HOST,    /* failed, and everything was rolled back */
	VFASSIGN_VMM,     /* the same, in the VMM */
	VFASSIGN_TIMEOUT, /* the same, for lack of an answer in time */
	VFASSIGN_DIRTY,   /* failed, and the roll-back is incomplete: the record is kept */
	VFASSIGN_PENDING, /* nothing lost, still assigned, to be finished later */
};

struct vfassign_report {
	enum vfassign_severity severity;
	enum vfassign_class class_;
	const char *message; /* one sentence, without prefix */
	const char *object;  /* PCI address, FILE:LINE:COLUMN, path, …; NULL where there is none */
	int errnum;          /* positive errno, 0 where there is none */
	const char *kernel;  /* the kernel's or VMM's own words, or NULL */
	const char *hint;    /* the command or setting that fixes it, or NULL */
};

/* "config-unsupported": the name of a class for programs. */
VFASSIGN_PUBLIC const char *vfassign_class_name(enum vfassign_class class_);

/* "Unsupported Config": the name of a class for people. */
VFASSIGN_PUBLIC const char *vfassign_class_text(enum vfassign_class class_);

/*
 * ---- context
 * ----------------------------------------------------------------------------------------------------
 */

struct vfassign_options {
	const char *root; /* the host's root folder; NULL: "/". Verbs that change a host refuse any other */
	const char *state_dir; /* where records are kept; NULL: "/run/vfassign" */
	unsigned timeout_ms;   /* the bound of every wait for the kernel, udev or a VMM; 0: 5000 */
	const char *allow;     /* "PCI[,PCI]…": the only devices that documents may name; NULL: any */
	/* Debug messages, one line each, without newline, from one thread at a time; NULL: none. */
	void (*log)(void *data, const char *message);
	void *log_data;
	unsigned jobs; /* how many devices are worked on at a time, each in a thread that ends with the verb; 0: 32 */
};

/*
 * A new context. OPTIONS may be NULL and is copied. Reads nothing but the root folder. Returns 0, or with a
 * message in the result: -EINVAL (an option), -ENOENT (no such root). RET_RESULT may be NULL; it is set only
 * on failure.
 */
VFASSIGN_PUBLIC int vfassign_new(const struct vfassign_options *options, struct vfassign **ret,
				 struct vfassign_result **ret_result);

/* Frees a context; NULL is allowed. Documents and results outlive it. */
VFASSIGN_PUBLIC void vfassign_free(struct vfassign *context);

/*
 * ---- documents
 * --------------------------------------------------------------------------------------------------
 */

/* What a document is read for. */
enum vfassign_purpose {
	VFASSIGN_ACT,   /* to give its devices out: what this version cannot do is refused, too */
	VFASSIGN_CHECK, /* to say what is wrong with it: not for verbs that act */
	VFASSIGN_ARGUMENTS, /* for vfassign_vmm_arguments() alone: as to act, but for plain <hostdev>, which are told, too */
};

/* The bytes of a document. */
struct vfassign_source {
	const char *file; /* its name in messages */
	const void *xml;
	size_t length;
	bool strict; /* unknown elements and attributes are errors, not warnings: what acts on a document wants that */
	enum vfassign_purpose purpose;
};

/*
 * Parses SOURCE and applies every rule that its purpose asks for and that can be decided from the document alone.
 * Findings carry FILE:LINE:COLUMN. On failure *RET is NULL.
 */
VFASSIGN_PUBLIC int vfassign_document_parse(const struct vfassign_source *source,
					    struct vfassign_document **ret,
					    struct vfassign_result **ret_result);

/* Frees a document; NULL is allowed. */
VFASSIGN_PUBLIC void vfassign_document_free(struct vfassign_document *document);

/*
 * The canonical form of SOURCE, whose purpose does not matter, in vfassign_result_xml(): what libvirt would print
 * for the same device, and for a <domain> the document with its <interface type='hostdev'> and <hostdev> in that
 * form and every other byte as it was. Applies the rules that libvirt applies when it defines; invents nothing.
 * Formatting the result gives the result.
 */
VFASSIGN_PUBLIC int vfassign_document_format(const struct vfassign_source *source,
					     struct vfassign_result **ret);

/* How many devices the document asks for; plain <hostdev> do not count where it was read to act. */
VFASSIGN_PUBLIC size_t vfassign_document_devices(const struct vfassign_document *document);

/*
 * ---- verbs
 * ------------------------------------------------------------------------------------------------------
 */

struct vfassign_request {
	const char *guest; /* the guest's name; NULL: the domain's. One is needed to prepare; two that differ are an error */
	const char *machine; /* the guest's machine type without a <domain>; NULL: "q35" */
	pid_t pid; /* prepare: the process that owns the devices; 0: nobody, they stay until they are released */
	bool force; /* plan, prepare, run: take a VF that the host or libvirt uses, too; a warning says what for */
	const char *vmm; /* vfassign_vmm_arguments(): "qemu" or "cloud-hypervisor"; NULL: "qemu" */
};

/*
 * The steps that prepare would take on this host, in vfassign_result_steps(). Changes nothing, takes no lock;
 * the same host and document give the same result, byte for byte.
 */
VFASSIGN_PUBLIC int vfassign_plan(struct vfassign *context, const struct vfassign_document *document,
				  const struct vfassign_request *request, struct vfassign_result **ret);

/*
 * Makes every VF of the document ready for a guest, all or nothing: sets MAC and VLAN through its PF, binds
 * it to VFIO and waits for its group node. The before-image of each VF is on disk before anything changes.
 * What was given out is in vfassign_result_devices() and vfassign_result_assignment(). Needs CAP_NET_ADMIN
 * and write access to sysfs.
 */
VFASSIGN_PUBLIC int vfassign_prepare(struct vfassign *context, const struct vfassign_document *document,
				     const struct vfassign_request *request, struct vfassign_result **ret);

/* What to give back: exactly one of the three is set. */
struct vfassign_selection {
	const char *assignment; /* a UUID; releases even while the owning process lives */
	const char *guest;
	const char *devices; /* "PCI[,PCI]…" */
};

/*
 * Gives VFs back exactly as they were, reads the before-image back, and only then forgets them. Does all it
 * can and reports the rest. VFIO must be closed: a VF still open is waited for (the context's time-out), then
 * Device busy.
 */
VFASSIGN_PUBLIC int vfassign_release(struct vfassign *context, const struct vfassign_selection *selection,
				     struct vfassign_result **ret);

/*
 * Finishes or undoes whatever a crash left behind: devices whose owner is gone are released, half-prepared
 * ones undone, records of devices that no longer exist retired. Leaves live owners and locked devices alone.
 * Tells what it did in notes.
 */
VFASSIGN_PUBLIC int vfassign_recover(struct vfassign *context, struct vfassign_result **ret);

/*
 * All PFs and VFs of the host with settings, drivers, groups and owners: vfassign_result_pfs(),
 * vfassign_result_vfs().
 */
VFASSIGN_PUBLIC int vfassign_list(struct vfassign *context, struct vfassign_result **ret);

/*
 * Why the host would refuse, and what fixes it: vfassign_result_checks(). With DOCUMENT it is about what that asks for, as
 * REQUEST (which may be NULL) says, without about the host as such. Changes nothing, takes no lock, and says the same as
 * prepare: a document that it finds no VFASSIGN_FAIL for is not refused, unless what cannot be seen is in the way. What is
 * found is no failure of the call.
 */
VFASSIGN_PUBLIC int vfassign_doctor(struct vfassign *context, const struct vfassign_document *document,
				    const struct vfassign_request *request, struct vfassign_result **ret);

/*
 * The arguments by which a VMM is told of the devices of a document, in vfassign_result_arguments(). Reads no host, so
 * a USB device must be named by bus and device.
 */
VFASSIGN_PUBLIC int vfassign_vmm_arguments(const struct vfassign_document *document,
					   const struct vfassign_request *request,
					   struct vfassign_result **ret);

/*
 * Prepares, starts the VMM (ARGV, NULL at its end, searched in PATH; the arguments of the devices are
 * appended), waits for it and releases when it ends, however it ends. The VMM is the owner on record from
 * before it runs. SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1 and SIGUSR2 that reach the calling process
 * meanwhile are passed on to it; the caller must have one thread only. RLIMIT_MEMLOCK of the VMM is raised to
 * the guest's memory + 1 GiB.
 *
 * vfassign_result_status() then tells how it ended: the VMM's own exit status, 128 + its signal, 125 when the
 * VMM was not started, 126 when it cannot be executed, 127 when it is not found, 124 when the release failed.
 */
VFASSIGN_PUBLIC int vfassign_run(struct vfassign *context, const struct vfassign_document *document,
				 const struct vfassign_request *request, char *const argv[],
				 struct vfassign_result **ret);

/*
 * ---- results
 * ----------------------------------------------------------------------------------------------------
 */

/* Frees a result; NULL is allowed. */
VFASSIGN_PUBLIC void vfassign_result_free(struct vfassign_result *result);

/* All reports in the order in which they arose. */
VFASSIGN_PUBLIC size_t vfassign_result_reports(const struct vfassign_result *result,
					       const struct vfassign_report **ret);

/*
 * The exit status of the command for this result: 0 without errors, else the highest of its errors' classes; 2 when a
 * check failed.
 */
VFASSIGN_PUBLIC int vfassign_result_exit(const struct vfassign_result *result);

/* The exit status of vfassign_run(). */
VFASSIGN_PUBLIC int vfassign_result_status(const struct vfassign_result *result);

/*
 * A setting of a VF: its JSON key, its word for people, and its value as text ("none" where nothing is set).
 */
struct vfassign_setting {
	const char *key;
	const char *word;
	const char *value;
};

/* One device that was prepared or released. */
struct vfassign_device {
	const char *address; /* PCI address of the VF */
	const char *pf;      /* PCI address of its PF */
	uint32_t vf_index;
	const char *driver; /* prepared: the VFIO driver; released: the driver it has again, "" when none */
	int iommu_group;
	const char *node; /* prepared: "/dev/vfio/8" */
	const char *mac;
	const char *vlan; /* "none" without */
	const char *qemu; /* prepared: the -device argument, a JSON object */
};

/* The UUID of the assignment, or NULL. */
VFASSIGN_PUBLIC const char *vfassign_result_assignment(const struct vfassign_result *result);

/* The guest's name, or NULL. */
VFASSIGN_PUBLIC const char *vfassign_result_guest(const struct vfassign_result *result);

/* The devices prepared or released, in document order. */
VFASSIGN_PUBLIC size_t vfassign_result_devices(const struct vfassign_result *result,
					       const struct vfassign_device **ret);

/* One step of a plan. */
struct vfassign_step {
	const char *address; /* the VF */
	const char *action;  /* what is done, for people: "set VLAN through 0000:01:00.0 vf 1" */
	const char *key;     /* the setting that changes; NULL for a step that only waits */
	const char *before;  /* its value now, and afterwards; NULL for a step that only waits */
	const char *after;
};

/* The steps of a plan, in order. */
VFASSIGN_PUBLIC size_t vfassign_result_steps(const struct vfassign_result *result,
					     const struct vfassign_step **ret);

struct vfassign_pf {
	const char *address;
	const char *driver;
	const char *netdev; /* NULL when none is visible here */
	bool up;            /* IFF_UP */
	uint32_t num_vfs;
	uint32_t total_vfs;
	bool switchdev; /* its VFs are ports of a switch that the host rules, each with a representor */
};

/* A setting of an assigned VF that is otherwise than it was set for the guest. */
struct vfassign_drift {
	const char *key; /* as in struct vfassign_setting */
	const char *word;
	const char *recorded; /* what was set, as text */
	const char *now;
};

struct vfassign_vf {
	const char *address;
	size_t pf; /* index into vfassign_result_pfs() */
	uint32_t vf_index;
	const char *driver;      /* "" when none */
	int iommu_group;         /* -1: none */
	const char *netdev;      /* NULL when it has none here */
	const char *representor; /* the netdev that stands for it where its PF is in switchdev mode, or NULL */
	const struct vfassign_setting *settings; /* as the PF reports them */
	size_t setting_count;
	/*
	 * "free"; or of its record: "preparing", "assigned", "dirty", "stale" (it speaks of a device that is gone);
	 * "unknown" where there may be a record that cannot be read.
	 */
	const char *state;
	const char *guest; /* of its record, or NULL */
	const char *assignment;
	pid_t owner; /* the owning process, 0: none */
	bool owner_alive;
	const char *reason; /* why it is dirty, or NULL */
	const struct vfassign_drift *drift;
	size_t drift_count;
};

/* PFs by address. */
VFASSIGN_PUBLIC size_t vfassign_result_pfs(const struct vfassign_result *result,
					   const struct vfassign_pf **ret);

/* VFs by PF and VF index. */
VFASSIGN_PUBLIC size_t vfassign_result_vfs(const struct vfassign_result *result,
					   const struct vfassign_vf **ret);

enum vfassign_status { VFASSIGN_PASS, VFASSIGN_WARN, VFASSIGN_FAIL };

/* One thing that doctor looked at. */
struct vfassign_check {
	const char *check; /* its name for programs: "iommu" */
	enum vfassign_status status;
	const char *object;  /* a PCI address, a path, FILE:LINE:COLUMN, …; NULL where there is none */
	const char *message; /* what was found */
	const char *hint;    /* the command or setting that fixes it, or NULL */
};

/* What doctor found, in a fixed order of checks. */
VFASSIGN_PUBLIC size_t vfassign_result_checks(const struct vfassign_result *result,
					      const struct vfassign_check **ret);

/* Arguments for the VMM. */
VFASSIGN_PUBLIC size_t vfassign_result_arguments(const struct vfassign_result *result, const char *const **ret);

/* A document as text, with the line feed at its end; or NULL. */
VFASSIGN_PUBLIC const char *vfassign_result_xml(const struct vfassign_result *result);

#ifdef __cplusplus
}
#endif
