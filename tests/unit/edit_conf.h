/* tests/unit/edit_conf.h - a router to be edited: FRR, tunnels, addresses. */
#ifndef TESTS_EDIT_CONF_H
#define TESTS_EDIT_CONF_H

#include <stdlib.h>
#include <string.h>

#include "engine/adopt_host.h"
#include "engine/edit.h"
#include "engine/observe.h"
#include "engine/target.h"
#include "engine_conf.h"
#include "frr/diff.h"
#include "model/upstream_order.h"

struct edit_test {
	struct observation o;
	struct target target;
	struct frr_steps steps;
	struct err err;
};

static inline struct addr
edit_addr(const char *text)
{
	struct addr a;

	if (addr_parse(&a, text, NULL) == -1)
		fail_msg("%s", text);
	return a;
}

/* addresses: "a b", at most OP_INTERFACE_ADDRS. */
static inline void
edit_interface(struct edit_test *t, const char *name, const char *addresses)
{
	struct op_interface *i;
	char text[512], *word, *rest = text;
	unsigned n = 0;

	t->o.interfaces = realloc(t->o.interfaces,
	    (t->o.n_interfaces + 1) * sizeof(*t->o.interfaces));
	assert_non_null(t->o.interfaces);
	i = &t->o.interfaces[t->o.n_interfaces++];
	memset(i, 0, sizeof(*i));
	(void)snprintf(i->name, sizeof(i->name), "%s", name);
	(void)snprintf(text, sizeof(text), "%s", addresses);
	while ((word = strtok_r(rest, " ", &rest)) != NULL)
		(void)snprintf(i->addrs[n++], sizeof(i->addrs[0]), "%s", word);
}

struct edit_link {
	const char *name;
	enum op_link_kind kind;
	const char *local;
	const char *remote;
	const char *address;
	const char *peer; /* NULL: a subnet */
	uint8_t prefix_length;
	uint32_t mtu;
	const char *description;
	bool owned;
};

/* Running and at boot, and its interface. */
static inline void
edit_tunnel_of(struct edit_test *t, const struct edit_link *from)
{
	struct host *h = &t->o.host;
	struct op_link link;
	size_t i;

	memset(&link, 0, sizeof(link));
	(void)snprintf(link.name, sizeof(link.name), "%s", from->name);
	link.kind = (uint8_t)from->kind;
	link.local = edit_addr(from->local);
	link.remote = edit_addr(from->remote);
	link.n_addresses = 1;
	link.addresses[0].address = edit_addr(from->address);
	link.addresses[0].prefix_length = from->prefix_length;
	if (from->peer != NULL)
		link.addresses[0].peer = edit_addr(from->peer);
	link.inner = link.addresses[0].address.family;
	link.mtu = from->mtu;
	link.mtu_set = 1;
	link.up = 1;
	(void)snprintf(link.description, sizeof(link.description), "%s",
	    from->description);
	host_set_link(h, &link);
	for (i = 0; i < h->n_links; i++)
		if (strcmp(h->links[i].name, from->name) == 0)
			h->links[i].owned = from->owned;
	edit_interface(t, from->name, from->address);
}

static inline void
edit_begin(struct edit_test *t, struct frr_node *tree)
{
	memset(t, 0, sizeof(*t));
	t->o.tree = tree;
	adopt_router(tree, &t->o.router);
	conf_adopt(tree, &t->o.upstreams);
	t->o.host.firewall_known = true;
	edit_interface(t, "lo0", "127.0.0.1 ::1");
	edit_interface(t, "vtnet0",
	    "198.51.100.10 2001:db8:1c19::1 fe80::5054:ff:fe00:1%vtnet0");
}

/* After the tunnels are told. */
static inline void
edit_ready(struct edit_test *t)
{
	adopt_host(&t->o.host, &t->o.upstreams);
}

static inline void
edit_end(struct edit_test *t)
{
	frr_steps_clear(&t->steps);
	target_clear(&t->target);
	frr_tree_free(&t->o.tree);
	adopt_clear(&t->o.upstreams);
	host_clear(&t->o.host);
	free(t->o.interfaces);
}

static inline int
edit_order(struct edit_test *t, const char *name, bool whole, const char *json)
{
	const struct upstream *up = adopt_find(&t->o.upstreams, name);
	struct upstream_order order;
	struct name word;
	int rc;

	frr_steps_clear(&t->steps);
	target_clear(&t->target);
	target_init(&t->target, &t->o);
	assert_int_equal(name_parse(&word, name, NULL), 0);
	if (upstream_order_read(&order, whole, json, strlen(json), &t->err) ==
	    -1)
		return -1;
	rc = edit_upstream(&t->o, up, &word, &order, &t->target, &t->err);
	if (rc == 0 &&
	    frr_diff(t->o.tree, t->target.tree, &t->steps, &t->err) == -1)
		fail_msg("%s", t->err.text);
	return rc;
}

static inline int
edit_remove(struct edit_test *t, const char *name, bool adopt)
{
	const struct upstream *up = conf_upstream(&t->o.upstreams, name);
	struct order_options options;
	int rc;

	memset(&options, 0, sizeof(options));
	options.adopt.present = options.adopt.flag = adopt;
	frr_steps_clear(&t->steps);
	target_clear(&t->target);
	target_init(&t->target, &t->o);
	rc = edit_upstream_remove(&t->o, up, &options, &t->target, &t->err);
	if (rc == 0 &&
	    frr_diff(t->o.tree, t->target.tree, &t->steps, &t->err) == -1)
		fail_msg("%s", t->err.text);
	return rc;
}

static inline void
edit_done(struct edit_test *t, int rc)
{
	if (rc == -1)
		fail_msg("%s: %s [%s %s]", err_code_name(t->err.code),
		    t->err.text, t->err.fields[0].pointer,
		    t->err.fields[0].detail);
}

static inline void
edit_refused(struct edit_test *t, int rc, const char *what)
{
	unsigned i;
	struct buf b = BUF_INIT;

	if (rc != -1) {
		frr_steps_print(&t->steps, &b);
		fail_msg("%s was accepted:\n%s", what, buf_text(&b));
	}
	if (what[0] == '/') {
		assert_int_equal(t->err.code, ERR_UNPROCESSABLE);
		for (i = 0; i < t->err.n_fields; i++)
			if (strcmp(t->err.fields[i].pointer, what) == 0)
				return;
		fail_msg("not %s: %s %s", what, t->err.fields[0].pointer,
		    t->err.fields[0].detail);
	}
	assert_int_equal(t->err.code, ERR_CONFLICT);
	assert_string_equal(t->err.reason, what);
}

static inline void
edit_check_steps(const struct edit_test *t, const char *want)
{
	struct buf b = BUF_INIT;

	frr_steps_print(&t->steps, &b);
	assert_string_equal(buf_text(&b), want);
	buf_clear(&b);
}

#endif
