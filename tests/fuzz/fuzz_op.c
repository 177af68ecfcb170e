/* tests/fuzz/fuzz_op.c - bytes from a hostile engine, and from the parent. */
/* links: wire/op wire/op_check wire/op_link wire/op_key wire/op_route
 * wire/op_firewall base/addr base/buf base/err base/name base/number
 * base/md5key base/crypto base/log base/clock */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/op.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
is_zero(const void *bytes, size_t size)
{
	const unsigned char *p = bytes;
	size_t i;

	for (i = 0; i < size; i++)
		assert(p[i] == 0);
}

/* A text of its alphabet, no option, zeros behind it. */
static void
is_text(const char *text, size_t size, const char *alphabet)
{
	size_t len = strnlen(text, size);

	assert(len < size);
	is_zero(text + len, size - len);
	assert(strspn(text, alphabet) == len);
	assert(text[0] != '-');
}

static void
is_tunnel(const char name[16])
{
	is_text(name, 16, LOWER DIGITS "_-");
	assert(strchr(LOWER, name[0]) != NULL && name[0] != '\0');
}

static void
is_interface(const char name[16])
{
	is_text(name, 16, LOWER UPPER DIGITS "._-");
	assert(strchr(LOWER UPPER, name[0]) != NULL && name[0] != '\0');
}

/* Prints and parses to itself; every byte of it. */
static void
is_addr(const struct addr *a, int may_be_none, int may_have_zone)
{
	char text[ADDR_TEXT_MAX];
	struct addr again;

	if (may_be_none && a->family == 0) {
		is_zero(a, sizeof(*a));
		return;
	}
	assert(addr_parse(&again, addr_print(a, text), NULL) == 0);
	assert(memcmp(&again, a, sizeof(again)) == 0);
	assert(strspn(text, LOWER UPPER DIGITS ".:%_-") == strlen(text));
	if (a->zone[0] == '\0')
		return;
	assert(may_have_zone && addr_is_link_local(a));
	is_interface(a->zone);
}

static void
is_prefix(const struct prefix *p)
{
	char text[PREFIX_TEXT_MAX];
	struct prefix again;

	assert(p->len > 0);
	assert(prefix_parse(&again, prefix_print(p, text), true, NULL) == 0);
	assert(memcmp(&again, p, sizeof(again)) == 0);
}

static void
is_endpoints(const struct addr *local, const struct addr *remote)
{
	is_addr(local, 0, 0);
	is_addr(remote, 0, 0);
	assert(local->family == remote->family && !addr_equal(local, remote));
	assert(!addr_is_link_local(local) && !addr_is_link_local(remote));
}

static void
is_address(const struct op_address *a)
{
	is_addr(&a->address, 0, 0);
	is_addr(&a->peer, 1, 0);
	assert(a->prefix_length > 0 &&
	    a->prefix_length <= (a->address.family == 4 ? 32 : 128));
	assert(a->peer.family == 0 || a->peer.family == a->address.family);
}

static void
is_link(const struct op_link *l, uint32_t kind)
{
	struct op_link rest = *l;
	unsigned i;

	/* Padding is not copied for sure: looked at where it stands. */
	is_zero((const char *)l + offsetof(struct op_link, addresses) +
		sizeof(l->addresses),
	    sizeof(*l) - offsetof(struct op_link, addresses) -
		sizeof(l->addresses));
	is_tunnel(l->name);
	is_text(l->description, sizeof(l->description),
	    LOWER UPPER DIGITS " .,:_+/()@#-");
	assert(l->where == 0 && l->owned == 0 && l->zero == 0);
	assert(l->n_addresses <= OP_LINK_ADDRS);
	for (i = 0; i < l->n_addresses; i++)
		is_address(&l->addresses[i]);
	is_zero(&l->addresses[i],
	    (OP_LINK_ADDRS - i) * sizeof(l->addresses[0]));
	if (kind == OP_LINK_CREATE || kind == OP_LINK_ENDPOINTS ||
	    kind == OP_BOOT_LINK_SET) {
		assert(l->kind == OP_LINK_GRE || l->kind == OP_LINK_GIF);
		is_endpoints(&l->local, &l->remote);
		return;
	}
	/* The others: a name and at most one member more. */
	memset(rest.name, 0, sizeof(rest.name));
	if (kind == OP_LINK_MTU) {
		assert(l->mtu == 0 || (l->mtu >= 576 && l->mtu <= 65535));
		rest.mtu = 0;
	} else if (kind == OP_LINK_UP) {
		assert(l->up <= 1);
		rest.up = 0;
	} else if (kind == OP_LINK_DESCRIPTION) {
		memset(rest.description, 0, sizeof(rest.description));
	}
	is_zero(&rest, offsetof(struct op_link, addresses));
}

static void
is_route(const struct op_route *r, uint32_t kind)
{
	is_prefix(&r->prefix);
	assert(r->where == 0 && r->owned == 0);
	assert(r->kind < OP_ROUTE_OTHER);
	if (kind != OP_ROUTE_ADD && kind != OP_ROUTE_REMOVE &&
	    kind != OP_BOOT_ROUTE_SET)
		assert(r->kind == 0);
	if (r->kind == OP_ROUTE_GATEWAY) {
		is_addr(&r->gateway, 0, 1);
		assert(r->gateway.family == r->prefix.addr.family);
		assert(!addr_is_link_local(&r->gateway) ||
		    r->gateway.zone[0] != '\0');
	} else {
		is_zero(&r->gateway, sizeof(r->gateway));
	}
	if (r->kind == OP_ROUTE_INTERFACE)
		is_interface(r->interface);
	else
		is_zero(r->interface, sizeof(r->interface));
}

static void
is_firewall(const struct op_firewall *f)
{
	const struct op_firewall_entry *e;
	uint32_t i;

	assert(f->n_prefixes <= OP_FIREWALL_PREFIXES);
	assert(f->n_entries <= OP_FIREWALL_ENTRIES);
	is_addr(&f->router[0], 1, 0);
	is_addr(&f->router[1], 1, 0);
	for (i = 0; i < f->n_prefixes; i++)
		is_prefix(&f->prefixes[i]);
	is_zero(&f->prefixes[i],
	    (OP_FIREWALL_PREFIXES - i) * sizeof(f->prefixes[0]));
	for (i = 0; i < f->n_entries; i++) {
		e = &f->entries[i];
		assert(e->kind <= OP_LINK_GIF && e->nat <= 1);
		is_addr(&e->peer, e->kind != 0, 1);
		if (e->kind == 0) {
			is_zero(e->interface, sizeof(e->interface));
			continue;
		}
		is_tunnel(e->interface);
		is_endpoints(&e->local, &e->remote);
	}
	is_zero(&f->entries[i],
	    (OP_FIREWALL_ENTRIES - i) * sizeof(f->entries[0]));
}

static void
is_key(const struct op_key *k, uint32_t kind)
{
	bool whole = kind == OP_KEY_SET || kind == OP_BOOT_KEY_SET;

	is_endpoints(&k->local, &k->remote);
	assert(k->where == 0 && k->owned == 0);
	assert(k->key_len <= OP_KEY_BYTES && (k->key_len > 0) == whole);
	is_zero(k->key + k->key_len, OP_KEY_BYTES - k->key_len);
	is_zero(k->zero, sizeof(k->zero));
	assert(k->flaw == 0 || (whole && k->flaw == OP_KEY_RAW));
	if (!whole || k->flaw != 0)
		return;
	/* One word for FRR, and a string for setkey. */
	assert(strchr("-!#", k->key[0]) == NULL);
	assert(memcmp(k->key, "0x", 2) != 0 && memcmp(k->key, "0X", 2) != 0);
	for (size_t i = 0; i < k->key_len; i++)
		assert(memchr(LOWER UPPER DIGITS "-_.,:+/=@%~^*!#$&", k->key[i],
			   26 + 26 + 10 + 17) != NULL);
}

/* What passes the check is one of the known operations and nothing else. */
static void
is_checked(uint32_t kind, const void *payload, size_t size)
{
	const struct op_address_of *a = payload;

	if (size == sizeof(struct op_link)) {
		is_link(payload, kind);
	} else if (size == sizeof(struct op_route)) {
		is_route(payload, kind);
	} else if (size == sizeof(struct op_key)) {
		is_key(payload, kind);
	} else if (size == sizeof(struct op_firewall)) {
		is_firewall(payload);
	} else if (size == sizeof(*a)) {
		is_tunnel(a->link);
		is_address(&a->address);
	} else if (kind == OP_FRR_SAVE) {
		const struct op_frr_save *save = payload;

		assert((save->may_go & ~(uint32_t)OP_SAVE_ALL) == 0);
		assert(save->zero == 0);
	} else {
		assert(size == sizeof(struct op_none));
		is_zero(payload, size);
	}
}

static void
as_request(const uint8_t *data, size_t size)
{
	_Alignas(16) static unsigned char payload[sizeof(struct op_firewall)];
	struct op_head head;
	struct buf b = BUF_INIT;
	struct err err;

	if (size < OP_HEAD_SIZE ||
	    op_head_read(&head, data, sizeof(payload), &err) == -1 ||
	    head.size > size - OP_HEAD_SIZE)
		return;
	memcpy(payload, data + OP_HEAD_SIZE, head.size);
	if (op_request_check(&head, payload, &err) == -1) {
		assert(err.code == ERR_PROTOCOL && err.text[0] != '\0');
		return;
	}
	assert(head.kind < OP_COUNT && head.size == op_size(head.kind));
	assert(!head.dry || op_changes(head.kind));
	is_checked(head.kind, payload, head.size);
	op_put_request(&b, head.kind, head.id, (int)head.dry, payload);
	assert(b.len == OP_HEAD_SIZE + head.size);
	assert(memcmp(b.data, data, b.len) == 0);
	buf_clear(&b);
}

/* An error that was understood is the same after another way round. */
static void
as_reply(const uint8_t *data, size_t size)
{
	struct buf b = BUF_INIT, log = BUF_INIT;
	struct err err, again;
	const void *p;
	size_t len;

	err_clear(&err);
	if (op_reply_read(data, size, &p, &len, &err) == 0) {
		assert(len == size - 1);
		return;
	}
	if (len > 0 && memchr(p, '\0', len) == NULL)
		buf_add(&log, p, len);
	op_put_failed(&b, OP_FRR_SAVE, 1, &err, buf_text(&log));
	assert(!b.failed);
	err_clear(&again);
	assert(op_reply_read(b.data + OP_HEAD_SIZE, b.len - OP_HEAD_SIZE, &p,
		   &len, &again) == -1);
	assert(again.code == err.code);
	assert(strcmp(again.text, err.text) == 0);
	assert(strcmp(again.output, err.output) == 0);
	assert(again.n_fields == err.n_fields);
	assert(len == log.len && (len == 0 || memcmp(p, log.data, len) == 0));
	buf_clear(&b);
	buf_clear(&log);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_request(data, size);
	as_reply(data, size);
	return 0;
}
