/* tests/unit/test_frr_apply.c - a password never lies in a file of vtysh's. */
/* links: frr/frr frr/lock frr/vty frr/vty_configure frr/vty_decode frr/vtysh
 * frr/diff frr/step frr/line frr/mask frr/tree frr/tree_parse frr/tree_index
 * frr/section frr/state frr/family frr/version frr/prefix_counts frr/route
 * frr/json base/addr base/buf base/clock base/compat base/err base/io base/log
 * base/mem base/name base/number base/run */
/* libs: -ljansson -lpthread */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "frr/diff.h"
#include "frr/frr.h"
#include "frr/tree.h"

/* bgpd is a thread that takes everything; vtysh a script that keeps what it is
 * given, and both tell in what order they were asked. */
static struct {
	char dir[64];
	char log[96];
	int fd;
	pthread_t thread;
	struct frr_settings settings;
	struct frr *frr;
} lab;

static const char script[] = "#!/bin/sh\n"
			     "dir=${0%/*}\n"
			     "for f; do :; done\n"
			     "case \" $* \" in *\" -C \"*) echo '(check)';;\n"
			     "*) sed 's/^ */vtysh: /' \"$f\";; esac"
			     " >>\"$dir/log\"\n"
			     "cat \"$f\" >>\"$dir/seen\"\n"
			     "sed -n 's/^ *description say //p' \"$f\"\n"
			     "! grep -q nonsense \"$f\"\n";

static void
note(const char *command)
{
	FILE *f = fopen(lab.log, "a");

	if (f == NULL)
		abort();
	(void)fprintf(f, "bgpd: %s\n", command);
	(void)fclose(f);
}

static void
serve(int fd)
{
	char command[4096], end[4] = { 0 };
	size_t n = 0;

	while (n < sizeof(command) && recv(fd, command + n, 1, 0) == 1) {
		if (command[n++] != '\0')
			continue;
		n = 0;
		if (strcmp(command, "enable") != 0 &&
		    strncmp(command, "show ", 5) != 0)
			note(command);
		if (send(fd, end, sizeof(end), MSG_NOSIGNAL) == -1)
			break;
	}
	(void)close(fd);
}

static void *
bgpd(void *unused)
{
	int fd;

	while ((fd = accept(lab.fd, NULL, NULL)) != -1)
		serve(fd);
	return unused;
}

static int
set_up(void **state)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct frr_settings *s = &lab.settings;
	FILE *f;

	(void)state;
	memset(&lab, 0, sizeof(lab));
	(void)snprintf(lab.dir, sizeof(lab.dir), "/tmp/mh-apply-XXXXXX");
	if (mkdtemp(lab.dir) == NULL)
		return -1;
	(void)snprintf(lab.log, sizeof(lab.log), "%s/log", lab.dir);
	(void)snprintf(s->socket_dir, sizeof(s->socket_dir), "%s", lab.dir);
	(void)snprintf(s->vtysh, sizeof(s->vtysh), "%s/vtysh", lab.dir);
	(void)snprintf(s->work_dir, sizeof(s->work_dir), "%s/work", lab.dir);
	s->timeout_ms = 2000;
	s->vtysh_timeout_ms = 10000;
	f = fopen(s->vtysh, "w");
	if (f == NULL || fputs(script, f) == EOF || fclose(f) != 0 ||
	    chmod(s->vtysh, 0700) == -1 || mkdir(s->work_dir, 0700) == -1)
		return -1;
	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/bgpd.vty",
	    lab.dir);
	lab.fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(lab.fd, (const struct sockaddr *)&sun, sizeof(sun)) == -1 ||
	    listen(lab.fd, 5) == -1)
		return -1;
	lab.frr = frr_new(s);
	return pthread_create(&lab.thread, NULL, bgpd, NULL);
}

static int
tear_down(void **state)
{
	static const char *const names[] = { "log", "seen", "vtysh", "bgpd.vty",
		"work" };
	char path[128];
	size_t i;

	(void)state;
	frr_free(&lab.frr);
	(void)shutdown(lab.fd, SHUT_RDWR);
	(void)pthread_join(lab.thread, NULL);
	(void)close(lab.fd);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", lab.dir, names[i]);
		(void)remove(path);
	}
	return rmdir(lab.dir);
}

static const char before[] = "router bgp 65000\n"
			     " neighbor 2001:db8::1 remote-as 65001\n"
			     "exit\n";

static struct frr_node *
tree(const char *text)
{
	struct frr_node *t = frr_tree_parse(text, strlen(text), NULL);

	assert_non_null(t);
	return t;
}

/* From one to the other; what was asked of whom, and what the audit keeps. */
static int
apply(const char *from, const char *to, struct buf *asked, struct buf *log,
    struct err *err)
{
	struct frr_node *a = tree(from), *b = tree(to);
	struct frr_steps steps = { 0 };
	int rc;

	err_clear(err);
	(void)unlink(lab.log);
	buf_reset(asked);
	buf_reset(log);
	assert_int_equal(frr_diff(a, b, &steps, err), 0);
	rc = frr_apply(lab.frr, &steps, a, log, err);
	(void)io_read_file(lab.log, asked, NULL);
	frr_steps_clear(&steps);
	frr_tree_free(&a);
	frr_tree_free(&b);
	return rc;
}

static void
was_asked(const struct buf *asked, const char *text)
{
	if (strstr(buf_text(asked), text) == NULL)
		fail_msg("asked was: %s", buf_text(asked));
}

static bool
vtysh_saw(const char *text)
{
	struct buf b = BUF_INIT;
	char path[96];
	bool found;

	(void)snprintf(path, sizeof(path), "%s/seen", lab.dir);
	(void)io_read_file(path, &b, NULL);
	found = strstr(buf_text(&b), text) != NULL;
	buf_clear(&b);
	return found;
}

static void
test_apart(void **state)
{
	struct buf asked = BUF_INIT, log = BUF_INIT;
	struct err err;

	(void)state;
	assert_int_equal(apply(before,
			     "route-map M permit 10\nexit\n"
			     "router bgp 65000\n"
			     " neighbor 2001:db8::1 remote-as 65001\n"
			     " neighbor 2001:db8::2 remote-as 65002\n"
			     " neighbor 2001:db8::2 password hush-hush\n"
			     " neighbor 2001:db8::2 description new\n"
			     "exit\n",
			     &asked, &log, &err),
	    0);
	assert_string_equal(buf_text(&asked),
	    "(check)\n"
	    "vtysh: route-map M permit 10\n"
	    "vtysh: exit\n"
	    "vtysh: router bgp 65000\n"
	    "vtysh: neighbor 2001:db8::2 remote-as 65002\n"
	    "vtysh: neighbor 2001:db8::2 description new\n"
	    "vtysh: exit\n"
	    "bgpd: configure terminal\n"
	    "bgpd: router bgp 65000\n"
	    "bgpd: neighbor 2001:db8::2 password hush-hush\n"
	    "bgpd: exit\n"
	    "bgpd: end\n");
	assert_false(vtysh_saw("password"));
	assert_null(strstr(buf_text(&log), "hush"));
	assert_non_null(
	    strstr(buf_text(&log), "neighbor 2001:db8::2 password ***\tok\n"));
	buf_clear(&asked);
	buf_clear(&log);
}

/* Changed, and taken away: with a map that only vtysh may make. */
static void
test_change_and_removal(void **state)
{
	static const char with[] = "router bgp 65000\n"
				   " neighbor 2001:db8::1 remote-as 65001\n"
				   " neighbor 2001:db8::1 password old-one\n"
				   "exit\n";
	struct buf asked = BUF_INIT, log = BUF_INIT;
	struct err err;

	(void)state;
	assert_int_equal(apply(with,
			     "route-map M permit 10\nexit\n"
			     "router bgp 65000\n"
			     " neighbor 2001:db8::1 remote-as 65001\n"
			     " neighbor 2001:db8::1 password new-one\n"
			     "exit\n",
			     &asked, &log, &err),
	    0);
	was_asked(&asked,
	    "vtysh: route-map M permit 10\nvtysh: exit\n"
	    "bgpd: configure terminal\nbgpd: router bgp 65000\n"
	    "bgpd: neighbor 2001:db8::1 password new-one\nbgpd: exit\n");
	assert_int_equal(apply(with,
			     "route-map M permit 10\nexit\n"
			     "router bgp 65000\n"
			     " neighbor 2001:db8::1 remote-as 65001\n"
			     "exit\n",
			     &asked, &log, &err),
	    0);
	assert_non_null(
	    strstr(buf_text(&asked), "bgpd: no neighbor 2001:db8::1 password"));
	assert_false(vtysh_saw("password"));
	assert_false(vtysh_saw("-one"));
	/* The neighbor takes it along. */
	assert_int_equal(apply(with,
			     "route-map M permit 10\nexit\n"
			     "router bgp 65000\nexit\n",
			     &asked, &log, &err),
	    0);
	assert_null(strstr(buf_text(&asked), "bgpd:"));
	buf_clear(&asked);
	buf_clear(&log);
}

/* What cannot be said over the socket is noticed before vtysh begins; what
 * vtysh refuses, before the password is set. */
static void
test_nothing_by_halves(void **state)
{
	struct buf asked = BUF_INIT, log = BUF_INIT;
	struct err err;

	(void)state;
	assert_int_equal(apply(before,
			     "route-map M permit 10\nexit\n"
			     "router bgp 65000\n"
			     " neighbor 2001:db8::1 remote-as 65001\n"
			     " neighbor 2001:db8::1 password a|b\n"
			     "exit\n",
			     &asked, &log, &err),
	    -1);
	assert_int_equal(err.code, ERR_INVALID);
	assert_string_equal(buf_text(&asked), "");
	assert_string_equal(buf_text(&log), "");
	assert_int_equal(apply(before,
			     "route-map nonsense permit 10\nexit\n"
			     "router bgp 65000\n"
			     " neighbor 2001:db8::1 remote-as 65001\n"
			     " neighbor 2001:db8::1 password hush-hush\n"
			     "exit\n",
			     &asked, &log, &err),
	    -1);
	assert_int_equal(err.code, ERR_TOOL);
	assert_null(strstr(buf_text(&asked), "bgpd:"));
	assert_string_equal(buf_text(&log), "");
	assert_null(strstr(err.text, "hush"));
	assert_false(vtysh_saw("hush"));
	buf_clear(&asked);
	buf_clear(&log);
}

/* FRR 10's vtysh talks where FRR 8's is silent; anything else it says is not
 * taken for success. */
static void
test_notices(void **state)
{
	static const struct {
		const char *said;
		int rc;
	} all[] = {
		{ "[220|mgmtd] sending configuration", 0 },
		{ "[220|mgmtd] done", 0 },
		{ "Waiting for children to finish applying config...", 0 },
		{ "MGMTD: No changes found to be committed!", 0 },
		{ "% Configuration applied with notes:", 0 },
		{ "No changes found to be committed!", 0 },
		{ "% Configuration failed.", -1 },
		{ "MGMTD: could not lock candidate DS", -1 },
		{ "[220|mgmtd] Configuration file processing failure: 13", -1 },
		{ "No changes found to be committed! But", -1 },
	};
	struct buf asked = BUF_INIT, log = BUF_INIT, to = BUF_INIT;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		buf_reset(&to);
		buf_printf(&to,
		    "route-map M permit 10\n description say %s\nexit\n%s",
		    all[i].said, before);
		if (apply(before, buf_text(&to), &asked, &log, &err) !=
		    all[i].rc)
			fail_msg("%s: %s", all[i].said, err.text);
	}
	buf_clear(&to);
	buf_clear(&asked);
	buf_clear(&log);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_apart),
		TEST(test_change_and_removal),
		TEST(test_nothing_by_halves),
		TEST(test_notices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
