/* tests/unit/system_standin.c - a machine in memory behind system/'s headers.
 */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "parent/save.h"
#include "system/boot.h"
#include "system/facts.h"
#include "system/firewall.h"
#include "system/interface.h"
#include "system/key.h"
#include "system/link.h"
#include "system/route.h"
#include "system/tool.h"
#include "unit/system_standin.h"

struct standin standin;

void
standin_reset(void)
{
	memset(&standin, 0, sizeof(standin));
}

static size_t
find_link(const struct op_link *list, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			break;
	return i;
}

static size_t
find_route(const struct op_route *list, size_t n, const struct prefix *p)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (prefix_equal(&list[i].prefix, p))
			break;
	return i;
}

static void
put_link(struct op_link *list, size_t *n, const struct op_link *l)
{
	size_t at = find_link(list, *n, l->name);

	list[at] = *l;
	if (at == *n)
		(*n)++;
}

static void
put_route(struct op_route *list, size_t *n, const struct op_route *r)
{
	size_t at = find_route(list, *n, &r->prefix);

	list[at] = *r;
	if (at == *n)
		(*n)++;
}

struct op_link *
standin_link(const char *name)
{
	size_t at = find_link(standin.links, standin.n_links, name);

	return at < standin.n_links ? &standin.links[at] : NULL;
}

void
standin_add_link(const char *name, enum op_link_kind kind, bool running,
    bool boot)
{
	struct op_link l;

	memset(&l, 0, sizeof(l));
	memcpy(l.name, name, strlen(name));
	l.kind = (uint8_t)kind;
	if (running)
		put_link(standin.links, &standin.n_links, &l);
	l.where = OP_BOOT;
	if (boot)
		put_link(standin.boot_links, &standin.n_boot_links, &l);
}

void
standin_add_route(const struct op_route *r, bool running, bool boot)
{
	if (running)
		put_route(standin.routes, &standin.n_routes, r);
	if (boot)
		put_route(standin.boot_routes, &standin.n_boot_routes, r);
}

static size_t
find_key(const struct op_key *list, size_t n, const struct op_key *k)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (op_key_is_of(&list[i], &k->local, &k->remote))
			break;
	return i;
}

static void
put_key(struct op_key *list, size_t *n, const struct op_key *k,
    enum op_where where)
{
	size_t at = find_key(list, *n, k);

	list[at] = *k;
	list[at].where = (uint8_t)where;
	if (at == *n)
		(*n)++;
}

void
standin_add_key(const struct op_key *k, bool running, bool boot)
{
	if (running)
		put_key(standin.keys, &standin.n_keys, k, OP_RUNNING);
	if (boot)
		put_key(standin.boot_keys, &standin.n_boot_keys, k, OP_BOOT);
}

/* 1: dry, and told; 0: go on. */
static int
told(const struct tool *t, const char *what)
{
	tool_note(t, NULL, "%s", what);
	if (t->dry)
		return 1;
	standin.changes++;
	if (standin.before != NULL)
		standin.before();
	return 0;
}

int
link_list(const struct tool *t, struct op_link *list, size_t max, size_t *n,
    struct err *err)
{
	(void)t;
	(void)err;
	*n = standin.n_links < max ? standin.n_links : max;
	memcpy(list, standin.links, *n * sizeof(*list));
	return 0;
}

int
link_exists(const struct tool *t, const char *name, struct err *err)
{
	(void)t;
	(void)err;
	return standin_link(name) != NULL;
}

int
link_create(const struct tool *t, const struct op_link *l, struct err *err)
{
	if (told(t, "create"))
		return 0;
	if (standin.fail_create)
		return err_set(err, ERR_TOOL, "ip: exit 2");
	put_link(standin.links, &standin.n_links, l);
	return 0;
}

int
link_destroy(const struct tool *t, const struct op_link *l, struct err *err)
{
	size_t at = find_link(standin.links, standin.n_links, l->name);

	(void)err;
	if (told(t, "destroy"))
		return 0;
	standin.links[at] = standin.links[--standin.n_links];
	return 0;
}

int
link_endpoints(const struct tool *t, const struct op_link *l, struct err *err)
{
	(void)l;
	(void)err;
	(void)told(t, "endpoints");
	return 0;
}

int
link_mtu(const struct tool *t, const struct op_link *l, struct err *err)
{
	(void)err;
	if (!told(t, "mtu"))
		standin_link(l->name)->mtu = l->mtu;
	return 0;
}

int
link_description(const struct tool *t, const struct op_link *l, struct err *err)
{
	(void)l;
	(void)err;
	(void)told(t, "description");
	return 0;
}

int
link_up(const struct tool *t, const struct op_link *l, struct err *err)
{
	(void)l;
	(void)err;
	(void)told(t, "up");
	return 0;
}

int
link_address_add(const struct tool *t, const struct op_address_of *a,
    struct err *err)
{
	(void)a;
	(void)err;
	(void)told(t, "address add");
	return 0;
}

int
link_address_remove(const struct tool *t, const struct op_address_of *a,
    struct err *err)
{
	(void)a;
	(void)err;
	(void)told(t, "address remove");
	return 0;
}

int
route_find(const struct tool *t, const struct prefix *p, struct op_route *list,
    size_t max, size_t *n, struct err *err)
{
	size_t at = find_route(standin.routes, standin.n_routes, p);

	(void)t;
	(void)err;
	*n = 0;
	if (at < standin.n_routes && max > 0)
		list[(*n)++] = standin.routes[at];
	return 0;
}

int
route_add(const struct tool *t, const struct op_route *r, struct err *err)
{
	if (told(t, "route add"))
		return 0;
	if (standin.fail_create)
		return err_set(err, ERR_TOOL, "route: exit 1");
	put_route(standin.routes, &standin.n_routes, r);
	return 0;
}

int
route_remove(const struct tool *t, const struct op_route *r, struct err *err)
{
	size_t at = find_route(standin.routes, standin.n_routes, &r->prefix);

	(void)err;
	if (told(t, "route remove"))
		return 0;
	if (at < standin.n_routes)
		standin.routes[at] = standin.routes[--standin.n_routes];
	return 0;
}

int
boot_prepare(const struct tool *t, struct err *err)
{
	(void)t;
	(void)err;
	return 0;
}

int
boot_links(const struct tool *t, struct op_link *list, size_t max, size_t *n,
    struct err *err)
{
	(void)t;
	*n = 0;
	if (standin.fail_read_boot)
		return err_set(err, ERR_SYSTEM, "boot files: no");
	*n = standin.n_boot_links < max ? standin.n_boot_links : max;
	memcpy(list, standin.boot_links, *n * sizeof(*list));
	return 0;
}

int
boot_routes(const struct tool *t, struct op_route *list, size_t max, size_t *n,
    struct err *err)
{
	(void)t;
	*n = 0;
	if (standin.fail_read_boot)
		return err_set(err, ERR_SYSTEM, "boot files: no");
	*n = standin.n_boot_routes < max ? standin.n_boot_routes : max;
	memcpy(list, standin.boot_routes, *n * sizeof(*list));
	return 0;
}

int
boot_link_set(const struct tool *t, const struct op_link *l, struct err *err)
{
	if (told(t, "boot set"))
		return 0;
	if (standin.fail_create)
		return err_set(err, ERR_TOOL, "sysrc: exit 1");
	put_link(standin.boot_links, &standin.n_boot_links, l);
	return 0;
}

int
boot_link_remove(const struct tool *t, const char *name, struct err *err)
{
	size_t at = find_link(standin.boot_links, standin.n_boot_links, name);

	(void)err;
	if (!told(t, "boot remove") && at < standin.n_boot_links)
		standin.boot_links[at] =
		    standin.boot_links[--standin.n_boot_links];
	return 0;
}

int
boot_route_set(const struct tool *t, const struct op_route *r, struct err *err)
{
	(void)err;
	if (!told(t, "boot route set"))
		put_route(standin.boot_routes, &standin.n_boot_routes, r);
	return 0;
}

int
boot_route_remove(const struct tool *t, const struct prefix *p, struct err *err)
{
	size_t at = find_route(standin.boot_routes, standin.n_boot_routes, p);

	(void)err;
	if (!told(t, "boot route remove") && at < standin.n_boot_routes)
		standin.boot_routes[at] =
		    standin.boot_routes[--standin.n_boot_routes];
	return 0;
}

int
firewall_replace(const struct tool *t, const struct op_firewall *f,
    struct err *err)
{
	(void)f;
	(void)err;
	(void)told(t, "firewall");
	return 0;
}

int
firewall_state(const struct tool *t, struct op_firewall_state *state,
    struct buf *listing, struct err *err)
{
	(void)t;
	(void)err;
	state->loaded = 1;
	buf_puts(listing, "pass all\n");
	return 0;
}

int
firewall_boot(const struct tool *t, const struct op_firewall *f,
    struct err *err)
{
	(void)f;
	(void)err;
	(void)told(t, "boot firewall");
	return 0;
}

int
facts_read(const struct tool *t, struct op_facts *facts, struct err *err)
{
	(void)t;
	(void)err;
	memcpy(facts->platform, "standin", 8);
	return 0;
}

int
interface_list(struct op_interface *list, size_t max, size_t *n,
    struct err *err)
{
	(void)max;
	(void)err;
	memset(list, 0, sizeof(*list));
	memcpy(list->name, "lo", 3);
	*n = 1;
	return 0;
}

int
save_run(const struct config *config, unsigned may_go, const char **data,
    size_t *len, struct err *err)
{
	(void)config;
	(void)may_go;
	(void)err;
	*data = "frr";
	*len = 3;
	return 0;
}

void
save_forget(const char *data, size_t len)
{
	(void)data;
	(void)len;
}

int
save_read(const struct config *config, const char **data, size_t *len,
    struct err *err)
{
	return save_run(config, 0, data, len, err);
}

bool
key_is_kept(void)
{
	return !standin.keeps_no_keys;
}

int
key_list(const struct tool *t, struct op_key *list, size_t max, size_t *n,
    struct err *err)
{
	(void)t;
	(void)err;
	*n = standin.n_keys < max ? standin.n_keys : max;
	memcpy(list, standin.keys, *n * sizeof(*list));
	return 0;
}

int
key_set(const struct tool *t, const struct op_key *k, struct err *err)
{
	if (standin.keeps_no_keys)
		return err_set(err, ERR_UNSUPPORTED, "no keys here");
	if (told(t, "key set"))
		return 0;
	if (standin.fail_create)
		return err_set(err, ERR_TOOL, "pfkey: no");
	put_key(standin.keys, &standin.n_keys, k, OP_RUNNING);
	return 0;
}

int
key_remove(const struct tool *t, const struct op_key *k, struct err *err)
{
	size_t at = find_key(standin.keys, standin.n_keys, k);

	if (standin.keeps_no_keys)
		return err_set(err, ERR_UNSUPPORTED, "no keys here");
	if (!told(t, "key remove") && at < standin.n_keys)
		standin.keys[at] = standin.keys[--standin.n_keys];
	return 0;
}

int
key_counters(const struct tool *t, struct op_key_counters *c, struct err *err)
{
	(void)t;
	(void)err;
	memset(c, 0, sizeof(*c));
	c->failed = 7;
	return 0;
}

int
boot_keys(const struct tool *t, struct op_key *list, size_t max, size_t *n,
    struct err *err)
{
	(void)t;
	*n = 0;
	if (standin.fail_read_boot)
		return err_set(err, ERR_SYSTEM, "boot files: no");
	*n = standin.n_boot_keys < max ? standin.n_boot_keys : max;
	memcpy(list, standin.boot_keys, *n * sizeof(*list));
	return 0;
}

int
boot_key_set(const struct tool *t, const struct op_key *k, struct err *err)
{
	(void)err;
	if (!told(t, "boot key set"))
		put_key(standin.boot_keys, &standin.n_boot_keys, k, OP_BOOT);
	return 0;
}

int
boot_key_remove(const struct tool *t, const struct op_key *k, struct err *err)
{
	size_t at = find_key(standin.boot_keys, standin.n_boot_keys, k);

	(void)err;
	if (!told(t, "boot key remove") && at < standin.n_boot_keys)
		standin.boot_keys[at] =
		    standin.boot_keys[--standin.n_boot_keys];
	return 0;
}

int
boot_key_disown(const struct tool *t, const struct op_key *k, struct err *err)
{
	(void)k;
	(void)err;
	(void)told(t, "boot key disown");
	return 0;
}
