/* parent/config_print.c - the configuration in one form, every key of it. */
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "parent/config.h"
#include "parent/config_keys.h"

static void
print_quoted(struct buf *b, const char *s)
{
	buf_putc(b, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_putc(b, '\\');
		buf_putc(b, *s);
	}
	buf_putc(b, '"');
}

static void
print_value(const struct config *c, const struct config_key *key, struct buf *b)
{
	const void *member = (const char *)c + key->offset;
	uint32_t number, i;
	bool boolean;

	switch (key->type) {
	case CONFIG_UINT:
		memcpy(&number, member, sizeof(number));
		buf_printf(b, "%u", number);
		return;
	case CONFIG_BOOL:
		memcpy(&boolean, member, sizeof(boolean));
		buf_puts(b, boolean ? "true" : "false");
		return;
	case CONFIG_MODE:
		memcpy(&number, member, sizeof(number));
		buf_printf(b, "\"%04o\"", number);
		return;
	case CONFIG_LEVEL:
		memcpy(&number, member, sizeof(number));
		print_quoted(b, log_level_name((enum log_level)number));
		return;
	case CONFIG_LISTEN:
		buf_putc(b, '[');
		for (i = 0; i < c->listen.n_tcp; i++) {
			buf_puts(b, i > 0 ? ", " : "");
			print_quoted(b, c->listen.tcp[i]);
		}
		buf_putc(b, ']');
		return;
	default:
		print_quoted(b, member);
		return;
	}
}

void
config_print(const struct config *c, struct buf *b)
{
	const char *section = "";
	size_t i, section_len = 0;

	for (i = 0; i < config_keys_n; i++) {
		const struct config_key *key = &config_keys[i];
		const char *dot = strchr(key->path, '.');
		size_t len = dot == NULL ? 0 : (size_t)(dot - key->path);

		if (len != section_len ||
		    strncmp(key->path, section, len) != 0) {
			if (section_len > 0)
				buf_puts(b, "}\n");
			section = key->path;
			section_len = len;
			buf_printf(b, "%.*s {\n", (int)len, section);
		}
		buf_printf(b, "%s%s = ", dot == NULL ? "" : "\t",
		    dot == NULL ? key->path : dot + 1);
		print_value(c, key, b);
		buf_puts(b, ";\n");
	}
	buf_puts(b, "}\n");
}
