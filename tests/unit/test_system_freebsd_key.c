/* tests/unit/test_system_freebsd_key.c - TCP-MD5 keys as bytes and as text. */
/* links: system/freebsd/pfkey system/freebsd/key_pair
 * system/freebsd/key_dump system/freebsd/ipsec_conf
 * system/freebsd/ipsec_edit system/freebsd/words wire/op wire/op_check
 * wire/op_link wire/op_key wire/op_route wire/op_firewall base/addr
 * base/buf base/clock base/crypto base/err base/io base/log base/name
 * base/number base/rfc3339 base/md5key */
#include <sys/types.h>
#include <sys/socket.h>

#include <linux/pfkeyv2.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "shared_file.h"
#include "system/freebsd/ipsec_conf.h"
#include "system/freebsd/ipsec_edit.h"
#include "system/freebsd/key_dump.h"
#include "system/freebsd/pfkey.h"

#define HERE "2001:db8:f480::20"
#define PEER "2001:19f0:ffff::1"

static struct addr
ip(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, NULL), 0);
	return a;
}

static struct key_way
way_of(const char *src, const char *dst, const char *key)
{
	struct key_way way;

	memset(&way, 0, sizeof(way));
	way.src = ip(src);
	way.dst = ip(dst);
	way.key_len = (uint8_t)strlen(key);
	memcpy(way.key, key, strlen(key));
	return way;
}

static struct op_key
key_of(const char *local, const char *remote, const char *key)
{
	struct op_key k;

	memset(&k, 0, sizeof(k));
	k.local = ip(local);
	k.remote = ip(remote);
	k.key_len = (uint8_t)strlen(key);
	memcpy(k.key, key, strlen(key));
	return k;
}

/* A message read with the structs of another system, which has them from the
 * same RFC. */
static const void *
extension(const unsigned char *bytes, size_t size, uint16_t type)
{
	struct sadb_ext e;
	size_t at;

	for (at = sizeof(struct sadb_msg); at < size;
	     at += e.sadb_ext_len * 8) {
		memcpy(&e, bytes + at, sizeof(e));
		assert_true(e.sadb_ext_len > 0);
		if (e.sadb_ext_type == type)
			return bytes + at;
	}
	assert_int_equal(at, size);
	return NULL;
}

static void
assert_address(const unsigned char *bytes, size_t size, uint16_t type,
    const char *text)
{
	/* As "setkey -Dv" shows them: sockaddr{ len=28 family=28 ... } */
	const unsigned char *sa;
	struct sadb_address a;
	struct addr want = ip(text);
	const void *at = extension(bytes, size, type);

	assert_non_null(at);
	memcpy(&a, at, sizeof(a));
	assert_int_equal(a.sadb_address_proto, 255);
	sa = (const unsigned char *)at + sizeof(a);
	if (want.family == 6) {
		assert_int_equal(a.sadb_address_len, 5);
		assert_int_equal(a.sadb_address_prefixlen, 128);
		assert_int_equal(sa[0], 28);
		assert_int_equal(sa[1], 28);
		assert_memory_equal(sa + 8, want.bytes, 16);
	} else {
		assert_int_equal(a.sadb_address_len, 3);
		assert_int_equal(a.sadb_address_prefixlen, 32);
		assert_int_equal(sa[0], 16);
		assert_int_equal(sa[1], 2);
		assert_memory_equal(sa + 4, want.bytes, 4);
	}
}

static void
assert_key(const unsigned char *bytes, size_t size, const char *text)
{
	const unsigned char *at = extension(bytes, size, SADB_EXT_KEY_AUTH);
	struct sadb_key k;
	size_t len = strlen(text);

	assert_non_null(at);
	memcpy(&k, at, sizeof(k));
	assert_int_equal(k.sadb_key_bits, len * 8);
	assert_int_equal(k.sadb_key_len, 1 + (len + 7) / 8);
	assert_memory_equal(at + sizeof(k), text, len);
	for (; len % 8 != 0; len++)
		assert_int_equal(at[sizeof(k) + len], 0);
}

static void
test_layouts(void **state)
{
	static const enum pfkey_type types[] = { PFKEY_GETSPI, PFKEY_UPDATE,
		PFKEY_ADD, PFKEY_DELETE };
	static const uint8_t theirs[] = { SADB_GETSPI, SADB_UPDATE, SADB_ADD,
		SADB_DELETE };
	struct key_way way = way_of(HERE, PEER, "secret1");
	unsigned char bytes[PFKEY_MESSAGE_MAX];
	struct sadb_spirange range;
	struct sadb_msg m;
	struct sadb_sa sa;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		bool keyed = types[i] == PFKEY_UPDATE || types[i] == PFKEY_ADD;

		buf_init_fixed(&b, bytes, sizeof(bytes));
		pfkey_put(&b, types[i], &way, 0x0e6ad317, 7, 4711);
		memcpy(&m, bytes, sizeof(m));
		assert_int_equal(m.sadb_msg_version, PF_KEY_V2);
		assert_int_equal(m.sadb_msg_type, theirs[i]);
		assert_int_equal(m.sadb_msg_errno, 0);
		assert_int_equal(m.sadb_msg_satype, 11);
		assert_int_equal(m.sadb_msg_len * 8, b.len);
		assert_int_equal(m.sadb_msg_seq, 7);
		assert_int_equal(m.sadb_msg_pid, 4711);
		assert_address(bytes, b.len, SADB_EXT_ADDRESS_SRC, HERE);
		assert_address(bytes, b.len, SADB_EXT_ADDRESS_DST, PEER);
		if (keyed)
			assert_key(bytes, b.len, "secret1");
		else
			assert_null(extension(bytes, b.len, SADB_EXT_KEY_AUTH));
		if (types[i] == PFKEY_GETSPI) {
			assert_null(extension(bytes, b.len, SADB_EXT_SA));
			memcpy(&range,
			    extension(bytes, b.len, SADB_EXT_SPIRANGE),
			    sizeof(range));
			assert_int_equal(range.sadb_spirange_len, 2);
			assert_int_equal(range.sadb_spirange_min, 256);
			assert_int_equal(range.sadb_spirange_max, 268435455);
			continue;
		}
		memcpy(&sa, extension(bytes, b.len, SADB_EXT_SA), sizeof(sa));
		assert_int_equal(sa.sadb_sa_len, 2);
		assert_int_equal(sa.sadb_sa_spi,
		    types[i] == PFKEY_UPDATE ? __builtin_bswap32(0x0e6ad317) :
					       __builtin_bswap32(0x1000));
		assert_int_equal(sa.sadb_sa_auth, keyed ? 252 : 0);
		assert_int_equal(sa.sadb_sa_flags, keyed ? 0x40 : 0);
		assert_int_equal(sa.sadb_sa_state,
		    keyed ? SADB_SASTATE_MATURE : SADB_SASTATE_LARVAL);
	}
}

/* All lengths of keys, and IPv4. */
static void
test_keys_of_all_lengths(void **state)
{
	char text[OP_KEY_BYTES + 1];
	unsigned char bytes[PFKEY_MESSAGE_MAX];
	struct key_way way;
	struct buf b;
	size_t n;

	(void)state;
	for (n = 1; n <= OP_KEY_BYTES; n++) {
		memset(text, 'k', sizeof(text));
		text[n] = '\0';
		way = way_of("10.0.0.1", "10.0.0.2", text);
		buf_init_fixed(&b, bytes, sizeof(bytes));
		pfkey_put(&b, PFKEY_ADD, &way, 0, 1, 1);
		assert_key(bytes, b.len, text);
		assert_address(bytes, b.len, SADB_EXT_ADDRESS_SRC, "10.0.0.1");
		assert_address(bytes, b.len, SADB_EXT_ADDRESS_DST, "10.0.0.2");
	}
}

/* tests/golden/freebsd/pfkey.txt: "TYPE HEX", on a machine of our byte order.
 */
static void
test_golden(void **state)
{
	static const struct {
		const char *name;
		enum pfkey_type type;
	} types[] = { { "getspi", PFKEY_GETSPI }, { "update", PFKEY_UPDATE },
		{ "add", PFKEY_ADD }, { "delete", PFKEY_DELETE } };
	static const char path[] = "tests/golden/freebsd/pfkey.txt";
	const char *pairs[][2] = { { HERE, PEER }, { "10.0.0.1", "10.0.0.2" } };
	unsigned char bytes[PFKEY_MESSAGE_MAX];
	struct buf have = BUF_INIT, want = BUF_INIT, b;
	const char *text;
	size_t i, j;

	(void)state;
	for (j = 0; j < 2; j++)
		for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
			struct key_way way =
			    way_of(pairs[j][0], pairs[j][1], "secret1");

			buf_init_fixed(&b, bytes, sizeof(bytes));
			pfkey_put(&b, types[i].type, &way, 0x0e6ad317, 7, 4711);
			buf_printf(&have, "%s %s %s ", types[i].name,
			    pairs[j][0], pairs[j][1]);
			buf_hex(&have, b.data, b.len);
			buf_putc(&have, '\n');
		}
	assert_int_equal(io_read_file(path, &want, NULL), 0);
	text = buf_text(&want);
	while (text[0] == '#')
		text += strcspn(text, "\n") + 1;
	if (strcmp(buf_text(&have), text) != 0) {
		printf("%s", buf_text(&have));
		fail_msg("not as in %s", path);
	}
	buf_clear(&have);
	buf_clear(&want);
}

static void
test_read(void **state)
{
	struct key_way way = way_of(HERE, PEER, "secret1");
	unsigned char bytes[PFKEY_MESSAGE_MAX];
	struct pfkey_answer a;
	struct err err;
	struct buf b;
	size_t n;

	(void)state;
	buf_init_fixed(&b, bytes, sizeof(bytes));
	pfkey_put(&b, PFKEY_UPDATE, &way, 0x0e6ad317, 7, 4711);
	assert_int_equal(pfkey_read(bytes, b.len, &a, &err), 0);
	assert_int_equal(a.type, PFKEY_UPDATE);
	assert_int_equal(a.spi, 0x0e6ad317);
	assert_int_equal(a.seq, 7);
	assert_int_equal(a.pid, 4711);
	assert_int_equal(a.error, 0);
	for (n = 0; n < b.len; n++)
		assert_int_equal(pfkey_read(bytes, n, &a, &err), -1);
	bytes[2] = 17;
	assert_int_equal(pfkey_read(bytes, b.len, &a, &err), 0);
	assert_int_equal(a.error, 17);
	bytes[0] = 1;
	assert_int_equal(pfkey_read(bytes, b.len, &a, &err), -1);
	bytes[0] = 2;
	/* An extension without an end, and one that is too long. */
	bytes[16] = 0;
	assert_int_equal(pfkey_read(bytes, b.len, &a, &err), -1);
	bytes[16] = 200;
	assert_int_equal(pfkey_read(bytes, b.len, &a, &err), -1);
	assert_int_equal(err.code, ERR_PROTOCOL);
}

static const char dump[] =
    "2001:19f0:ffff::1 2001:db8:f480::20\n"
    "\ttcp mode=any spi=251448278(0x0efccbd6) reqid=0(0x00000000)\n"
    "\tA: tcp-md5  73656372 657431\n"
    "\tseq=0x00000000 replay=0 flags=0x00000040 state=mature \n"
    "\tcreated: Nov 22 17:27:11 2026\tcurrent: Nov 22 17:27:12 2026\n"
    "\tdiff: 1(s)\thard: 0(s)\tsoft: 0(s)\n"
    "\tsadb_seq=1 pid=210 refcnt=1\n"
    "2001:db8:f480::20 2001:19f0:ffff::1\n"
    "\ttcp mode=any spi=4096(0x00001000) reqid=0(0x00000000)\n"
    "\tA: tcp-md5  73656372 657431\n"
    "\tseq=0x00000000 replay=0 flags=0x00000040 state=mature \n"
    "10.0.0.1 10.0.0.2\n"
    "\ttcp mode=any spi=206768209(0x0c530851) reqid=0(0x00000000)\n"
    "\tA: tcp-md5  7831\n"
    "\tseq=0x00000000 replay=0 flags=0x00000040 state=mature \n"
    "10.0.0.9 10.0.0.2\n"
    "\ttcp mode=any spi=256(0x00000100) reqid=0(0x00000000)\n"
    "\tseq=0x00000000 replay=0 flags=0x00000000 state=larval \n"
    "192.0.2.1 198.51.100.7\n"
    "\tesp mode=tunnel spi=65537(0x00010001) reqid=0(0x00000000)\n"
    "\tE: aes-gcm-16  30313233\n"
    "\tseq=0x00000000 replay=0 flags=0x00000040 state=mature \n"
    "fe80::1%lo0 fe80::2%lo0\n"
    "\ttcp mode=any spi=4097(0x00001001) reqid=0(0x00000000)\n"
    "\tA: tcp-md5  78\n"
    "\tseq=0x00000000 replay=0 flags=0x00000040 state=mature \n"
    "10.0.0.1 10.0.0.2\n"
    "\ttcp mode=any spi=4098(0x00001002) reqid=0(0x00000000)\n"
    "\tA: tcp-md5  7832\n"
    "\tseq=0x00000000 replay=0 flags=0x00000040 state=mature \n";

static void
test_dump(void **state)
{
	struct key_way ways[8];
	struct op_key list[4];
	char text[sizeof(dump)], none[] = "No SAD entries.\n";
	size_t i, n_ways, n = 0;

	(void)state;
	memcpy(text, dump, sizeof(dump));
	n_ways = key_dump_parse(text, ways, 8);
	assert_int_equal(n_ways, 5);
	for (i = 0; i < n_ways; i++)
		key_pair_add(list, 4, &n, OP_RUNNING, &ways[i]);
	/* The pair with link-local addresses is not told. */
	assert_int_equal(n, 2);
	assert_int_equal(list[0].flaw, 0);
	assert_int_equal(list[0].key_len, 7);
	assert_string_equal(list[0].key, "secret1");
	/* One direction, twice, and with different keys. */
	assert_int_equal(list[1].flaw,
	    OP_KEY_NO_IN | OP_KEY_SEVERAL | OP_KEY_DIFFERS);
	assert_string_equal(list[1].key, "x1");
	assert_int_equal(key_dump_parse(none, ways, 8), 0);
	memcpy(text, dump, sizeof(dump));
	assert_int_equal(key_dump_parse(text, ways, 1), 1);
}

static void
test_pairs(void **state)
{
	struct op_key list[1];
	struct key_way way = way_of(PEER, HERE, "a key"), back;
	size_t n = 0;

	(void)state;
	key_pair_add(list, 1, &n, OP_BOOT, &way);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].where, OP_BOOT);
	assert_int_equal(list[0].flaw, OP_KEY_NO_IN | OP_KEY_RAW);
	back = key_pair_way(&list[0], true);
	assert_true(addr_equal(&back.src, &way.dst));
	assert_memory_equal(back.key, way.key, sizeof(way.key));
	key_pair_add(list, 1, &n, OP_BOOT, &back);
	assert_int_equal(list[0].flaw, OP_KEY_RAW);
	/* No room. */
	way = way_of("10.0.0.1", "10.0.0.2", "k");
	key_pair_add(list, 1, &n, OP_BOOT, &way);
	assert_int_equal(n, 1);
}

static void
read_golden(const char *name, const char *what, struct buf *b)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "tests/golden/freebsd/ipsec/%s.%s",
	    name, what);
	buf_reset(b);
	if (io_read_file(path, b, NULL) == -1)
		fail_msg("%s is missing", path);
}

static void
assert_text(const struct buf *have, const struct buf *want, const char *what)
{
	if (have->len == want->len &&
	    memcmp(buf_text(have), buf_text(want), have->len) == 0)
		return;
	printf("--- %s is:\n%s\n--- not:\n%s\n", what, buf_text(have),
	    buf_text(want));
	fail_msg("%s", what);
}

/* NAME.conf, with our key NAME.set, and back: the same bytes. */
static void
check_file(const char *name, const char *old)
{
	static char bytes[4][16 * 1024];
	struct op_key k = key_of(HERE, PEER, "n3w-Key");
	struct buf before, want, after, back, plain;
	struct op_key was = key_of(HERE, PEER, old == NULL ? "" : old);

	buf_init_fixed(&before, bytes[0], sizeof(bytes[0]));
	buf_init_fixed(&want, bytes[1], sizeof(bytes[1]));
	buf_init_fixed(&after, bytes[2], sizeof(bytes[2]));
	buf_init_fixed(&back, bytes[3], sizeof(bytes[3]));
	read_golden(name, "conf", &before);
	assert_int_equal(ipsec_edit_set(buf_text(&before), before.len, &k,
			     &after, NULL),
	    0);
	read_golden(name, "set", &want);
	assert_text(&after, &want, name);
	/* It is so already. */
	assert_int_equal(ipsec_edit_set(buf_text(&after), after.len, &k, &back,
			     NULL),
	    0);
	assert_text(&back, &after, "set twice");
	buf_reset(&back);
	if (old == NULL) {
		assert_int_equal(ipsec_edit_remove(buf_text(&after), after.len,
				     &k.remote, &k.local, &back, NULL),
		    0);
		assert_text(&back, &before, "removed");
		return;
	}
	assert_int_equal(ipsec_edit_set(buf_text(&after), after.len, &was,
			     &back, NULL),
	    0);
	buf_init_fixed(&plain, bytes[1], sizeof(bytes[1]));
	assert_int_equal(ipsec_edit_disown(buf_text(&back), back.len, &k.local,
			     &k.remote, &plain, NULL),
	    0);
	assert_text(&plain, &before, "given back");
}

static void
test_files(void **state)
{
	(void)state;
	check_file("empty", NULL);
	check_file("foreign", NULL);
	check_file("open", NULL);
	check_file("hand", "your-shared-secret");
	check_file("apart", "your-secret 1");
	check_file("open-hand", "k");
}

/* Another file's worth of edits: one after the other, in any order back. */
static void
test_several(void **state)
{
	static char bytes[2][16 * 1024];
	static const char *const texts[] = { "", "# x\n", "# x", "flush;" };
	struct op_key a = key_of(HERE, PEER, "a");
	struct op_key b = key_of("10.0.0.1", "10.0.0.2", "b");
	struct buf one, two;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_init_fixed(&one, bytes[0], sizeof(bytes[0]));
		buf_init_fixed(&two, bytes[1], sizeof(bytes[1]));
		assert_int_equal(ipsec_edit_set(texts[i], strlen(texts[i]), &a,
				     &one, NULL),
		    0);
		assert_int_equal(ipsec_edit_set(one.data, one.len, &b, &two,
				     NULL),
		    0);
		buf_reset(&one);
		assert_int_equal(ipsec_edit_remove(two.data, two.len, &a.local,
				     &a.remote, &one, NULL),
		    0);
		buf_reset(&two);
		assert_int_equal(ipsec_edit_remove(one.data, one.len, &b.local,
				     &b.remote, &two, NULL),
		    0);
		assert_string_equal(buf_text(&two), texts[i]);
	}
}

/* One direction is missing, one is there twice: the result is whole. */
static void
test_mend(void **state)
{
	static const char text[] =
	    "# multihomed begin 10.0.0.1 10.0.0.2\n"
	    "add 10.0.0.2 10.0.0.1 tcp 0x1000 -A tcp-md5 \"old\";\n"
	    "# multihomed end 10.0.0.1 10.0.0.2\n"
	    "add 10.0.0.2 10.0.0.1 tcp 0x1000 -A tcp-md5 \"older\";\n";
	static const char want[] =
	    "# multihomed begin 10.0.0.1 10.0.0.2\n"
	    "add 10.0.0.2 10.0.0.1 tcp 0x1000 -A tcp-md5 \"new\";\n"
	    "add 10.0.0.1 10.0.0.2 tcp 0x1000 -A tcp-md5 \"new\";\n"
	    "# multihomed end 10.0.0.1 10.0.0.2\n";
	static const char hollow[] = "# multihomed begin 10.0.0.1 10.0.0.2\n"
				     "# multihomed end 10.0.0.1 10.0.0.2\n";
	struct op_key k = key_of("10.0.0.1", "10.0.0.2", "new");
	char bytes[1024];
	struct buf b;

	(void)state;
	buf_init_fixed(&b, bytes, sizeof(bytes));
	assert_int_equal(ipsec_edit_set(text, strlen(text), &k, &b, NULL), 0);
	assert_string_equal(buf_text(&b), want);
	buf_reset(&b);
	assert_int_equal(ipsec_edit_set(hollow, strlen(hollow), &k, &b, NULL),
	    0);
	assert_non_null(strstr(buf_text(&b), "begin 10.0.0.1 10.0.0.2\nadd"));
	assert_false(ipsec_edit_has_others(b.data, b.len));
	assert_true(ipsec_edit_has_others(text, strlen(text)));
	assert_true(ipsec_edit_has_others("flush;", 6));
	assert_false(ipsec_edit_has_others("# flush;\n", 9));
}

static void
test_unclear(void **state)
{
	static const char *const texts[] = {
		"flush; add 10.0.0.1 10.0.0.2 tcp 1 -A tcp-md5 \"k\";\n",
		"add 10.0.0.1 10.0.0.2 tcp 1 -A tcp-md5 \"k\"; flush;\n",
		"bogus;\n", "flush;\nadd 10.0.0.1 10.0.0.2 tcp 1 -A\n",
		"add 10.0.0.1 10.0.0.2 tcp 1 -A tcp-md5 \"k;\n"
	};
	struct op_key k = key_of("10.0.0.1", "10.0.0.2", "n3w");
	char bytes[1024];
	struct buf b;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_init_fixed(&b, bytes, sizeof(bytes));
		err_clear(&err);
		assert_int_equal(ipsec_edit_set(texts[i], strlen(texts[i]), &k,
				     &b, &err),
		    -1);
		assert_int_equal(err.code, ERR_CONFLICT);
		assert_string_equal(err.reason, "key_unclear");
		assert_null(strstr(err.text, "n3w"));
		buf_reset(&b);
		assert_int_equal(ipsec_edit_remove(texts[i], strlen(texts[i]),
				     &k.local, &k.remote, &b, &err),
		    -1);
	}
}

/* What setkey makes of the spellings in 30-setkey.txt. */
static void
test_spellings(void **state)
{
	static struct ipsec_conf conf;
	static const struct {
		const char *key, *bytes;
	} cases[] = { { "\"with space\"", "with space" },
		{ "\"back\\\\slash\"", "back\\\\slash" },
		{ "\"semi;colon # hash\"", "semi;colon # hash" },
		{ "0x73656372657431", "secret1" },
		{ "0x736563726574312", "\x07\x36\x56\x37\x26\x57\x43\x12" },
		{ "\"0x73\"", "0x73" }, { "0x6B", "k" } };
	static const char *const none[] = { "\"\"", "unquoted", "0x", "0xzz" };
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(text, sizeof(text),
		    "add 10.0.0.1 10.0.0.2 tcp 0x1000 -m any -A tcp-md5 %s;\n",
		    cases[i].key);
		assert_int_equal(ipsec_conf_parse(&conf, text, strlen(text),
				     NULL),
		    0);
		assert_int_equal(conf.n_adds, 1);
		assert_int_equal(conf.adds[0].way.key_len,
		    strlen(cases[i].bytes));
		assert_memory_equal(conf.adds[0].way.key, cases[i].bytes,
		    strlen(cases[i].bytes));
		assert_true(conf.adds[0].alone);
	}
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		(void)snprintf(text, sizeof(text),
		    "add 10.0.0.1 10.0.0.2 tcp 0x1000 -A tcp-md5 %s;\n",
		    none[i]);
		assert_int_equal(ipsec_conf_parse(&conf, text, strlen(text),
				     NULL),
		    0);
		assert_int_equal(conf.n_adds, 0);
		assert_int_equal(conf.n_others, 1);
	}
}

/* The file of the reference network. */
static void
test_reference(void **state)
{
	static struct ipsec_conf conf;
	struct buf file = BUF_INIT;

	(void)state;
	shared_file("reference/vtbgp.ipsec.conf", &file);
	assert_int_equal(ipsec_conf_parse(&conf, buf_text(&file), file.len,
			     NULL),
	    0);
	assert_int_equal(conf.n_adds, 2);
	assert_int_equal(conf.n_others, 0);
	assert_int_equal(conf.bad_line, 0);
	buf_clear(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_keys_of_all_lengths),
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_mend),
		cmocka_unit_test(test_unclear),
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_reference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
