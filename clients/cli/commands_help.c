/* cli/commands_help.c - what mhctl can do. */
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/version.h"
#include "cli/app.h"
#include "cli/command.h"
#include "cli/commands.h"

enum {
	USAGE_WIDTH = 34,
	OPTION_WIDTH = 26
};

static void
add_option(struct buf *b, int i)
{
	char left[64];
	char letter = args_letter((enum args_option)i);
	const char *what = args_placeholder((enum args_option)i);

	(void)snprintf(left, sizeof(left), "%c%c%s--%s%s%s",
	    letter == 0 ? ' ' : '-', letter == 0 ? ' ' : letter,
	    letter == 0 ? "  " : ", ", args_name((enum args_option)i),
	    what == NULL ? "" : " ", what == NULL ? "" : what);
	buf_printf(b, "  %-*s", OPTION_WIDTH, left);
	/* A long one gets a line of its own. */
	if (strlen(left) > OPTION_WIDTH)
		buf_printf(b, "\n  %*s", OPTION_WIDTH, "");
	buf_printf(b, "  %s\n", args_meaning((enum args_option)i));
}

static void
add_options(struct buf *b, uint64_t wanted)
{
	int i;

	for (i = ARGS_GLOBALS; i < ARGS_COUNT; i++)
		if (wanted & ARGS_BIT(i))
			add_option(b, i);
}

static void
add_globals(struct buf *b)
{
	int i;

	for (i = 0; i < ARGS_GLOBALS; i++)
		add_option(b, i);
}

static void
add_overview(struct buf *b)
{
	char left[80];
	size_t i;

	buf_puts(b,
	    "mhctl asks and steers the routers that run multihomed.\n\n"
	    "usage: mhctl [OPTION...] COMMAND\n\n");
	for (i = 0; i < n_commands; i++) {
		const struct command *c = &commands[i];

		(void)snprintf(left, sizeof(left), "%s%s%s", c->words,
		    *c->usage == '\0' ? "" : " ", c->usage);
		buf_printf(b, "  %-*s  %s\n", USAGE_WIDTH, left, c->summary);
	}
	buf_puts(b, "\noptions, anywhere in the line:\n");
	add_globals(b);
	buf_puts(b,
	    "\nmhctl help COMMAND shows a command's own options. Start with\n"
	    "mhctl context add NAME --url https://ROUTER:8179, then mhctl "
	    "status.\n"
	    "exit: 0 done, 1 refused or failed, 2 usage, 3 cannot reach, 4 "
	    "not permitted,\n5 conflict, 6 timed out (still running)\n");
}

static void
add_command(struct buf *b, const struct command *c)
{
	buf_printf(b, "usage: mhctl %s%s%s%s\n\n%s\n", c->words,
	    *c->usage == '\0' ? "" : " ", c->usage,
	    c->options == 0 ? "" : " [OPTION...]", c->summary);
	if (c->details != NULL)
		buf_printf(b, "\n%s\n", c->details);
	if (c->options != 0) {
		buf_puts(b, "\noptions:\n");
		add_options(b, c->options);
	}
	buf_puts(b, "\noptions of every command:\n");
	add_globals(b);
}

enum exits
commands_help(struct app *app)
{
	struct buf b = BUF_INIT;
	const char *words[2] = { app_word(app, 0), NULL };
	const struct command *c;
	size_t n = words[0] == NULL ? 0 : 1, used, i, len;

	if (n == 1 && app_word(app, 1) != NULL)
		words[n++] = app_word(app, 1);
	if (n == 0) {
		add_overview(&b);
		return app_print(app, &b);
	}
	c = command_find(words, n, &used);
	if (c != NULL && used == n) {
		add_command(&b, c);
		return app_print(app, &b);
	}
	/* "help context": all that begin so. */
	len = strlen(words[0]);
	for (i = 0; n == 1 && i < n_commands; i++)
		if (strncmp(commands[i].words, words[0], len) == 0 &&
		    commands[i].words[len] == ' ')
			buf_printf(&b, "  mhctl %s %s\n      %s\n",
			    commands[i].words, commands[i].usage,
			    commands[i].summary);
	if (b.len > 0)
		return app_print(app, &b);
	buf_clear(&b);
	return app_fail(app, EXITS_USAGE,
	    "there is no command %s: mhctl help lists them", words[0]);
}

enum exits
commands_help_version(struct app *app)
{
	struct buf b = BUF_INIT;
	json_t *json;
	enum exits code;

	if (args_has(&app->args, ARGS_JSON)) {
		json = json_pack("{s:s, s:s}", "mhctl", VERSION, "libcurl",
		    curl_version_info(CURLVERSION_NOW)->version);
		code = app_print_json(app, json);
		json_decref(json);
		return code;
	}
	buf_printf(&b, "mhctl %s (libcurl %s)\n", VERSION,
	    curl_version_info(CURLVERSION_NOW)->version);
	return app_print(app, &b);
}
