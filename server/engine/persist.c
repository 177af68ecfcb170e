/* engine/persist.c - write memory, and proof that the file holds it all. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/parts.h"
#include "engine/persist.h"
#include "engine/supervisor.h"
#include "engine/worker.h"
#include "frr/tree.h"

/* Lines that the daemons show but vtysh writes its own way, or not at all. */
static const char *const not_compared[] = { "frr version", "frr defaults",
	"hostname", "log", "no log", "service", "password", "enable password",
	"ip forwarding", "no ip forwarding", "ipv6 forwarding",
	"no ipv6 forwarding", "domainname", "agentx", "debug" };

bool
persist_compares(const char *line)
{
	size_t i, n;

	for (i = 0; i < sizeof(not_compared) / sizeof(not_compared[0]); i++) {
		n = strlen(not_compared[i]);
		if (strncmp(line, not_compared[i], n) == 0 &&
		    (line[n] == '\0' || line[n] == ' '))
			return false;
	}
	return true;
}

/* The first line of running that saved lacks, NULL when it has them all. */
static const struct frr_node *
find_missing(const struct frr_node *running, const struct frr_node *saved)
{
	const struct frr_node *missing, *twin;
	size_t i;

	for (i = 0; i < running->n_children; i++) {
		const struct frr_node *node = running->children[i];

		if (running->parent == NULL && !persist_compares(node->line))
			continue;
		twin = frr_tree_child(saved, node->line);
		if (twin == NULL)
			/* An empty section is not worth a line in a file. */
			if (node->is_section && node->n_children == 0)
				continue;
			else
				return node;
		else if ((missing = find_missing(node, twin)) != NULL)
			return missing;
	}
	return NULL;
}

/* A password must not travel in an error's text. */
static const char *
safe_line(const struct frr_node *node)
{
	return strstr(node->line, "password") != NULL ? "a password line" :
							node->line;
}

int
persist_save(struct worker_tools *tools, const struct frr_node *running,
    unsigned may_go, struct buf *log, bool *written, struct err *err)
{
	struct buf file = BUF_SECRET;
	struct frr_node *saved = NULL;
	const struct frr_node *missing;
	int rc = -1;

	if (supervisor_save(tools->parts->supervisor, may_go, &file, err) ==
	    -1) {
		buf_printf(log, "write memory\t%s\n", err->text);
		goto out;
	}
	if (written != NULL)
		*written = true;
	saved = frr_tree_parse(buf_text(&file), file.len, err);
	if (saved == NULL)
		goto out;
	missing = find_missing(running, saved);
	if (missing != NULL) {
		(void)err_set(err, ERR_NOT_APPLIED,
		    "write memory: the saved file lacks \"%s\"",
		    safe_line(missing));
		buf_printf(log, "write memory\t%s\n", err->text);
		goto out;
	}
	buf_puts(log, "write memory\tok\n");
	rc = 0;
out:
	frr_tree_free(&saved);
	buf_clear(&file);
	return rc;
}
