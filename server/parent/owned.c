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

/* Where it is or belongs; true when it is there. */
static bool
find_link(const struct list *l, const char *name, size_t *at)
{
	size_t low = 0, high = l->n_links, middle;
	int c;

	while (low < high) {
		middle = low + (high - low) / 2;
		c = strcmp(name, l->links[middle].s);
		if (c == 0) {
			*at = middle;
			return true;
		}
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	*at = low;
	return false;
}

static bool
find_route(const struct list *l, const struct prefix *prefix, size_t *at)
{
	size_t low = 0, high = l->n_routes, middle;
	int c;

	while (low < high) {
		middle = low + (high - low) / 2;
		c = addr_compare(&prefix->addr, &l->routes[middle].addr);
		if (c == 0)
			c = (int)prefix->len - (int)l->routes[middle].len;
		if (c == 0) {
			*at = middle;
			return true;
		}
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	*at = low;
	return false;
}

/* A key is the same whichever of the two is called local. */
static int
compare_pairs(const struct pair *a, const struct pair *b)
{
	bool a_first = addr_compare(&a->local, &a->remote) < 0;
	bool b_first = addr_compare(&b->local, &b->remote) < 0;
	int c = addr_compare(a_first ? &a->local : &a->remote,
	    b_first ? &b->local : &b->remote);

	return c != 0 ? c :
			addr_compare(a_first ? &a->remote : &a->local,
			    b_first ? &b->remote : &b->local);
}

static bool
find_key(const struct list *l, const struct pair *pair, size_t *at)
{
	size_t low = 0, high = l->n_keys, middle;
	int c;

	while (low < high) {
		middle = low + (high - low) / 2;
		c = compare_pairs(pair, &l->keys[middle]);
		if (c == 0) {
			*at = middle;
			return true;
		}
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	*at = low;
	return false;
}

static int
insert_link(struct list *l, const struct if_name *name, struct err *err)
{
	size_t at;

	if (find_link(l, name->s, &at))
		return 0;
	if (l->n_links == OWNED_LINKS_MAX)
		return err_set(err, ERR_CONFLICT,
		    "the parent's list is full: %d tunnels", OWNED_LINKS_MAX);
	memmove(&l->links[at + 1], &l->links[at],
	    (l->n_links - at) * sizeof(l->links[0]));
	l->links[at] = *name;
	l->n_links++;
	return 0;
}

static int
insert_route(struct list *l, const struct prefix *prefix, struct err *err)
{
	size_t at;

	if (find_route(l, prefix, &at))
		return 0;
	if (l->n_routes == OWNED_ROUTES_MAX)
		return err_set(err, ERR_CONFLICT,
		    "the parent's list is full: %d routes", OWNED_ROUTES_MAX);
	memmove(&l->routes[at + 1], &l->routes[at],
	    (l->n_routes - at) * sizeof(l->routes[0]));
	l->routes[at] = *prefix;
	l->n_routes++;
	return 0;
}

static int
insert_key(struct list *l, const struct pair *pair, struct err *err)
{
	size_t at;

	if (find_key(l, pair, &at))
		return 0;
	if (l->n_keys == OWNED_KEYS_MAX)
		return err_set(err, ERR_CONFLICT,
		    "the parent's list is full: %d keys", OWNED_KEYS_MAX);
	memmove(&l->keys[at + 1], &l->keys[at],
	    (l->n_keys - at) * sizeof(l->keys[0]));
	l->keys[at] = *pair;
	l->n_keys++;
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
		return insert_link(&next, &name, err);
	if (strncmp(line, "route ", 6) == 0 &&
	    prefix_parse(&prefix, line + 6, true, err) == 0)
		return insert_route(&next, &prefix, err);
	if (strncmp(line, "key ", 4) == 0 &&
	    parse_pair(&pair, line + 4, err) == 0)
		return insert_key(&next, &pair, err);
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

bool
owned_has_link(const char *name)
{
	size_t at;

	return find_link(&list, name, &at);
}

bool
owned_has_route(const struct prefix *prefix)
{
	size_t at;

	return find_route(&list, prefix, &at);
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
	struct pair pair = pair_of(local, remote);
	size_t at;

	if (!find_key(&list, &pair, &at))
		return false;
	if (first != NULL)
		*first = list.keys[at].local;
	return true;
}

int
owned_add_key(const struct addr *local, const struct addr *remote,
    struct err *err)
{
	struct pair pair = pair_of(local, remote);
	size_t at;

	if (find_key(&list, &pair, &at))
		return 0;
	next = list;
	if (insert_key(&next, &pair, err) == -1)
		return -1;
	return commit(err);
}

int
owned_drop_key(const struct addr *local, const struct addr *remote,
    struct err *err)
{
	struct pair pair = pair_of(local, remote);
	size_t at;

	next = list;
	if (!find_key(&next, &pair, &at))
		return 0;
	next.n_keys--;
	memmove(&next.keys[at], &next.keys[at + 1],
	    (next.n_keys - at) * sizeof(next.keys[0]));
	return commit(err);
}

int
owned_add_link(const char *name, struct err *err)
{
	struct if_name parsed;

	if (owned_has_link(name))
		return 0;
	next = list;
	if (if_name_parse(&parsed, name, err) == -1 ||
	    insert_link(&next, &parsed, err) == -1)
		return -1;
	return commit(err);
}

int
owned_add_route(const struct prefix *prefix, struct err *err)
{
	if (owned_has_route(prefix))
		return 0;
	next = list;
	if (insert_route(&next, prefix, err) == -1)
		return -1;
	return commit(err);
}

int
owned_drop_link(const char *name, struct err *err)
{
	size_t at;

	next = list;
	if (!find_link(&next, name, &at))
		return 0;
	next.n_links--;
	memmove(&next.links[at], &next.links[at + 1],
	    (next.n_links - at) * sizeof(next.links[0]));
	return commit(err);
}

int
owned_drop_route(const struct prefix *prefix, struct err *err)
{
	size_t at;

	next = list;
	if (!find_route(&next, prefix, &at))
		return 0;
	next.n_routes--;
	memmove(&next.routes[at], &next.routes[at + 1],
	    (next.n_routes - at) * sizeof(next.routes[0]));
	return commit(err);
}

const struct prefix *
owned_routes(size_t *n)
{
	*n = list.n_routes;
	return list.routes;
}
