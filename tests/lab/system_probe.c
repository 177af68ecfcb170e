/* system_probe.c - one operation of system/linux for real, from a shell.
 *
 * usage: system_probe DIRECTORY WORD...   (boot and state files below it)
 *
 * Prints what was run and what was read; exit 1 with the error otherwise. */
/* links: system/tool system/linux/paths system/linux/netlink
 * system/linux/link system/linux/link_address system/linux/link_read
 * system/linux/link_words system/linux/route system/linux/route_read
 * system/linux/route_cover system/linux/route_words system/linux/firewall
 * system/linux/firewall_render system/linux/firewall_set
 * system/linux/firewall_read system/firewall_memory system/linux/boot_id
 * system/linux/firewall_boot system/linux/boot system/linux/boot_dir
 * system/linux/boot_text system/linux/boot_text_read system/linux/facts
 * system/facts_line system/linux/facts_kernel system/linux/facts_boot
 * wire/op wire/op_check wire/op_link wire/op_key wire/op_route
 * wire/op_firewall base/addr base/buf base/clock base/crypto base/err
 * base/io base/log base/name base/number base/rfc3339 base/run base/md5key */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/number.h"
#include "system/boot.h"
#include "system/facts.h"
#include "system/firewall.h"
#include "system/link.h"
#include "system/route.h"
#include "system/tool.h"

static struct system_config config = { .timeout_ms = 20000 };
static char log_bytes[1024 * 1024], listing_bytes[OP_FIREWALL_LISTING];
static struct buf log_buf;
static struct tool tool = { &config, false, &log_buf };

static void
usage(void)
{
	fprintf(stderr, "usage: system_probe DIRECTORY WORD...\n");
	exit(2);
}

/* "-" is none. */
static struct addr
addr(const char *text)
{
	struct addr a = { 0 };

	if (strcmp(text, "-") != 0 && addr_parse(&a, text, NULL) == -1)
		usage();
	return a;
}

static uint32_t
number(const char *text)
{
	uint32_t n = 0;

	if (number_parse_u32(&n, text, 0, UINT32_MAX, NULL) == -1)
		usage();
	return n;
}

static struct op_link
named(const char *name)
{
	struct op_link l;

	memset(&l, 0, sizeof(l));
	(void)snprintf(l.name, sizeof(l.name), "%s", name);
	return l;
}

/* NAME gre|gif INNER LOCAL REMOTE */
static struct op_link
tunnel(char **v)
{
	struct op_link l = named(v[0]);

	l.kind = strcmp(v[1], "gre") == 0 ? OP_LINK_GRE : OP_LINK_GIF;
	l.inner = (uint8_t)number(v[2]);
	l.local = addr(v[3]);
	l.remote = addr(v[4]);
	return l;
}

/* PREFIX via|dev|blackhole|reject WHAT */
static struct op_route
route(char **v)
{
	struct op_route r;

	memset(&r, 0, sizeof(r));
	if (prefix_parse(&r.prefix, v[0], true, NULL) == -1)
		usage();
	if (strcmp(v[1], "via") == 0) {
		r.kind = OP_ROUTE_GATEWAY;
		r.gateway = addr(v[2]);
	} else if (strcmp(v[1], "dev") == 0) {
		r.kind = OP_ROUTE_INTERFACE;
		(void)snprintf(r.interface, sizeof(r.interface), "%s", v[2]);
	} else {
		r.kind = strcmp(v[1], "blackhole") == 0 ? OP_ROUTE_BLACKHOLE :
							  OP_ROUTE_REJECT;
	}
	return r;
}

static void
print_link(const struct op_link *l)
{
	char a[ADDR_TEXT_MAX], b[ADDR_TEXT_MAX];
	size_t i;

	printf("%s %s kind %u inner %u %s %s mtu %u %s '%s'",
	    l->where == OP_BOOT ? "boot" : "link", l->name, l->kind, l->inner,
	    addr_print(&l->local, a), addr_print(&l->remote, b), l->mtu,
	    l->up ? "up" : "down", l->description);
	for (i = 0; i < l->n_addresses; i++) {
		printf(" %s", addr_print(&l->addresses[i].address, a));
		if (l->addresses[i].peer.family != 0)
			printf(" peer %s",
			    addr_print(&l->addresses[i].peer, a));
		printf("/%u", l->addresses[i].prefix_length);
	}
	printf("\n");
}

static void
print_route(const struct op_route *r)
{
	char p[PREFIX_TEXT_MAX], g[ADDR_TEXT_MAX];

	printf("%s %s kind %u %s%s\n", r->where == OP_BOOT ? "boot" : "route",
	    prefix_print(&r->prefix, p), r->kind, addr_print(&r->gateway, g),
	    r->interface);
}

static double
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
do_links(int boot, struct err *err)
{
	static struct op_link list[OP_LINKS_MAX];
	double before = now_ms();
	size_t i, n;

	if ((boot ? boot_links : link_list)(&tool, list, OP_LINKS_MAX, &n,
		err) == -1)
		return -1;
	fprintf(stderr, "%zu in %.2f ms\n", n, now_ms() - before);
	for (i = 0; i < n; i++)
		print_link(&list[i]);
	return 0;
}

static int
do_boot_routes(struct err *err)
{
	static struct op_route list[OP_ROUTES_MAX];
	size_t i, n;

	if (boot_routes(&tool, list, OP_ROUTES_MAX, &n, err) == -1)
		return -1;
	for (i = 0; i < n; i++)
		print_route(&list[i]);
	return 0;
}

/* Twice: the second time it may remember. */
static int
do_find(const char *prefix, struct err *err)
{
	struct op_route list[4];
	struct prefix p;
	double before;
	size_t i, n;
	int turn;

	if (prefix_parse(&p, prefix, true, NULL) == -1)
		usage();
	for (turn = 0; turn < 2; turn++) {
		before = now_ms();
		if (route_find(&tool, &p, list, 4, &n, err) == -1)
			return -1;
		fprintf(stderr, "%.3f ms\n", now_ms() - before);
	}
	if (n == 0)
		printf("none\n");
	for (i = 0; i < n; i++)
		print_route(&list[i]);
	return 0;
}

/* [router A]... [prefix P]... [entry KIND NAT NAME LOCAL REMOTE PEER]... */
static void
read_firewall(struct op_firewall *f, char **v)
{
	struct op_firewall_entry *e;

	while (*v != NULL) {
		if (strcmp(*v, "router") == 0 && v[1] != NULL) {
			f->router[addr(v[1]).family == 6] = addr(v[1]);
			v += 2;
		} else if (strcmp(*v, "prefix") == 0 && v[1] != NULL) {
			if (prefix_parse(&f->prefixes[f->n_prefixes++], v[1],
				true, NULL) == -1)
				usage();
			v += 2;
		} else if (strcmp(*v, "entry") == 0 && v[1] && v[2] && v[3] &&
		    v[4] && v[5] && v[6]) {
			e = &f->entries[f->n_entries++];
			e->kind = (uint8_t)number(v[1]);
			e->nat = (uint8_t)number(v[2]);
			(void)snprintf(e->interface, sizeof(e->interface), "%s",
			    strcmp(v[3], "-") == 0 ? "" : v[3]);
			e->local = addr(v[4]);
			e->remote = addr(v[5]);
			e->peer = addr(v[6]);
			v += 7;
		} else {
			usage();
		}
	}
}

static int
do_firewall(const char *word, char **v, struct err *err)
{
	static struct op_firewall f;

	read_firewall(&f, v);
	if (op_firewall_check(&f, err) == -1)
		return -1;
	return strcmp(word, "firewall") == 0 ?
	    firewall_replace(&tool, &f, err) :
	    firewall_boot(&tool, &f, err);
}

static int
do_state(struct err *err)
{
	static struct op_firewall_state s;
	struct buf listing;
	double before;
	int turn;

	for (turn = 0; turn < 2; turn++) {
		before = now_ms();
		buf_init_fixed(&listing, listing_bytes, sizeof(listing_bytes));
		if (firewall_state(&tool, &s, &listing, err) == -1)
			return -1;
		fprintf(stderr, "%.3f ms\n", now_ms() - before);
	}
	printf(
	    "loaded %u as_set %u enabled %u running %u boot %u listing %zu\n",
	    s.loaded, s.as_set, s.enabled, s.running.n_entries,
	    s.boot.n_entries, listing.len);
	return 0;
}

static int
do_facts(struct err *err)
{
	static struct op_facts f;
	uint32_t i;

	if (facts_read(&tool, &f, err) == -1)
		return -1;
	printf("%s %s %s %d\n", f.platform, f.release, f.boot_id,
	    f.securelevel);
	for (i = 0; i < f.n_checks; i++)
		printf("%s %u %s | %s\n", f.checks[i].name, f.checks[i].state,
		    f.checks[i].detail, f.checks[i].fix);
	return 0;
}

static int
do_address(int add, char **v, struct err *err)
{
	struct op_address_of of;

	memset(&of, 0, sizeof(of));
	(void)snprintf(of.link, sizeof(of.link), "%s", v[0]);
	of.address.address = addr(v[1]);
	of.address.peer = addr(v[2]);
	of.address.prefix_length = (uint8_t)number(v[3]);
	return (add ? link_address_add : link_address_remove)(&tool, &of, err);
}

/* The tunnel as it runs, to be set up at boot too. */
static int
do_boot_link(const char *name, struct err *err)
{
	static struct op_link list[OP_LINKS_MAX];
	size_t i, n;

	if (link_list(&tool, list, OP_LINKS_MAX, &n, err) == -1)
		return -1;
	for (i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return boot_link_set(&tool, &list[i], err);
	return err_set(err, ERR_NOT_FOUND, "no %s", name);
}

static int
do_link(const char *word, int n, char **v, struct err *err)
{
	struct op_link l;

	if (n == 5 && strcmp(word, "create") == 0) {
		l = tunnel(v);
		return link_create(&tool, &l, err);
	}
	if (n == 5 && strcmp(word, "endpoints") == 0) {
		l = tunnel(v);
		return link_endpoints(&tool, &l, err);
	}
	l = named(v[0]);
	if (n == 1 && strcmp(word, "destroy") == 0)
		return link_destroy(&tool, &l, err);
	if (n == 2 && strcmp(word, "mtu") == 0) {
		l.mtu = number(v[1]);
		return link_mtu(&tool, &l, err);
	}
	if (n == 2 && strcmp(word, "describe") == 0) {
		(void)snprintf(l.description, sizeof(l.description), "%s",
		    v[1]);
		return link_description(&tool, &l, err);
	}
	if (n == 1 && (strcmp(word, "up") == 0 || strcmp(word, "down") == 0)) {
		l.up = word[0] == 'u';
		return link_up(&tool, &l, err);
	}
	if (n == 4 && strcmp(word, "address-add") == 0)
		return do_address(1, v, err);
	if (n == 4 && strcmp(word, "address-remove") == 0)
		return do_address(0, v, err);
	usage();
	return -1;
}

static int
do_route(const char *word, int n, char **v, struct err *err)
{
	struct op_route r;

	if (n < 2 || (n < 3 && v[1][0] != 'b' && v[1][0] != 'r'))
		usage();
	r = route(v);
	if (strcmp(word, "route-add") == 0)
		return route_add(&tool, &r, err);
	if (strcmp(word, "route-remove") == 0)
		return route_remove(&tool, &r, err);
	if (strcmp(word, "boot-route-remove") == 0)
		return boot_route_remove(&tool, &r.prefix, err);
	return boot_route_set(&tool, &r, err);
}

static int
act(const char *word, int n, char **v, struct err *err)
{
	if (strcmp(word, "links") == 0)
		return do_links(0, err);
	if (strcmp(word, "boot-links") == 0)
		return do_links(1, err);
	if (strcmp(word, "boot-routes") == 0)
		return do_boot_routes(err);
	if (strcmp(word, "state") == 0)
		return do_state(err);
	if (strcmp(word, "facts") == 0)
		return do_facts(err);
	if (strcmp(word, "prepare") == 0)
		return boot_prepare(&tool, err);
	if (strcmp(word, "firewall") == 0 || strcmp(word, "boot-firewall") == 0)
		return do_firewall(word, v, err);
	if (n < 1)
		usage();
	if (strcmp(word, "find") == 0)
		return do_find(v[0], err);
	if (strcmp(word, "boot-link") == 0)
		return do_boot_link(v[0], err);
	if (strcmp(word, "boot-link-remove") == 0)
		return boot_link_remove(&tool, v[0], err);
	if (strstr(word, "route") != NULL)
		return do_route(word, n, v, err);
	return do_link(word, n, v, err);
}

int
main(int argc, char **argv)
{
	struct err err = { 0 };
	int rc;

	if (argc < 3)
		usage();
	crypto_init();
	(void)snprintf(config.boot_dir, sizeof(config.boot_dir), "%s/boot",
	    argv[1]);
	(void)snprintf(config.state_dir, sizeof(config.state_dir), "%s/state",
	    argv[1]);
	buf_init_fixed(&log_buf, log_bytes, sizeof(log_bytes));
	rc = act(argv[2], argc - 3, argv + 3, &err);
	fputs(buf_text(&log_buf), stdout);
	if (rc == 0)
		return 0;
	printf("error %s %s: %s\n", err_code_name(err.code), err.reason,
	    err.text);
	return 1;
}
