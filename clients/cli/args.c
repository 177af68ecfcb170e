/* cli/args.c - the command line: words, and options anywhere among them. */
#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "cli/args.h"

_Static_assert(ARGS_COUNT - ARGS_GLOBALS <= 64, "ARGS_BIT");

static const struct option {
	const char *name;
	char letter;
	const char *placeholder;
	const char *meaning;
} options[] = {
#define OPTION(id, name, letter, placeholder, meaning) \
	[id] = { name, letter, placeholder, meaning },
	ARGS_OPTIONS(OPTION)
};

static int
find_long(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < NITEMS(options); i++)
		if (strlen(options[i].name) == len &&
		    memcmp(options[i].name, word, len) == 0)
			return (int)i;
	return -1;
}

static int
find_short(char letter)
{
	size_t i;

	for (i = 0; i < NITEMS(options); i++)
		if (options[i].letter != 0 && options[i].letter == letter)
			return (int)i;
	return -1;
}

static int
take(struct args *a, int id, const char *value, struct err *err)
{
	if (a->given[id])
		return err_set(err, ERR_INVALID, "--%s is given twice",
		    options[id].name);
	if (options[id].placeholder != NULL && value == NULL)
		return err_set(err, ERR_INVALID, "--%s needs %s",
		    options[id].name, options[id].placeholder);
	if (options[id].placeholder == NULL && value != NULL)
		return err_set(err, ERR_INVALID, "--%s takes no value",
		    options[id].name);
	a->given[id] = true;
	a->value[id] = value;
	return 0;
}

/* --name, --name=value, --name value. *used says that next was taken. */
static int
parse_long(struct args *a, const char *word, const char *next, bool *used,
    struct err *err)
{
	size_t len = strcspn(word, "=");
	int id = find_long(word, len);
	const char *value = word[len] == '=' ? word + len + 1 : NULL;

	if (id == -1)
		return err_set(err, ERR_INVALID, "unknown option --%.*s",
		    (int)len, word);
	if (value == NULL && options[id].placeholder != NULL) {
		value = next;
		*used = true;
	}
	return take(a, id, value, err);
}

/* -v, -vy, -rNAME, -r NAME. */
static int
parse_short(struct args *a, const char *word, const char *next, bool *used,
    struct err *err)
{
	for (; *word != '\0'; word++) {
		int id = find_short(*word);

		if (id == -1)
			return err_set(err, ERR_INVALID, "unknown option -%c",
			    *word);
		if (options[id].placeholder == NULL) {
			if (take(a, id, NULL, err) == -1)
				return -1;
			continue;
		}
		if (word[1] != '\0')
			return take(a, id, word + 1, err);
		*used = true;
		return take(a, id, next, err);
	}
	return 0;
}

int
args_parse(struct args *a, int argc, char *const argv[], struct err *err)
{
	bool only_words = false;
	int i;

	memset(a, 0, sizeof(*a));
	for (i = 1; i < argc; i++) {
		const char *word = argv[i];
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;
		bool used = false;
		int rc = 0;

		if (!only_words && strcmp(word, "--") == 0)
			only_words = true;
		else if (!only_words && strncmp(word, "--", 2) == 0)
			rc = parse_long(a, word + 2, next, &used, err);
		else if (!only_words && word[0] == '-' && word[1] != '\0')
			rc = parse_short(a, word + 1, next, &used, err);
		else if (a->n == NITEMS(a->words))
			return err_set(err, ERR_INVALID, "too many words");
		else
			a->words[a->n++] = word;
		if (rc == -1)
			return -1;
		if (used)
			i++;
	}
	return 0;
}

bool
args_has(const struct args *a, enum args_option id)
{
	return a->given[id];
}

const char *
args_name(enum args_option id)
{
	return options[id].name;
}

const char *
args_placeholder(enum args_option id)
{
	return options[id].placeholder;
}

const char *
args_meaning(enum args_option id)
{
	return options[id].meaning;
}

char
args_letter(enum args_option id)
{
	return options[id].letter;
}
