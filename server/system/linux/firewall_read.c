/* system/linux/firewall_read.c - our table as nft tells of it. */
#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "system/linux/firewall_read.h"
#include "system/linux/firewall_render.h"
#include "system/linux/netlink.h"
#include "system/tool.h"

static struct {
	bool known;
	bool loaded;
	uint32_t generation;
	char bytes[FIREWALL_RENDER_MAX];
} cache;

static void
each_generation(const struct netlink_message *m, void *arg)
{
	struct netlink_attrs attrs, value;
	uint32_t *generation = arg;
	struct nfgenmsg fixed;
	uint16_t type;

	if (m == NULL || !netlink_split(m, &fixed, sizeof(fixed), &attrs))
		return;
	while (netlink_next(&attrs, &type, &value))
		if (type == NFTA_GEN_ID)
			*generation = netlink_u32(&value);
}

static void
each_table(const struct netlink_message *m, void *arg)
{
	(void)m;
	(void)arg;
}

static void
request(struct netlink_request *r, uint16_t type, uint8_t family)
{
	struct nfgenmsg fixed = { .nfgen_family = family };

	netlink_request_init(r, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), 0,
	    &fixed, sizeof(fixed));
}

static int
refuse(int refused, struct err *err)
{
	errno = refused;
	return err_set_errno(err, ERR_SYSTEM,
	    "the kernel's nftables do not answer (module nf_tables)");
}

static int
read_generation(uint32_t *generation, struct err *err)
{
	struct netlink_request r;
	int refused;

	*generation = 0;
	request(&r, NFT_MSG_GETGEN, AF_UNSPEC);
	if (netlink_ask(NETLINK_NETFILTER, &r, each_generation, generation,
		&refused, err) == -1)
		return -1;
	return refused != 0 ? refuse(refused, err) : 0;
}

static int
read_loaded(bool *loaded, struct err *err)
{
	static const char name[] = FIREWALL_READ_TABLE;
	struct netlink_request r;
	int refused;

	request(&r, NFT_MSG_GETTABLE, NFPROTO_INET);
	netlink_request_add(&r, NFTA_TABLE_NAME, name, sizeof(name));
	if (netlink_ask(NETLINK_NETFILTER, &r, each_table, NULL, &refused,
		err) == -1)
		return -1;
	*loaded = refused == 0;
	return refused != 0 && refused != ENOENT ? refuse(refused, err) : 0;
}

static int
list(const struct tool *t, struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;
	struct buf out;

	buf_init_fixed(&out, cache.bytes, sizeof(cache.bytes));
	tool_argv(t, &argv, "nft", path);
	argv_add(&argv, "-s"); /* without what counters say */
	argv_add(&argv, "list");
	argv_add(&argv, "table");
	argv_add(&argv, "inet");
	argv_add(&argv, FIREWALL_READ_TABLE);
	return tool_ask(t, &argv, &out, err);
}

int
firewall_read(const struct tool *t, bool *loaded, const char **listing,
    struct err *err)
{
	uint32_t generation;

	*loaded = false;
	*listing = "";
	/* Before the rest: a change in between shows at the next call. */
	if (read_generation(&generation, err) == -1)
		return -1;
	if (!cache.known || cache.generation != generation) {
		cache.known = false;
		cache.bytes[0] = '\0';
		if (read_loaded(&cache.loaded, err) == -1 ||
		    (cache.loaded && list(t, err) == -1))
			return -1;
		cache.generation = generation;
		cache.known = true;
	}
	*loaded = cache.loaded;
	*listing = cache.bytes;
	return 0;
}
