# Makefile - builds, checks and installs multihomed.
#
# One file for GNU make (4.0 or newer) and BSD make; so no pattern rules and
# no conditionals of either. The rules for each source are written by
# tools/rules.sh into $(BUILD)/rules.mk, anew on each run (some 50 ms).
#
#   make            the four programs, in build/
#   make demo       the tour on the live lab (installs what is missing: asks)
#   make check      everything that can be tested (likewise)
#   make bench, make lab-figures   what it costs, side by side with the bare tools
#   make install    DESTDIR= PREFIX=
#
# Variables: CC CFLAGS CPPFLAGS LDFLAGS PREFIX DESTDIR BUILD; Q= shows the
# commands; WERROR=-Werror is what the checks add. SYSTEM=freebsd builds that
# platform's parent here too, for stand-ins of its tools (with a BUILD of its
# own).

PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
BINDIR ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/multihomed
MANDIR ?= $(PREFIX)/share/man
DOCDIR ?= $(PREFIX)/share/doc/multihomed
EXAMPLESDIR ?= $(PREFIX)/share/examples/multihomed

BUILD ?= build
# linux or freebsd; empty: what this machine is.
SYSTEM ?=
Q ?= @
OPT ?= -O2 -g
WERROR ?=
SAN ?=
SAN_OBJ ?=

CSTD = -std=c11
# Linux needs _GNU_SOURCE, FreeBSD ignores it. _POSIX_C_SOURCE would hide BSD
# calls there.
DEFS = -Iserver -D_GNU_SOURCE
WARN = -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual -Wcast-align \
	-Wwrite-strings -Wundef -Wvla -Wstrict-prototypes \
	-Wmissing-prototypes -Wmissing-declarations -Wold-style-definition \
	-Wnested-externs -Wformat=2 -Wimplicit-fallthrough -Wsign-compare
HARDEN_ARCH != case `uname -m` in (x86_64|amd64) \
	echo -fcf-protection -fstack-clash-protection;; esac
HARDEN ?= -fPIE -fstack-protector-strong $(HARDEN_ARCH) -D_FORTIFY_SOURCE=2
LDHARDEN ?= -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack
# Where FreeBSD keeps what ports installed; nothing on Linux.
LOCAL_INC != test `uname -s` = Linux || echo -isystem /usr/local/include
LOCAL_LIB != test `uname -s` = Linux || echo -L/usr/local/lib

COMPILE = $(CC) $(CSTD) $(DEFS) $(CPPFLAGS) $(LOCAL_INC) $(WARN) $(WERROR) \
	$(HARDEN) $(OPT) $(SAN) $(CFLAGS)
PATHS = -DLIBEXECDIR='"$(LIBEXECDIR)"' -DBINDIR='"$(BINDIR)"'
LINK = $(CC) $(LDHARDEN) $(SAN) $(CFLAGS) $(LDFLAGS) $(LOCAL_LIB) -Wl,--as-needed \
	$(SAN_OBJ)

# Fuzz targets need clang's libFuzzer; cc on Linux is another compiler.
FUZZ_CC ?= clang
FUZZ_FLAGS = -g -O1 -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_COMPILE = $(FUZZ_CC) $(CSTD) $(DEFS) -Itests -Iclients $(LOCAL_INC) $(WARN) \
	$(FUZZ_FLAGS)

# A second build that the sanitizers watch; fortify would hide from them.
# asan_options.c tells each process where to leave what was found.
ASAN = build/asan
ASAN_FLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all
# clang, whose two sanitizers share one log_path; gcc's do not.
ASAN_ARGS = CC=clang BUILD=$(ASAN) HARDEN= LDHARDEN= WERROR=-Werror \
	OPT="-O1 -g -fno-omit-frame-pointer" SAN="$(ASAN_FLAGS)" \
	SAN_OBJ=$(ASAN)/asan_options.o

PROGRAMS = $(BUILD)/multihomed $(BUILD)/multihomed-engine \
	$(BUILD)/multihomed-http $(BUILD)/mhctl

all: $(PROGRAMS)

SRCS != find server clients tests -name '*.c' | sort
RULES != SYSTEM="$(SYSTEM)" sh tools/rules.sh "$(BUILD)" "$(COMPILE)" \
	"$(LIBEXECDIR) $(BINDIR)" $(SRCS)
include $(RULES)

# Everything the tests run, without running it.
tests: $(TESTS)
fuzzers: $(FUZZERS)

deps:
	@sh tools/deps.sh

# The programs are made by a second make: what deps installed is seen there.
check: deps
	@MAKE="$(MAKE)" sh tests/run-all

check-format check-layers check-names check-forbid check-tidy check-cppcheck \
check-shell check-man check-unit check-golden check-http check-parent \
check-cli check-frr check-contract check-openapi check-e2e check-versions \
check-fakes check-fault check-matrix check-lab \
check-build check-install check-gcc check-clang check-asan check-fuzz:
	@MAKE="$(MAKE)" sh tests/run-all `echo $@ | sed 's/^check-//'`

asan: check-asan

asan-build: $(ASAN)/asan_options.o
	@$(MAKE) $(ASAN_ARGS) all tests

$(ASAN)/asan_options.o: tests/check/asan_options.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CSTD) $(WARN) -O1 -g -DFINDINGS='"'`pwd`/$(ASAN)/findings'"' \
	    -c -o $@ tests/check/asan_options.c

# Every target for FUZZ_SECONDS; several at a time with FUZZ_JOBS.
FUZZ_SECONDS ?= 60
fuzz: fuzzers
	@sh tests/fuzz/run.sh $(FUZZ_SECONDS)

sizes:
	@sh tests/check/sizes.sh

demo: deps
	@$(MAKE) all
	@/usr/bin/python3 tests/lab/lab demo

lab: deps
	@$(MAKE) all
	@/usr/bin/python3 tests/lab/lab shell

# Every step of add, change and remove against every fault: an hour and more.
# FAULT_EVERY=N tries each Nth cell.
FAULT_EVERY ?= 1
fault-matrix: deps
	@$(MAKE) all
	@$(MAKE) SYSTEM=freebsd BUILD=build/fbsd all
	@FAULT_EVERY=$(FAULT_EVERY) sh tests/fault/matrix.sh

# What the lab measures, in the format of bench.
lab-figures: deps
	@$(MAKE) all
	@$(MAKE) SYSTEM=freebsd BUILD=build/fbsd all
	@LAB_FAULT_EVERY=$(FAULT_EVERY) /usr/bin/python3 tests/lab/lab figures

bench: all $(BUILD)/tests/bench/bare_mhd
	@/usr/bin/python3 tests/bench/run.py --build $(BUILD)

format:
	find server clients tests -name '*.[ch]' -exec clang-format -i {} +

install: all
	@DESTDIR="$(DESTDIR)" BUILD="$(BUILD)" PREFIX="$(PREFIX)" \
	SBINDIR="$(SBINDIR)" BINDIR="$(BINDIR)" LIBEXECDIR="$(LIBEXECDIR)" \
	MANDIR="$(MANDIR)" DOCDIR="$(DOCDIR)" EXAMPLESDIR="$(EXAMPLESDIR)" \
	sh tools/install.sh

# What was downloaded stays, the lab's kernel and other FRRs: nothing here makes it.
clean:
	@if [ -d "$(BUILD)" ]; then \
	find "$(BUILD)" -mindepth 1 -maxdepth 1 ! -name lab ! -name "frr-*" \
	-exec rm -rf {} +; fi

.PHONY: all tests fuzzers deps check check-format check-layers check-names \
	check-forbid check-tidy check-cppcheck check-shell check-man \
	check-unit check-golden check-http check-parent check-cli \
	check-frr check-contract check-openapi check-e2e check-versions \
	check-fakes check-fault check-matrix check-lab \
	check-build check-install check-gcc check-clang check-asan \
	check-fuzz asan asan-build fuzz sizes demo lab lab-figures fault-matrix bench format install clean
