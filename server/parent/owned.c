/* parent/owned.c - which tunnels, routes and keys are ours: the list on disk.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/name.h"
#include "parent/owned.h"
#include "system/tool.h"
#include "wire/op.h"

enum {
	OWNED_LINKS_MAX = OP_LINKS_MAX,
	OWNED_ROUTES_MAX = OP_ROUTES_MAX,
	OWNED_KEYS_MAX = OP_KEYS_MAX,
	OWNED_LINE_MAX = 2 * ADDR_TEXT_MAX + 8,
	OWNED_FILE_MAX = (OWNED_LINKS_MAX + OWNED_ROUTES_MAX + OWNED_KEYS_MAX) *
	    OWNED_LINE_MAX
};

struct pair {
	struct addr local;
	struct addr remote;
};

struct list {
	struct if_name links[OWNED_LINKS_MAX];
	size_t n_links;
	struct prefix routes[OWNED_ROUTES_MAX];
	size_t n_routes;
	struct pair keys[OWNED_KEYS_MAX];
	size_t n_keys;
};

static char path[TOOL_PATH_MAX + 8]; /* "": there is no list */
static struct list list;
static struct list next; /* what a change is prepared in: no heap here */
static char file_bytes[OWNED_FILE_MAX + 1];

/* One kind of things in a list, in order. */
struct table {
	char *v;
	size_t *n;
	size_t size; /* of one */
	size_t max;
	int (*compare)(const void *, const void *);
	const char *words;
};

static int
compare_links(const void *a, const void *b)
{
	const struct if_name *x = a, *y = b;

	return strcmp(x->s, y->s);
}

static int
compare_routes(const void *a, const void *b)
{
	const struct prefix *x = a, *y = b;
	int c = addr_compare(&x->addr, &y->addr);

	return c != 0 ? c : (int)x->len - (int)y->len;
}

/* A key is the same whichever of the two is called local. */
static int
compare_keys(const void *first, const void *second)
{
	const struct pair *a = first, *b = second;
	bool a_first = addr_compare(&a->local, &a->remote) < 0;
	bool b_first = addr_compare(&b->local, &b->remote) < 0;
	int c = addr_compare(a_first ? &a->local : &a->remote,
	    b_first ? &b->local : &b->remote);

	return c != 0 ? c :
			addr_compare(a_first ? &a->remote : &a->local,
			    b_first ? &b->remote : &b->local);
}

static struct table
links(struct list *l)
{
	return (struct table) { (char *)l->links, &l->n_links,
		sizeof(l->links[0]), OWNED_LINKS_MAX, compare_links,
		"tunnels" };
}

static struct table
routes(struct list *l)
{
	return (struct table) { (char *)l->routes, &l->n_routes,
		sizeof(l->routes[0]), OWNED_ROUTES_MAX, compare_routes,
		"routes" };
}

static struct table
keys(struct list *l)
{
	return (struct table) { (char *)l->keys, &l->n_keys, sizeof(l->keys[0]),
		OWNED_KEYS_MAX, compare_keys, "keys" };
}

/* Where it is or belongs; true when it is there. */
static bool
find(const struct table *t, const void *want, size_t *at)
{
	size_t low = 0, high = *t->n;
	int c;

	while (low < high) {
		*at = low + (high - low) / 2;
		c = t->compare(want, t->v + *at * t->size);
		if (c == 0)
			return true;
		if (c < 0)
			high = *at;
		else
			low = *at + 1;
	}
	*at = low;
	return false;
}

static int
insert(struct table t, const void *value, struct err *err)
{
	size_t at;
	char *to;

	if (find(&t, value, &at))
		return 0;
	if (*t.n == t.max)
		return err_set(err, ERR_CONFLICT,
		    "the parent's list is full: %zu %s", t.max, t.words);
	to = t.v + at * t.size;
	memmove(to + t.size, to, (*t.n - at) * t.size);
	memcpy(to, value, t.size);
	(*t.n)++;
	return 0;
}

/* "LOCAL REMOTE" */
static int
parse_pair(struct pair *pair, const char *text, struct err *err)
{
	char local[ADDR_TEXT_MAX];
	size_t len = strcspn(text, " ");

	if (len >= sizeof(local) || text[len] == '\0')
		return err_set(err, ERR_INVALID, "not two addresses");
	memcpy(local, text, len);
	local[len] = '\0';
	if (addr_parse(&pair->local, local, err) == -1)
		return -1;
	return addr_parse(&pair->remote, text + len + 1, err);
}

static int
take_line(const char *line, struct err *err)
{
	struct if_name name;
	struct prefix prefix;
	struct pair pair;

	if (strncmp(line, "link ", 5) == 0 &&
	    if_name_parse(&name, line + 5, err) == 0)
		return insert(links(&next), &name, err);
	if (strncmp(line, "route ", 6) == 0 &&
	    prefix_parse(&prefix, line + 6, true, err) == 0)
		return insert(routes(&next), &prefix, err);
	if (strncmp(line, "key ", 4) == 0 &&
	    parse_pair(&pair, line + 4, err) == 0)
		return insert(keys(&next), &pair, err);
	return err_set(err, ERR_INVALID,
	    "must be \"link NAME\", \"route PREFIX\" or \"key LOCAL REMOTE\"");
}

static int
parse(char *text, size_t len, struct err *err)
{
	char *line, *end;
	unsigned n = 0;

	memset(&next, 0, sizeof(next));
	if (memchr(text, '\0', len) != NULL)
		return err_set(err, ERR_INVALID, "%s: holds a NUL", path);
	for (line = text; *line != '\0'; line = end + 1) {
		n++;
		end = strchr(line, '\n');
		if (end == NULL)
			return err_set(err, ERR_INVALID,
			    "%s:%u: ends in the middle of a line", path, n);
		*end = '\0';
		if (take_line(line, err) == -1)
			return err_prefix(err, "%s:%u", path, n);
	}
	list = next;
	return 0;
}

int
owned_open(const char *state_dir, struct err *err)
{
	struct err why;
	struct buf b;

	err_clear(&why);
	memset(&list, 0, sizeof(list));
	(void)snprintf(path, sizeof(path), "%s/owned", state_dir);
	buf_init_fixed(&b, file_bytes, sizeof(file_bytes));
	if (io_read_file(path, &b, &why) == -1) {
		if (why.code == ERR_NOT_FOUND)
			return 0;
	} else if (parse(b.data, b.len, &why) == 0) {
		return 0;
	}
	path[0] = '\0';
	(void)err_prefix(&why, "the list of what is ours");
	if (err != NULL)
		*err = why;
	return -1;
}

/* next on disk, then in memory. */
static int
commit(struct err *err)
{
	char text[PREFIX_TEXT_MAX], remote[ADDR_TEXT_MAX];
	struct buf b;
	size_t i;

	if (path[0] == '\0')
		return err_set(err, ERR_UNAVAILABLE,
		    "the parent has no list of what is ours (system.state_dir); "
		    "its log says why");
	buf_init_fixed(&b, file_bytes, sizeof(file_bytes));
	for (i = 0; i < next.n_links; i++)
		buf_printf(&b, "link %s\n", next.links[i].s);
	for (i = 0; i < next.n_routes; i++)
		buf_printf(&b, "route %s\n",
		    prefix_print(&next.routes[i], text));
	for (i = 0; i < next.n_keys; i++)
		buf_printf(&b, "key %s %s\n",
		    addr_print(&next.keys[i].local, text),
		    addr_print(&next.keys[i].remote, remote));
	if (b.failed)
		return err_set(err, ERR_INTERNAL, "%s: too large", path);
	if (io_replace_file(path, b.data, b.len, 0600, err) == -1)
		return err_prefix(err, "the list of what is ours");
	list = next;
	return 0;
}

/* into: the table in next. Nothing is written for what is there already. */
static int
add(struct table now, struct table into, const void *value, struct err *err)
{
	size_t at;

	if (find(&now, value, &at))
		return 0;
	next = list;
	if (insert(into, value, err) == -1)
		return -1;
	return commit(err);
}

static int
drop(struct table from, const void *value, struct err *err)
{
	size_t at;
	char *gap;

	next = list;
	if (!find(&from, value, &at))
		return 0;
	(*from.n)--;
	gap = from.v + at * from.size;
	memmove(gap, gap + from.size, (*from.n - at) * from.size);
	return commit(err);
}

bool
owned_has_link(const char *name)
{
	const struct table t = links(&list);
	struct if_name wanted;
	size_t at;

	return if_name_parse(&wanted, name, NULL) == 0 &&
	    find(&t, &wanted, &at);
}

bool
owned_has_route(const struct prefix *prefix)
{
	const struct table t = routes(&list);
	size_t at;

	return find(&t, prefix, &at);
}

static struct pair
pair_of(const struct addr *local, const struct addr *remote)
{
	struct pair pair = { *local, *remote };

	return pair;
}

bool
owned_has_key(const struct addr *local, const struct addr *remote,
    struct addr *first)
{
	const struct pair pair = pair_of(local, remote);
	const struct table t = keys(&list);
	size_t at;

	if (!find(&t, &pair, &at))
		return false;
	if (first != NULL)
		*first = list.keys[at].local;
	return true;
}

int
owned_add_key(const struct addr *local, const struct addr *remote,
    struct err *err)
{
	const struct pair pair = pair_of(local, remote);

	return add(keys(&list), keys(&next), &pair, err);
}

int
owned_drop_key(const struct addr *local, const struct addr *remote,
    struct err *err)
{
	const struct pair pair = pair_of(local, remote);

	return drop(keys(&next), &pair, err);
}

int
owned_add_link(const char *name, struct err *err)
{
	struct if_name parsed;

	if (if_name_parse(&parsed, name, err) == -1)
		return -1;
	return add(links(&list), links(&next), &parsed, err);
}

int
owned_add_route(const struct prefix *prefix, struct err *err)
{
	return add(routes(&list), routes(&next), prefix, err);
}

int
owned_drop_link(const char *name, struct err *err)
{
	struct if_name parsed;

	/* No list holds what is no name. */
	return if_name_parse(&parsed, name, NULL) == -1 ?
	    0 :
	    drop(links(&next), &parsed, err);
}

int
owned_drop_route(const struct prefix *prefix, struct err *err)
{
	return drop(routes(&next), prefix, err);
}

const struct prefix *
owned_routes(size_t *n)
{
	*n = list.n_routes;
	return list.routes;
}
