/* parent/supervise.c - keeps the two children running until told to stop. */
#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "parent/child.h"
#include "parent/config.h"
#include "parent/dispatch.h"
#include "parent/handover.h"
#include "parent/logfile.h"
#include "parent/master_key.h"
#include "parent/supervise.h"
#include "parent/unix_socket.h"

enum {
	SUPERVISE_HTTP_STOP_MS = 5 * 1000,
	SUPERVISE_ENGINE_STOP_MS = 20 * 1000
};

enum stage {
	RUNNING,
	STOPPING_HTTP,
	STOPPING_ENGINE,
	STOPPED
};

static struct {
	const struct config *config;
	enum log_level level;
	enum stage stage;
	int64_t kill_ms; /* when patience with the stopping child ends */
	struct child engine;
	struct child http;
	bool unjoined; /* one of them is new: they need a socket */
} us;

static int signal_pipe[2];

static void
on_signal(int signo)
{
	unsigned char byte = (unsigned char)signo;
	int saved = errno;
	ssize_t n = write(signal_pipe[1], &byte, 1);

	(void)n; /* full: the loop will run anyway */
	errno = saved;
}

static int
catch_signals(struct err *err)
{
	static const int caught[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
	struct sigaction sa = { .sa_handler = on_signal,
		.sa_flags = SA_RESTART };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	size_t i;

	if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) == -1)
		return err_set_errno(err, ERR_SYSTEM, "pipe");
	(void)sigemptyset(&sa.sa_mask);
	(void)sigemptyset(&ignore.sa_mask);
	for (i = 0; i < NITEMS(caught); i++)
		if (sigaction(caught[i], &sa, NULL) == -1)
			return err_set_errno(err, ERR_SYSTEM, "sigaction");
	if (sigaction(SIGPIPE, &ignore, NULL) == -1)
		return err_set_errno(err, ERR_SYSTEM, "sigaction");
	return 0;
}

/* A child that cannot be talked to is of no use: its end starts it again. */
static void
give_up_on(struct child *child, const struct err *err)
{
	log_error("%s", err->text);
	child_signal(child, SIGKILL);
}

static void
start(struct child *child)
{
	struct err err;
	int rc;

	err_clear(&err);
	if (child_start(child, us.config->libexec_dir, &err) == -1) {
		log_error("%s", err.text);
		child->backoff_ms = CHILD_BACKOFF_MAX_MS;
		child->restart_ms = clock_ms() + child->backoff_ms;
		return;
	}
	log_info("%s started, pid %ld", child->name, (long)child->pid);
	us.unjoined = true;
	if (child->has_op) {
		dispatch_open(child->op_fd, us.config);
		rc = handover_engine(child, us.config, us.level, &err);
	} else {
		rc = handover_http(child, us.config, us.level, &err);
	}
	if (rc == -1)
		give_up_on(child, &err);
}

/* Both get one end of a new socket; each drops the one it had. */
static void
join(void)
{
	int pair[2];
	struct err err;

	us.unjoined = false;
	err_clear(&err);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1) {
		(void)err_set_errno(&err, ERR_SYSTEM, "socketpair");
		give_up_on(&us.http, &err);
		return;
	}
	if (child_send_socket(&us.engine, pair[0], &err) == -1)
		give_up_on(&us.engine, &err);
	err_clear(&err);
	if (child_send_socket(&us.http, pair[1], &err) == -1)
		give_up_on(&us.http, &err);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

static void
bury(struct child *child)
{
	/* Its descriptors go with it: nobody may still look at them. */
	bool had_op = child->has_op && child->pid != 0;

	if (!child_reap(child, clock_ms()))
		return;
	if (had_op)
		dispatch_close();
	if (us.stage == RUNNING)
		log_warning("%s starts again in %u ms", child->name,
		    child->backoff_ms);
}

static void
stop_next(enum stage stage, struct child *child, int patience_ms)
{
	us.stage = stage;
	us.kill_ms = clock_ms() + patience_ms;
	child_signal(child, SIGTERM);
}

static void
begin_stop(int signo)
{
	if (us.stage != RUNNING)
		return;
	log_info("signal %d: stopping", signo);
	stop_next(STOPPING_HTTP, &us.http, SUPERVISE_HTTP_STOP_MS);
}

static void
kill_late(struct child *child)
{
	if (child->pid == 0 || clock_ms() < us.kill_ms)
		return;
	log_error("%s did not stop in time: killed", child->name);
	child_signal(child, SIGKILL);
	us.kill_ms = clock_ms() + SUPERVISE_HTTP_STOP_MS;
}

static void
start_due(struct child *child)
{
	if (child->pid == 0 && clock_ms() >= child->restart_ms)
		start(child);
}

/* What is due: starts, joins, the next step of stopping. */
static void
advance(void)
{
	bury(&us.http);
	bury(&us.engine);
	if (us.stage == RUNNING) {
		start_due(&us.engine);
		start_due(&us.http);
		if (us.unjoined && us.engine.pid != 0 && us.http.pid != 0)
			join();
		return;
	}
	if (us.stage == STOPPING_HTTP) {
		kill_late(&us.http);
		if (us.http.pid == 0) {
			/* It cannot itself: it is locked in and not root. */
			unix_socket_remove(us.config->listen.unix_path);
			stop_next(STOPPING_ENGINE, &us.engine,
			    SUPERVISE_ENGINE_STOP_MS);
		}
	}
	if (us.stage == STOPPING_ENGINE) {
		kill_late(&us.engine);
		if (us.engine.pid == 0)
			us.stage = STOPPED;
	}
}

static int
poll_timeout(void)
{
	const struct child *both[] = { &us.engine, &us.http };
	int timeout = -1;
	size_t i;

	if (us.stage != RUNNING)
		return clock_left_ms(us.kill_ms);
	for (i = 0; i < NITEMS(both); i++) {
		int left;

		if (both[i]->pid != 0)
			continue;
		left = clock_left_ms(both[i]->restart_ms);
		if (timeout == -1 || left < timeout)
			timeout = left;
	}
	return timeout;
}

static void
take_signals(void)
{
	unsigned char bytes[64];
	struct err err;
	ssize_t i, n;

	while ((n = read(signal_pipe[0], bytes, sizeof(bytes))) > 0) {
		for (i = 0; i < n; i++) {
			if (bytes[i] == SIGTERM || bytes[i] == SIGINT)
				begin_stop(bytes[i]);
			if (bytes[i] != SIGHUP)
				continue;
			err_clear(&err);
			if (logfile_reopen(&err) == -1)
				log_error("SIGHUP: %s", err.text);
			else
				log_info("SIGHUP: the log is opened again");
		}
	}
}

static void
wait_and_serve(void)
{
	struct pollfd pfd[4] = { { signal_pipe[0], POLLIN, 0 },
		{ us.engine.relay.fd, POLLIN, 0 },
		{ us.http.relay.fd, POLLIN, 0 },
		{ us.engine.op_fd, dispatch_events(), 0 } };
	struct err err;

	/* A closed dispatcher still has a descriptor for a moment. */
	if (pfd[3].events == 0)
		pfd[3].fd = -1;
	if (poll(pfd, NITEMS(pfd), poll_timeout()) == -1) {
		if (errno != EINTR)
			log_fatal("poll: errno %d", errno);
		return;
	}
	if (pfd[0].revents != 0)
		take_signals();
	if (pfd[1].revents != 0)
		relay_read(&us.engine.relay);
	if (pfd[2].revents != 0)
		relay_read(&us.http.relay);
	err_clear(&err);
	if (pfd[3].revents != 0 && dispatch_ready(pfd[3].revents, &err) == -1) {
		dispatch_close();
		(void)err_prefix(&err, "engine");
		/* While it ends by itself, end of file is only good manners. */
		if (us.stage == STOPPING_ENGINE && err.code == ERR_UNAVAILABLE)
			return;
		give_up_on(&us.engine, &err);
	}
}

int
supervise_run(const struct config *config, enum log_level level,
    void (*on_start)(void))
{
	struct err err;

	err_clear(&err);
	us.config = config;
	us.level = level;
	child_init(&us.engine, "engine", "multihomed-engine", true);
	us.engine.key_fd = master_key_fd();
	child_init(&us.http, "http", "multihomed-http", false);
	if (catch_signals(&err) == -1)
		log_fatal("%s", err.text);
	advance();
	on_start();
	while (us.stage != STOPPED) {
		wait_and_serve();
		advance();
	}
	log_info("stopped");
	return 0;
}
