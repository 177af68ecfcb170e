/* multihomed-engine.c - the process that decides; started by multihomed. */
#include <sys/types.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/auth.h"
#include "api/dispatch.h"
#include "api/event_stream.h"
#include "api/patience.h"
#include "api/routes.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/privilege.h"
#include "engine/confirm.h"
#include "engine/drift.h"
#include "engine/events.h"
#include "engine/link.h"
#include "engine/outbox.h"
#include "engine/parts.h"
#include "engine/recover.h"
#include "engine/rekey.h"
#include "engine/snapshot.h"
#include "engine/supervisor.h"
#include "engine/token_command.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "model/json.h"
#include "store/db.h"
#include "store/keyring.h"
#include "wire/setup.h"

enum {
	DESCRIPTORS = 256,
	LOOKUPS_MAX = 64,
	SEEN_MAX = 256
};

static int signal_pipe[2];

static void
on_signal(int number)
{
	int saved = errno;
	char byte = (char)number;
	ssize_t ignored = write(signal_pipe[1], &byte, 1);

	(void)ignored;
	errno = saved;
}

static void
catch_signals(void)
{
	struct sigaction action;

	if (pipe2(signal_pipe, O_NONBLOCK | O_CLOEXEC) == -1)
		log_fatal("cannot make a pipe");
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	action.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
}

/* What a killed vtysh left behind may hold passwords. */
static void
empty_directory(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;

	if (dir == NULL)
		log_fatal("%s: %s", path, strerror(errno));
	while ((entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, "vtysh-", 6) == 0)
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	(void)closedir(dir);
}

/* A private directory for vtysh's files, beside the database. */
static void
make_work_dir(struct parts *parts)
{
	char *dir = parts->frr.work_dir, *slash;

	(void)snprintf(dir, sizeof(parts->frr.work_dir), "%.200s",
	    parts->database);
	slash = strrchr(dir, '/');
	if (slash == NULL)
		log_fatal("database: %s is not an absolute path",
		    parts->database);
	(void)snprintf(slash,
	    sizeof(parts->frr.work_dir) - (size_t)(slash - dir), "/work");
	if (mkdir(dir, 0700) == -1 && errno != EEXIST)
		log_fatal("%s: %s", dir, strerror(errno));
	empty_directory(dir);
}

static void
copy(char *to, size_t size, const char *from)
{
	(void)snprintf(to, size, "%s", from);
}

static void
set_up(struct parts *parts, const struct setup_engine *setup)
{
	char host[64] = "router";

	(void)gethostname(host, sizeof(host) - 1);
	copy(parts->router_name, sizeof(parts->router_name),
	    setup->router_name[0] != '\0' ? setup->router_name : host);
	copy(parts->platform, sizeof(parts->platform), setup->platform);
	copy(parts->database, sizeof(parts->database), setup->database);
	copy(parts->frr.socket_dir, sizeof(parts->frr.socket_dir),
	    setup->frr_socket_dir);
	copy(parts->frr.vtysh, sizeof(parts->frr.vtysh), setup->vtysh);
	copy(parts->frr.pathspace, sizeof(parts->frr.pathspace),
	    setup->pathspace);
	parts->frr.timeout_ms = setup->frr_timeout_ms;
	parts->frr.vtysh_timeout_ms = setup->vtysh_timeout_ms;
	copy(parts->contexts, sizeof(parts->contexts), setup->contexts);
	copy(parts->drain_ask, sizeof(parts->drain_ask), setup->drain_ask);
	copy(parts->mhctl, sizeof(parts->mhctl), setup->mhctl);
	parts->peer_timeout_ms = setup->peer_timeout_ms;
	parts->queue_max = setup->queue_max;
	parts->snapshot_ms = setup->snapshot_ms;
	parts->drain_reminder_s = setup->drain_reminder_s;
	parts->auth_failures_per_minute = setup->auth_failures_per_minute;
	parts->outbox = outbox_new();
	parts->snapshots = snapshot_box_new();
	parts->supervisor = supervisor_new(SETUP_OP_FD);
	confirm_init(parts);
	drift_init(parts);
	events_init(parts);
	make_work_dir(parts);
}

static void
start_workers(struct parts *parts)
{
	struct err err;

	/* The watcher last: it asks the writer to recover. */
	if (worker_start(&parts->writer, parts, "writer", parts->queue_max,
		NULL, 0, &err) == -1 ||
	    worker_start(&parts->reader, parts, "reader", LOOKUPS_MAX, NULL, 0,
		&err) == -1 ||
	    worker_start(&parts->watcher, parts, "watcher", SEEN_MAX,
		watch_tick, parts->snapshot_ms, &err) == -1)
		log_fatal("%s", err.text);
}

/* What the main thread's loop works on. */
struct engine {
	struct parts parts;
	struct db *db;
	struct link link;
};

static int
on_request(void *arg, struct link *link, uint64_t id, const void *payload,
    uint32_t size)
{
	struct engine *e = arg;

	return dispatch_request(&e->parts, e->db, link->generation, id, payload,
	    size, &link->out);
}

static void
on_cancel(void *arg, uint64_t id)
{
	(void)arg;
	event_stream_cancel(id);
}

/* The parent hands over a socket to a new http, or is gone. */
static int
on_parent(struct engine *e)
{
	struct err err;
	int fd;

	if (io_recv_fd(SETUP_FD, &fd, &err) == -1) {
		log_error("parent: %s", err.text);
		return -1;
	}
	link_replace(&e->link, fd);
	return 0;
}

enum {
	P_SIGNAL,
	P_PARENT,
	P_OUTBOX,
	P_HTTP,
	P_COUNT
};

/* Until the main thread has something to do by itself; -1: nothing. */
static int
left_ms(void)
{
	int a = patience_left_ms(), b = event_stream_left_ms();

	return a == -1 || (b != -1 && b < a) ? b : a;
}

static void
loop(struct engine *e)
{
	struct pollfd p[P_COUNT];
	struct link *link = &e->link;

	for (;;) {
		p[P_SIGNAL] = (struct pollfd) { signal_pipe[0], POLLIN, 0 };
		p[P_PARENT] = (struct pollfd) { SETUP_FD, POLLIN, 0 };
		p[P_OUTBOX] =
		    (struct pollfd) { outbox_fd(e->parts.outbox), POLLIN, 0 };
		p[P_HTTP] = (struct pollfd) { link->fd, POLLIN, 0 };
		if (link->out.len > 0)
			p[P_HTTP].events |= POLLOUT;
		if (poll(p, P_COUNT, left_ms()) == -1 && errno != EINTR)
			log_fatal("poll: %s", strerror(errno));
		if (p[P_SIGNAL].revents != 0)
			return;
		patience_answer_due();
		if (p[P_PARENT].revents != 0 && on_parent(e) == -1)
			return;
		/* on_parent may have closed the one that was polled. */
		if (p[P_HTTP].fd == link->fd && link->fd != -1 &&
		    (p[P_HTTP].revents & ~POLLOUT) != 0 &&
		    link_read(link, on_request, on_cancel, e) == -1)
			log_info("http is gone");
		if (p[P_OUTBOX].revents != 0)
			outbox_take(e->parts.outbox, link->generation,
			    &link->out);
		event_stream_run(&e->parts, e->db, link);
		if (link->fd != -1 && link->out.len > 0)
			(void)link_write(link);
	}
}

static void
tear_down(struct engine *e)
{
	/* The writer first: it ends the change it is at, and the watcher
	 * still sends the answer. */
	worker_stop(e->parts.writer);
	worker_stop(e->parts.reader);
	worker_stop(e->parts.watcher);
	worker_free(&e->parts.writer);
	worker_free(&e->parts.reader);
	worker_free(&e->parts.watcher);
	watch_clear();
	/* What the writer answered last still goes out. */
	if (e->link.fd != -1) {
		outbox_take(e->parts.outbox, e->link.generation, &e->link.out);
		(void)link_write(&e->link);
	}
	link_close(&e->link);
	outbox_free(&e->parts.outbox);
	snapshot_box_free(&e->parts.snapshots);
	drift_clear(&e->parts);
	events_clear(&e->parts);
	confirm_clear(&e->parts);
	supervisor_free(&e->parts.supervisor);
	event_stream_clear();
	auth_clear();
	db_close(&e->db);
	keyring_free(&e->parts.keyring);
}

/* First of all: no other part of us is to see the descriptor. */
static void
take_key(struct parts *parts)
{
	struct err err;

	crypto_init();
	err_clear(&err);
	if (privilege_hide(&err) == -1)
		log_fatal("%s", err.text);
	parts->keyring = keyring_read(SETUP_KEY_FD, &err);
	if (parts->keyring == NULL)
		log_fatal("started by hand? multihomed starts this: %s",
		    err.text);
}

static void
run_engine(void)
{
	static struct engine e;
	struct setup_engine setup;
	struct err err;

	log_open("engine", LOG_LEVEL_INFO, false);
	take_key(&e.parts);
	json_wipe_memory();
	if (setup_recv(SETUP_FD, &setup, sizeof(setup), NULL, &err) == -1)
		log_fatal("started by hand? multihomed starts this: %s",
		    err.text);
	log_open("engine", (enum log_level)setup.log_level, false);
	catch_signals();
	(void)umask(077);
	if (privilege_drop(setup.user, NULL, "frrvty", &err) == -1 ||
	    privilege_limit(DESCRIPTORS, false, &err) == -1)
		log_fatal("%s", err.text);
	/* Becoming another user resets it. */
	if (privilege_hide(&err) == -1)
		log_fatal("%s", err.text);
	set_up(&e.parts, &setup);
	if (rekey_guard(e.parts.database, false, &err) == -1 ||
	    db_open(&e.db, e.parts.database, true, &err) == -1)
		log_fatal("%s", err.text);
	db_set_keyring(e.db, e.parts.keyring);
	link_init(&e.link);
	start_workers(&e.parts);
	loop(&e);
	tear_down(&e);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "-R") == 0) {
		routes_print();
		return 0;
	}
	if (argc >= 2 && strcmp(argv[1], "token") == 0) {
		log_open("multihomed token", LOG_LEVEL_WARNING, false);
		crypto_init();
		return token_command(argc - 1, argv + 1);
	}
	if (argc >= 2 && strcmp(argv[1], "rekey") == 0) {
		log_open("multihomed rekey", LOG_LEVEL_WARNING, false);
		crypto_init();
		return rekey_command(argc - 1, argv + 1);
	}
	if (argc != 1) {
		(void)fprintf(stderr,
		    "usage: multihomed-engine is started by multihomed\n");
		return 2;
	}
	run_engine();
	return 0;
}
