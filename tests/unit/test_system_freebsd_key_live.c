/* tests/unit/test_system_freebsd_key_live.c - keys on a stand-in machine. */
/* links: system/tool system/freebsd/paths system/freebsd/words
 * system/freebsd/rcconf system/freebsd/sysrc system/freebsd/key
 * system/freebsd/key_dump system/freebsd/key_pair system/freebsd/key_sysctl
 * system/freebsd/pfkey system/freebsd/pfkey_socket
 * system/freebsd/ipsec_conf system/freebsd/ipsec_edit
 * system/freebsd/boot_key wire/op wire/op_check wire/op_link wire/op_key
 * wire/op_route wire/op_firewall base/addr base/buf base/clock base/crypto
 * base/err base/io base/log base/name base/number base/rfc3339 base/run
 * base/md5key */
#include <sys/types.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/io.h"
#include "base/run.h"
#include "system/boot.h"
#include "system/key.h"
#include "system/tool.h"

#define HERE "2001:db8:f480::20"
#define PEER "2001:19f0:ffff::1"

static char dir[64];
static struct system_config config;
static char log_bytes[64 * 1024];
static struct buf words;
static struct tool tool = { &config, false, &words };
static pid_t kernel;

static const char rc_conf[] = "hostname=\"rtr\"   # by hand\n";

#define OK(call)                                              \
	do {                                                  \
		struct err err_;                              \
		err_clear(&err_);                             \
		if ((call) == -1)                             \
			fail_msg("%s: %s", #call, err_.text); \
	} while (0)

#define FAILS(call, want)                                     \
	do {                                                  \
		struct err err_;                              \
		err_clear(&err_);                             \
		if ((call) != -1)                             \
			fail_msg("%s is content", #call);     \
		if (err_.code != (want))                      \
			fail_msg("%s: %s", #call, err_.text); \
	} while (0)

static void
put(const char *name, const char *text)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(io_replace_file(path, text, strlen(text), 0644, NULL),
	    0);
}

static void
get(const char *name, struct buf *out)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	buf_reset(out);
	assert_int_equal(io_read_file(path, out, NULL), 0);
}

static void
assert_file(const char *name, const char *text)
{
	struct buf b = BUF_INIT;

	get(name, &b);
	assert_string_equal(buf_text(&b), text);
	buf_clear(&b);
}

/* One of the machine's tools, with this on its standard input. */
static void
by_hand(const char *name, const char *a, const char *b, const char *input,
    struct buf *out)
{
	static const struct run_limits limits = { 30000, 1 << 20 };
	struct run_result r = RUN_RESULT_INIT;
	struct buf in = BUF_INIT;
	struct argv argv;
	char path[256];

	(void)snprintf(path, sizeof(path), "%s%s%s", name[0] == '/' ? "" : dir,
	    name[0] == '/' ? "" : "/", name);
	argv_init(&argv, path);
	argv_add(&argv, a);
	if (b != NULL)
		argv_add(&argv, b);
	buf_puts(&in, input);
	assert_int_equal(run(&argv, &in, &limits, &r, NULL), 0);
	assert_int_equal(r.exit_code, 0);
	if (out != NULL) {
		buf_reset(out);
		buf_add(out, buf_text(&r.out), r.out.len);
	}
	buf_clear(&in);
	run_result_clear(&r);
}

/* The stand-in for the kernel's side of PF_KEY. */
static int
start_kernel(void)
{
	static const struct timespec moment = { 0, 10 * 1000 * 1000 };
	char path[128], socket_path[128];
	int tries;

	(void)snprintf(path, sizeof(path), "%s/pfkeyd", dir);
	(void)snprintf(socket_path, sizeof(socket_path), "%s/pfkey.sock", dir);
	kernel = fork();
	if (kernel == 0) {
		(void)execl(path, path, (char *)NULL);
		_exit(127);
	}
	for (tries = 0; kernel != -1 && tries < 1000; tries++) {
		if (access(socket_path, F_OK) == 0)
			return 0;
		(void)nanosleep(&moment, NULL);
	}
	return -1;
}

static int
new_machine(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/mh-fbsd.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	by_hand("/usr/bin/python3", "tests/fake/freebsd/install", dir, "",
	    NULL);
	memset(&config, 0, sizeof(config));
	(void)snprintf(config.tools_dir, sizeof(config.tools_dir), "%s", dir);
	(void)snprintf(config.rc_conf, sizeof(config.rc_conf), "%s/etc/rc.conf",
	    dir);
	config.timeout_ms = 10000;
	put("etc/rc.conf", rc_conf);
	by_hand("kldload", "tcpmd5", NULL, "", NULL);
	buf_init_fixed(&words, log_bytes, sizeof(log_bytes));
	tool.dry = false;
	return start_kernel();
}

static int
old_machine(void **state)
{
	(void)state;
	(void)kill(kernel, SIGKILL);
	(void)waitpid(kernel, NULL, 0);
	by_hand("/bin/rm", "-rf", dir, "", NULL);
	return 0;
}

static struct op_key
key_of(const char *local, const char *remote, const char *text)
{
	struct op_key k;

	memset(&k, 0, sizeof(k));
	assert_int_equal(addr_parse(&k.local, local, NULL), 0);
	assert_int_equal(addr_parse(&k.remote, remote, NULL), 0);
	if (text != NULL) {
		k.key_len = (uint8_t)strlen(text);
		memcpy(k.key, text, strlen(text));
	}
	return k;
}

/* The one key that there is, NULL: none. */
static void
assert_key(const char *text)
{
	struct op_key list[4];
	size_t n;

	OK(key_list(&tool, list, 4, &n, &err_));
	assert_int_equal(n, text == NULL ? 0 : 1);
	if (text == NULL)
		return;
	assert_int_equal(op_key_check(&list[0], OP_KEYS, NULL), 0);
	assert_int_equal(list[0].flaw & ~OP_KEY_RAW, 0);
	assert_int_equal(list[0].key_len, strlen(text));
	assert_string_equal(list[0].key, text);
}

static void
assert_log(const char *want)
{
	assert_string_equal(buf_text(&words), want);
	buf_reset(&words);
}

#define FIRST                                                       \
	"pfkey add " HERE " " PEER " tcp -A tcp-md5 ********\tok\n" \
	"pfkey add " PEER " " HERE " tcp -A tcp-md5 ********\tok\n"
#define SWAP(a, b)                                               \
	"pfkey getspi " a " " b " tcp\tok\n"                     \
	"pfkey update " a " " b " tcp -A tcp-md5 ********\tok\n" \
	"pfkey delete " a " " b " tcp\tok\n"

static void
test_set(void **state)
{
	struct op_key k = key_of(HERE, PEER, "first");
	struct op_key raw = key_of(HERE, PEER, "a \"raw\" one");
	struct buf log = BUF_INIT;

	(void)state;
	assert_true(key_is_kept());
	assert_key(NULL);
	OK(key_set(&tool, &k, &err_));
	assert_log(FIRST);
	assert_key("first");
	/* There already. */
	OK(key_set(&tool, &k, &err_));
	assert_log("");
	k = key_of(HERE, PEER, "s3cond");
	OK(key_set(&tool, &k, &err_));
	assert_log(SWAP(HERE, PEER) SWAP(PEER, HERE));
	assert_key("s3cond");
	raw.flaw = OP_KEY_RAW;
	OK(key_set(&tool, &raw, &err_));
	assert_key("a \"raw\" one");
	buf_reset(&words);
	OK(key_remove(&tool, &k, &err_));
	OK(key_remove(&tool, &k, &err_));
	assert_key(NULL);
	/* Nothing that was run has the key in its words. */
	get("log", &log);
	assert_null(strstr(log.data, "s3cond"));
	assert_null(strstr(log.data, "\\\"raw"));
	buf_clear(&log);
}

/* Other people's keys, and kinds, are not touched; a direction is mended. */
static void
test_others(void **state)
{
	struct op_key k = key_of(HERE, PEER, "ours"), list[4];
	size_t n;

	(void)state;
	by_hand("setkey", "-c", NULL,
	    "add 10.0.0.1 10.0.0.2 tcp 0x1000 -A tcp-md5 \"theirs\";\n"
	    "add " PEER " " HERE " tcp 0x1000 -A tcp-md5 \"old\";\n",
	    NULL);
	OK(key_list(&tool, list, 4, &n, &err_));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].flaw, OP_KEY_NO_IN);
	assert_int_equal(list[1].flaw, OP_KEY_NO_IN);
	OK(key_set(&tool, &k, &err_));
	OK(key_list(&tool, list, 4, &n, &err_));
	assert_int_equal(n, 2);
	OK(key_remove(&tool, &k, &err_));
	OK(key_list(&tool, list, 4, &n, &err_));
	assert_int_equal(n, 1);
	assert_string_equal(list[0].key, "theirs");
}

/* Where the newer one is preferred a swap would lose it (34). */
static void
test_preferred(void **state)
{
	struct op_key k = key_of(HERE, PEER, "first");

	(void)state;
	OK(key_set(&tool, &k, &err_));
	by_hand("sysctl", "net.key.preferred_oldsa=0", NULL, "", NULL);
	k = key_of(HERE, PEER, "s3cond");
	buf_reset(&words);
	OK(key_set(&tool, &k, &err_));
	assert_key("s3cond");
	assert_non_null(strstr(buf_text(&words), "preferred_oldsa is not 1"));
	assert_non_null(strstr(buf_text(&words), "/setkey -c\tok\n"));
	assert_null(strstr(buf_text(&words), "s3cond"));
	/* Dry, it tells what it would write, but never the key. */
	tool.dry = true;
	k = key_of(HERE, PEER, "th1rd");
	buf_reset(&words);
	OK(key_set(&tool, &k, &err_));
	assert_non_null(strstr(buf_text(&words),
	    "< add " HERE " " PEER " tcp 0x1000 -A tcp-md5 ********;\n"));
	assert_null(strstr(buf_text(&words), "th1rd"));
	tool.dry = false;
	assert_key("s3cond");
}

/* Each message in turn fails, or is not carried out: told, and done again. */
static void
test_faults(void **state)
{
	static const char *const modes[] = { "fail", "lie" };
	struct op_key k = key_of(HERE, PEER, "first");
	struct op_key next = key_of(HERE, PEER, "second");
	char fault[64];
	unsigned i, nth, first;

	(void)state;
	for (first = 0; first < 2; first++)
		for (i = 0; i < 2; i++)
			for (nth = 1; nth <= (first ? 2 : 6); nth++) {
				by_hand("setkey", "-F", NULL, "", NULL);
				if (!first)
					OK(key_set(&tool, &k, &err_));
				(void)snprintf(fault, sizeof(fault),
				    "pfkey %u %s\n", nth, modes[i]);
				put("fault", fault);
				assert_int_equal(key_set(&tool, &next, NULL),
				    -1);
				OK(key_set(&tool, &next, &err_));
				assert_key("second");
			}
	/* The same on the way back. */
	put("fault", "pfkey 3 fail\n");
	assert_int_equal(key_set(&tool, &k, NULL), -1);
	OK(key_set(&tool, &next, &err_));
	assert_key("second");
	put("fault", "setkey 1 lie\n");
	FAILS(key_remove(&tool, &k, &err_), ERR_NOT_APPLIED);
}

static void
test_no_module(void **state)
{
	struct op_key k = key_of(HERE, PEER, "first");
	struct err err;

	(void)state;
	by_hand("kldunload", "tcpmd5", NULL, "", NULL);
	err_clear(&err);
	assert_int_equal(key_set(&tool, &k, &err), -1);
	assert_int_equal(err.code, ERR_TOOL);
	assert_non_null(strstr(err.text, "kldload tcpmd5"));
	/* The kernel's side is not there at all. */
	config.timeout_ms = 200;
	(void)kill(kernel, SIGKILL);
	assert_int_equal(key_set(&tool, &k, &err), -1);
	assert_null(strstr(err.text, "first"));
}

/* A system that has no keys is not one that cannot be observed. */
static void
test_no_setkey(void **state)
{
	struct op_key list[1];
	char path[128];
	size_t n;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/setkey", dir);
	put("setkey",
	    "#!/bin/sh\necho pfkey_open: Protocol not supported >&2\n"
	    "exit 1\n");
	assert_int_equal(chmod(path, 0755), 0);
	assert_key(NULL);
	put("setkey", "#!/bin/sh\necho 10.0.0.1 10.0.0.2; exit 1\n");
	assert_int_equal(chmod(path, 0755), 0);
	FAILS(key_list(&tool, list, 1, &n, &err_), ERR_TOOL);
	assert_int_equal(unlink(path), 0);
	assert_key(NULL);
}

static void
test_counters(void **state)
{
	struct op_key_counters c;
	char path[128];

	(void)state;
	OK(key_counters(&tool, &c, &err_));
	assert_int_equal(c.matching, 0);
	assert_int_equal(c.no_sa, 0);
	/* 31-md5-connect.txt, among others that say data or packets too. */
	put("netstat",
	    "#!/bin/sh\ncat <<'E'\ntcp:\n\t1234 packets sent\n"
	    "\t\t39 data packets (344 bytes) retransmitted\n"
	    "\t19 packets with matching signature received\n"
	    "\t4 packets with bad signature received\n"
	    "\t1 time failed to make signature due to no SA\n"
	    "\t0 times unexpected signature received\n"
	    "\t5 times no signature provided by segment\nE\n");
	(void)snprintf(path, sizeof(path), "%s/netstat", dir);
	assert_int_equal(chmod(path, 0755), 0);
	OK(key_counters(&tool, &c, &err_));
	assert_int_equal(c.matching, 19);
	assert_int_equal(c.failed, 4);
	assert_int_equal(c.no_sa, 1);
	assert_int_equal(c.unexpected, 0);
	assert_int_equal(c.missing, 5);
	/* An older one that does not count. */
	put("netstat", "#!/bin/sh\necho tcp:\n");
	assert_int_equal(chmod(path, 0755), 0);
	OK(key_counters(&tool, &c, &err_));
	assert_true(c.failed == OP_KEY_NOT_COUNTED);
}

static void
assert_boot(const char *text)
{
	struct op_key list[4];
	size_t n;

	OK(boot_keys(&tool, list, 4, &n, &err_));
	assert_int_equal(n, text == NULL ? 0 : 1);
	if (text == NULL)
		return;
	assert_int_equal(list[0].where, OP_BOOT);
	assert_int_equal(list[0].flaw & ~OP_KEY_RAW, 0);
	assert_string_equal(list[0].key, text);
}

#define BLOCK(key)                                                   \
	"# multihomed begin " HERE " " PEER "\n"                     \
	"add " HERE " " PEER " tcp 0x1000 -A tcp-md5 \"" key "\";\n" \
	"add " PEER " " HERE " tcp 0x1000 -A tcp-md5 \"" key "\";\n" \
	"# multihomed end " HERE " " PEER "\n"

static void
test_boot(void **state)
{
	struct op_key k = key_of(HERE, PEER, "first");
	struct buf b = BUF_INIT;
	struct stat st;
	char path[128];

	(void)state;
	assert_boot(NULL);
	OK(boot_key_remove(&tool, &k, &err_));
	OK(boot_key_set(&tool, &k, &err_));
	assert_file("etc/ipsec.conf", BLOCK("first"));
	(void)snprintf(path, sizeof(path), "%s/etc/ipsec.conf", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* What loads it at boot, and the module. */
	get("etc/rc.conf", &b);
	assert_non_null(strstr(b.data, "ipsec_enable=\"YES\"\n"));
	assert_non_null(strstr(b.data, "kld_list=\"tcpmd5\"\n"));
	assert_null(strstr(buf_text(&words), "first"));
	assert_boot("first");
	k = key_of(PEER, HERE, "second");
	OK(boot_key_set(&tool, &k, &err_));
	assert_file("etc/ipsec.conf", BLOCK("second"));
	by_hand("/usr/bin/python3", "tests/fake/boot.py", dir, "", &b);
	assert_key("second");
	OK(boot_key_remove(&tool, &k, &err_));
	/* It stays: a missing one would abort the boot. */
	assert_file("etc/ipsec.conf", "");
	by_hand("/usr/bin/python3", "tests/fake/boot.py", dir, "", &b);
	assert_key(NULL);
	buf_clear(&b);
}

static void
test_boot_by_hand(void **state)
{
	static const char hand[] =
	    "# by hand\n"
	    "add " HERE " " PEER " tcp 0x1000 -A tcp-md5 \"old\";\n"
	    "add " PEER " " HERE " tcp 0x1000 -A tcp-md5 \"old\";\n";
	struct op_key k = key_of(HERE, PEER, "new");
	struct op_key old = key_of(HERE, PEER, "old");
	struct op_key other = key_of("10.0.0.1", "10.0.0.2", "other");

	(void)state;
	put("etc/ipsec.conf", hand);
	assert_boot("old");
	/* It was switched off with what is in it: nobody knows why. */
	FAILS(boot_key_set(&tool, &other, &err_), ERR_CONFLICT);
	assert_file("etc/ipsec.conf", hand);
	put("etc/rc.conf", "ipsec_enable=YES\nkld_list='a tcpmd5'\n");
	OK(boot_key_set(&tool, &k, &err_));
	assert_file("etc/ipsec.conf", "# by hand\n" BLOCK("new"));
	assert_file("etc/rc.conf", "ipsec_enable=YES\nkld_list='a tcpmd5'\n");
	OK(boot_key_set(&tool, &old, &err_));
	OK(boot_key_disown(&tool, &old, &err_));
	assert_file("etc/ipsec.conf", hand);
	put("etc/ipsec.conf", "garbage;\n");
	FAILS(boot_key_set(&tool, &k, &err_), ERR_CONFLICT);
	assert_file("etc/ipsec.conf", "garbage;\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_set, new_machine,
		    old_machine),
		cmocka_unit_test_setup_teardown(test_others, new_machine,
		    old_machine),
		cmocka_unit_test_setup_teardown(test_preferred, new_machine,
		    old_machine),
		cmocka_unit_test_setup_teardown(test_faults, new_machine,
		    old_machine),
		cmocka_unit_test_setup_teardown(test_no_module, new_machine,
		    old_machine),
		cmocka_unit_test_setup_teardown(test_no_setkey, new_machine,
		    old_machine),
		cmocka_unit_test_setup_teardown(test_counters, new_machine,
		    old_machine),
		cmocka_unit_test_setup_teardown(test_boot, new_machine,
		    old_machine),
		cmocka_unit_test_setup_teardown(test_boot_by_hand, new_machine,
		    old_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
