/* cli/mhctl.c - the command-line client: reads the line, runs one command. */
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/name.h"
#include "cli/app.h"
#include "cli/command.h"
#include "cli/commands.h"

/* The option that this command does not know, ARGS_COUNT when all is well. */
static int
foreign_option(const struct app *app, const struct command *c)
{
	int i;

	for (i = ARGS_GLOBALS; i < ARGS_COUNT; i++)
		if (app->args.given[i] && !(c->options & ARGS_BIT(i)))
			break;
	return i;
}

static enum exits
run_command(struct app *app, const struct command *c)
{
	size_t words = app->args.n - app->n_words;
	int foreign = foreign_option(app, c);

	if (foreign != ARGS_COUNT)
		return app_fail(app, EXITS_USAGE,
		    "%s does not know --%s: mhctl help %s", c->words,
		    args_name((enum args_option)foreign), c->words);
	if (words < c->least || words > c->most)
		return app_fail(app, EXITS_USAGE,
		    "usage: mhctl %s%s%s\nnext: mhctl help %s", c->words,
		    *c->usage == '\0' ? "" : " ", c->usage, c->words);
	return c->handler(app);
}

/* What is no text could not be told in JSON. */
static bool
all_text(int argc, char *const argv[])
{
	int i;

	for (i = 1; i < argc; i++)
		if (!name_is_utf8(argv[i], strlen(argv[i])))
			return false;
	return true;
}

/* --help behind a command: the same as help COMMAND. */
static enum exits
run_line(struct app *app)
{
	const struct command *c;

	if (args_has(&app->args, ARGS_VERSION))
		return commands_help_version(app);
	c = command_find(app->args.words, app->args.n, &app->n_words);
	if (args_has(&app->args, ARGS_HELP)) {
		if (c != NULL && c->handler != commands_help)
			app->args.n = app->n_words;
		app->n_words = c != NULL && c->handler == commands_help;
		return commands_help(app);
	}
	if (app->args.n == 0) {
		(void)commands_help(app);
		return EXITS_USAGE;
	}
	if (c == NULL) {
		app->n_words = 0;
		return app_fail(app, EXITS_USAGE,
		    "there is no command %s%s%s: mhctl help lists them",
		    app_word(app, 0), app->args.n > 1 ? " " : "",
		    app->args.n > 1 ? app_word(app, 1) : "");
	}
	return run_command(app, c);
}

int
main(int argc, char *argv[])
{
	struct app app;
	struct err err;
	enum exits code;

	(void)setlocale(LC_CTYPE, ""); /* for widths only */
	(void)signal(SIGPIPE, SIG_IGN);
	log_open("mhctl", LOG_LEVEL_WARNING, false);
	memset(&app, 0, sizeof(app));
	err_clear(&err);
	style_detect(&app.out, STDOUT_FILENO);
	style_detect(&app.err, STDERR_FILENO);
	if (!all_text(argc, argv))
		return app_fail(&app, EXITS_USAGE,
		    "the command line is not valid UTF-8");
	if (args_parse(&app.args, argc, argv, &err) == -1)
		return app_fail(&app, EXITS_USAGE, "%s: mhctl help", err.text);
	code = run_line(&app);
	app_clear(&app);
	return (int)code;
}
