# SPDX-License-Identifier: LGPL-2.1-or-later
# Names for what one does here. Meson builds; the scripts named below do the rest.
prefix ?= /usr/local
DESTDIR ?=

.PHONY: help deps build check check-crash bench demo install clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 18

deps: ## install the Debian packages that are needed, naming each and its reason
	@tools/deps

build: ## compile: build/vfassign
	@tools/deps --check --for build || tools/deps --for build
	@test -e build/build.ninja || CC=gcc meson setup build --prefix=$(prefix)
	@ninja -C build

check: ## run every check; ends with "N passed, N failed"
	@tools/deps --check || tools/deps
	@tools/check

bench: build ## measure reading and writing XML, beside libxml2 alone and libvirt; and list, beside a bare walk over sysfs
	@build/bench/xml
	@bench/list

check-crash: build ## kill vfassign at every single system call, in the virtual host (one and a half hours)
	@tools/deps --check --for lab || tools/deps --for lab
	@WHOLE=1 LAB_LIMIT=20000 tests/lab/run 50-crash 51-crash-udev 52-crash-parallel 56-many

demo: build ## see a guest get a VF, in a virtual SR-IOV host (no such card needed)
	@tools/deps --check --for lab || tools/deps --for lab
	@demo/run

install: build ## install; honours prefix and DESTDIR
	@meson configure build -Dprefix=$(prefix)
	@DESTDIR=$(DESTDIR) meson install -C build

clean: ## remove what was built
	@rm -rf build build-*
