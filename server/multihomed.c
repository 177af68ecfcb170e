/* multihomed.c - the root parent: options, checks, then supervision. */
#include <sys/types.h>
#include <sys/stat.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "base/privilege.h"
#include "base/run.h"
#include "base/version.h"
#include "parent/act.h"
#include "parent/config.h"
#include "parent/daemon.h"
#include "parent/logfile.h"
#include "parent/master_key.h"
#include "parent/rekey.h"
#include "parent/save.h"
#include "parent/start.h"
#include "parent/supervise.h"

enum {
	EXIT_USAGE = 2
};

struct options {
	const char *config_file;
	const char *pidfile;
	bool check;
	bool debug;
	bool foreground;
	bool routes;
};

static struct config config;

static int
usage(void)
{
	(void)fprintf(stderr,
	    "usage: multihomed [-dfnRV] [-c FILE] [-p PIDFILE]\n"
	    "       multihomed token create|list|revoke [-c FILE] ...\n"
	    "       multihomed rekey [-c FILE]\n");
	return EXIT_USAGE;
}

static int
fail(const struct err *err)
{
	(void)fprintf(stderr, "multihomed: %s\n", err->text);
	return 1;
}

static int
print_config(void)
{
	static char text[CONFIG_FILE_MAX];
	struct buf b;

	buf_init_fixed(&b, text, sizeof(text));
	config_print(&config, &b);
	if (b.failed || fwrite(b.data, 1, b.len, stdout) != b.len ||
	    fflush(stdout) != 0) {
		(void)fprintf(stderr, "multihomed: cannot print\n");
		return 1;
	}
	return 0;
}

/* Becomes libexec_dir/multihomed-engine; returns only when that fails. */
static int
become_engine(const char *const *argv)
{
	char path[SETUP_PATH_MAX + 32];
	struct err err;

	(void)snprintf(path, sizeof(path), "%s/multihomed-engine",
	    config.libexec_dir);
	(void)execv(path, (char *const *)(uintptr_t)argv);
	err_clear(&err);
	(void)err_set_errno(&err, ERR_SYSTEM, "cannot execute %s", path);
	return fail(&err);
}

/*
 * multihomed token VERB ...: the engine's own command on its own database, as
 * the engine's user. -c FILE is ours, wherever it stands; the rest is passed.
 */
static int
token_command(int argc, char *argv[])
{
	const char *file = config_default_file();
	const char *words[ARGV_MAX];
	size_t n = 0;
	struct err err;
	int i;

	err_clear(&err);
	words[n++] = "multihomed-engine";
	words[n++] = "token";
	words[n++] = config.database;
	for (i = 2; i < argc; i++) {
		if (strcmp(argv[i], "-c") == 0) {
			if (++i == argc)
				return usage();
			file = argv[i];
			continue;
		}
		if (n + 1 == NITEMS(words))
			return usage();
		words[n++] = argv[i];
	}
	words[n] = NULL;
	if (n == 3)
		return usage();
	if (config_load(&config, file, &err) == -1 ||
	    start_database(&config, &err) == -1)
		return fail(&err);
	if (geteuid() == 0 &&
	    privilege_drop(config.users.engine, NULL, NULL, &err) == -1)
		return fail(&err);
	return become_engine(words);
}

/* multihomed rekey: another master key, while no daemon runs. */
static int
rekey_command(int argc, char *argv[])
{
	const char *file = config_default_file();
	struct err err;
	int c;

	err_clear(&err);
	optind = 2;
	while ((c = getopt(argc, argv, "c:")) != -1) {
		if (c != 'c')
			return usage();
		file = optarg;
	}
	if (optind < argc)
		return usage();
	log_open("multihomed rekey", LOG_LEVEL_WARNING, false);
	crypto_init();
	if (config_load(&config, file, &err) == -1 ||
	    privilege_hide(&err) == -1 || start_database(&config, &err) == -1 ||
	    rekey_run(&config, &err) == -1)
		return fail(&err);
	(void)fprintf(stderr, "The master key is changed.\n");
	return 0;
}

static int
read_options(struct options *o, int argc, char *argv[])
{
	int c;

	while ((c = getopt(argc, argv, "c:dfnp:RV")) != -1) {
		switch (c) {
		case 'c':
			o->config_file = optarg;
			break;
		case 'd':
			o->debug = true;
			break;
		case 'f':
			o->foreground = true;
			break;
		case 'n':
			o->check = true;
			break;
		case 'p':
			o->pidfile = optarg;
			break;
		case 'R':
			o->routes = true;
			break;
		case 'V':
			(void)printf("multihomed %s\n", VERSION);
			return 0;
		default:
			return usage();
		}
	}
	return optind < argc ? usage() : -1;
}

/* Everything that can fail before there are children; then until the end. */
static int
serve(const struct options *o)
{
	enum log_level level =
	    o->debug ? LOG_LEVEL_DEBUG : (enum log_level)config.log.level;
	struct err err;
	int status;

	err_clear(&err);
	(void)umask(027);
	log_open("multihomed", level, false);
	crypto_init();
	if (privilege_hide(&err) == -1 ||
	    start_check(&config, o->foreground, &err) == -1 ||
	    master_key_open(&config, &err) == -1 ||
	    (!o->foreground && daemon_begin(&err) == -1) ||
	    (o->pidfile != NULL && daemon_pidfile(o->pidfile, &err) == -1) ||
	    logfile_open(config.log.to, o->foreground, level, &err) == -1)
		return fail(&err);
	log_info("multihomed %s starts", VERSION);
	save_recover(&config);
	if (act_prepare(&config, &err) == -1)
		log_error(
		    "%s; tunnels, routes and keys cannot be changed until it "
		    "is mended and multihomed started again",
		    err.text);
	status = supervise_run(&config, level, daemon_started);
	daemon_pidfile_remove();
	return status;
}

int
main(int argc, char *argv[])
{
	struct options o = { .config_file = NULL };
	static const char *const routes[] = { "multihomed-engine", "-R", NULL };
	struct err err;
	int status;

	if (argc > 1 && strcmp(argv[1], "token") == 0)
		return token_command(argc, argv);
	if (argc > 1 && strcmp(argv[1], "rekey") == 0)
		return rekey_command(argc, argv);
	status = read_options(&o, argc, argv);
	if (status != -1)
		return status;
	err_clear(&err);
	/* The route table needs no configuration, only the engine's place. */
	if (o.routes && o.config_file == NULL) {
		config_default(&config);
		return become_engine(routes);
	}
	if (config_load(&config,
		o.config_file != NULL ? o.config_file : config_default_file(),
		&err) == -1)
		return fail(&err);
	if (o.routes)
		return become_engine(routes);
	if (o.check)
		return print_config();
	return serve(&o);
}
