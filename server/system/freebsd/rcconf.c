/* system/freebsd/rcconf.c - the variables of rc.conf, read without a shell. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "system/freebsd/rcconf.h"

enum {
	TEXT_MAX = 1024 * 1024,
	VARIABLES_MAX = 16384
};

struct variable {
	const char *name;
	const char *value;
	unsigned order;
};

/* Names and values, each with its NUL: no longer than the text plus one byte
 * for each, which the quotes or the line's end leave room for. */
static char arena[TEXT_MAX + 2 * VARIABLES_MAX];
static struct variable variables[VARIABLES_MAX];
static size_t n_variables;

static const char name_chars[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

static int
compare(const void *a, const void *b)
{
	const struct variable *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (order != 0)
		return order;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* One word with its quotes, as the shell joins them. False: no end of a
 * quote. */
static bool
value(const char **text, char **out)
{
	const char *p = *text;
	char quote = '\0', *o = *out;

	for (; *p != '\0'; p++) {
		if (quote == '\0' && strchr(" \t\r\n;&|", *p) != NULL)
			break;
		if (quote != '\'' && p[0] == '\\' && p[1] != '\0') {
			p++;
			if (*p == '\n')
				continue;
			if (quote == '"' && strchr("\"\\$`", *p) == NULL)
				*o++ = '\\';
			*o++ = *p;
		} else if (*p == quote) {
			quote = '\0';
		} else if (quote == '\0' && (*p == '"' || *p == '\'')) {
			quote = *p;
		} else {
			*o++ = *p;
		}
	}
	*o++ = '\0';
	*text = p;
	*out = o;
	return quote == '\0';
}

/* NAME=VALUE at *text: 1; something else: 0; a quote without an end: -1. */
static int
assignment(const char **text, char **out)
{
	const char *p = *text;
	size_t len = strspn(p, name_chars);
	struct variable *v = &variables[n_variables];

	if (len == 0 || strchr("0123456789", p[0]) != NULL || p[len] != '=' ||
	    n_variables == VARIABLES_MAX)
		return 0;
	v->name = *out;
	memcpy(*out, p, len);
	(*out)[len] = '\0';
	*out += len + 1;
	p += len + 1;
	v->value = *out;
	v->order = (unsigned)n_variables;
	if (!value(&p, out))
		return -1;
	n_variables++;
	*text = p;
	return 1;
}

int
rcconf_parse(const char *text, struct err *err)
{
	char *out = arena;
	int rc;

	n_variables = 0;
	if (strlen(text) >= TEXT_MAX)
		return err_set(err, ERR_TOO_LARGE,
		    "rc.conf has more than %d bytes", TEXT_MAX);
	while (*text != '\0') {
		text += strspn(text, " \t\r\n;");
		if (*text == '\0')
			break;
		rc = assignment(&text, &out);
		if (rc == 1)
			continue;
		/* The shell stops here too. */
		if (rc == -1)
			break;
		if (n_variables == VARIABLES_MAX)
			return err_set(err, ERR_TOO_LARGE,
			    "rc.conf has more than %d variables",
			    VARIABLES_MAX);
		text += strcspn(text, "\n");
	}
	qsort(variables, n_variables, sizeof(variables[0]), compare);
	return 0;
}

int
rcconf_read(const char *path, struct err *err)
{
	static char bytes[TEXT_MAX];
	struct err why;
	struct buf b;

	n_variables = 0;
	err_clear(&why);
	buf_init_fixed(&b, bytes, sizeof(bytes));
	if (io_read_file(path, &b, &why) == -1) {
		if (why.code == ERR_NOT_FOUND)
			return 0;
		if (err != NULL)
			*err = why;
		return -1;
	}
	return rcconf_parse(buf_text(&b), err);
}

const char *
rcconf_get(const char *name)
{
	size_t low = 0, high = n_variables, middle;

	/* Behind the last of this name. */
	while (low < high) {
		middle = (low + high) / 2;
		if (strcmp(variables[middle].name, name) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || strcmp(variables[low - 1].name, name) != 0)
		return NULL;
	return variables[low - 1].value;
}

bool
rcconf_yes(const char *name)
{
	static const char *const yes[] = { "YES", "TRUE", "ON", "1" };
	const char *v = rcconf_get(name);
	size_t i;

	for (i = 0; v != NULL && i < sizeof(yes) / sizeof(yes[0]); i++)
		if (strcasecmp(v, yes[i]) == 0)
			return true;
	return false;
}
