/* system/firewall_memory.c - what was last set, in the state directory. */
#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/io.h"
#include "system/firewall_memory.h"
#include "system/tool.h"

/* As it lies in memory, for this machine's next parent alone: its size is its
 * version. */
struct record {
	char magic[8];
	uint64_t size;
	struct firewall_memory memory;
};

static const char magic[8] = "mhfw-01";

static int
path_of(const struct tool *t, const char *name, char path[TOOL_PATH_MAX],
    struct err *err)
{
	int n =
	    snprintf(path, TOOL_PATH_MAX, "%s/%s", t->config->state_dir, name);

	if (n > 0 && n < TOOL_PATH_MAX)
		return 0;
	return err_set(err, ERR_INVALID, "system.state_dir is too long");
}

bool
firewall_memory_read(const struct tool *t, const char *name,
    struct firewall_memory *memory)
{
	static struct record r;
	/* One byte more, so that a longer file is seen. */
	static char bytes[sizeof(struct record) + 2];
	char path[TOOL_PATH_MAX];
	struct buf b;

	memset(memory, 0, sizeof(*memory));
	buf_init_fixed(&b, bytes, sizeof(bytes));
	if (path_of(t, name, path, NULL) == -1 ||
	    io_read_file(path, &b, NULL) == -1 || b.len != sizeof(r))
		return false;
	memcpy(&r, bytes, sizeof(r));
	if (memcmp(r.magic, magic, sizeof(magic)) != 0 || r.size != sizeof(r) ||
	    memchr(r.memory.boot_id, '\0', sizeof(r.memory.boot_id)) == NULL ||
	    memchr(r.memory.digest, '\0', sizeof(r.memory.digest)) == NULL ||
	    op_firewall_check(&r.memory.firewall, NULL) == -1)
		return false;
	*memory = r.memory;
	return true;
}

int
firewall_memory_write(const struct tool *t, const char *name,
    const struct firewall_memory *memory, struct err *err)
{
	static struct record r;
	char path[TOOL_PATH_MAX];

	if (path_of(t, name, path, err) == -1)
		return -1;
	if (mkdir(t->config->state_dir, 0700) == -1 && errno != EEXIST)
		return err_set_errno(err, ERR_SYSTEM, "mkdir %s",
		    t->config->state_dir);
	memset(&r, 0, sizeof(r));
	memcpy(r.magic, magic, sizeof(magic));
	r.size = sizeof(r);
	r.memory = *memory;
	return io_replace_file(path, &r, sizeof(r), 0600, err);
}

void
firewall_memory_digest(struct firewall_memory *memory, const void *data,
    size_t size)
{
	(void)crypto_blake2b_hex(memory->digest, data, size);
}
