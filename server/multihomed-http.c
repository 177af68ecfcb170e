/* multihomed-http.c - the process that owns the network and can do nothing. */
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/privilege.h"
#include "http/linger.h"
#include "http/server.h"
#include "wire/setup.h"

enum {
	PEM_MAX = 256 * 1024, /* three texts */
	OWN_FDS = 32          /* listeners, engine, parent, epoll, ... */
};

static int signal_pipe[2];

static void
on_signal(int number)
{
	int saved = errno;

	(void)number;
	/* Full means that the byte is there already. */
	if (write(signal_pipe[1], "", 1) == -1)
		errno = saved;
	errno = saved;
}

static void
catch_signals(void)
{
	struct sigaction action;
	struct err err;

	err_clear(&err);
	if (pipe(signal_pipe) == -1 ||
	    io_set_nonblock(signal_pipe[0], true, &err) == -1 ||
	    io_set_nonblock(signal_pipe[1], true, &err) == -1 ||
	    io_set_cloexec(signal_pipe[0], true, &err) == -1 ||
	    io_set_cloexec(signal_pipe[1], true, &err) == -1)
		log_fatal("signal pipe: %s", strerror(errno));
	memset(&action, 0, sizeof(action));
	(void)sigemptyset(&action.sa_mask);
	action.sa_flags = SA_RESTART;
	action.sa_handler = on_signal;
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	action.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL); /* the parent has the logs */
}

/* Standard input and output lead nowhere; the log stays on standard error. */
static void
detach(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd == -1 || dup2(fd, STDIN_FILENO) == -1 ||
	    dup2(fd, STDOUT_FILENO) == -1)
		log_fatal("/dev/null: %s", strerror(errno));
	(void)close(fd);
}

static void
give_up_privileges(const struct setup_http *conf)
{
	struct err err;

	err_clear(&err);
	if (privilege_drop(conf->user, conf->chroot, NULL, &err) == -1 ||
	    privilege_limit(conf->connections_max + LINGER_MAX + OWN_FDS,
		conf->user[0] != '\0', &err) == -1)
		log_fatal("%s", err.text);
}

/* A struct of bytes from the parent: its texts must end inside. */
static void
terminate(struct setup_http *conf)
{
	size_t i;

	conf->user[sizeof(conf->user) - 1] = '\0';
	conf->chroot[sizeof(conf->chroot) - 1] = '\0';
	conf->listen_unix[sizeof(conf->listen_unix) - 1] = '\0';
	for (i = 0; i < SETUP_LISTEN_MAX; i++)
		conf->listen_tcp[i][sizeof(conf->listen_tcp[i]) - 1] = '\0';
}

int
main(int argc, char **argv)
{
	static struct server server;
	struct setup_http conf;
	struct buf pem;
	struct err err;
	bool use_select;
	int status;

	log_open("multihomed-http", LOG_LEVEL_INFO, false);
	/* -s: wait with select() as systems without epoll do; for the tests. */
	use_select = argc == 2 && strcmp(argv[1], "-s") == 0;
	if (argc > 1 && !use_select) {
		(void)fprintf(stderr,
		    "multihomed-http is started by multihomed, not by hand\n");
		return 2;
	}
	err_clear(&err);
	buf_init(&pem, PEM_MAX);
	memset(&conf, 0, sizeof(conf));
	if (setup_recv(SETUP_FD, &conf, sizeof(conf), &pem, &err) == -1)
		log_fatal("%s", err.text);
	terminate(&conf);
	log_open("multihomed-http", (enum log_level)conf.log_level, false);
	if (io_set_cloexec(SETUP_FD, true, &err) == -1 ||
	    server_init(&server, &conf, &err) == -1)
		log_fatal("%s", err.text);
	detach();
	catch_signals();
	give_up_privileges(&conf);
	if (server_start(&server, &pem, use_select, &err) == -1)
		log_fatal("%s", err.text);
	status = server_run(&server, SETUP_FD, signal_pipe[0]);
	server_clear(&server);
	return status;
}
