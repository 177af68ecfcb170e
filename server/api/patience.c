/* api/patience.c - Prefer: how long a client wants to wait for a change. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api/operation.h"
#include "api/patience.h"
#include "api/reply.h"
#include "base/clock.h"
#include "base/number.h"
#include "store/operation.h"

enum {
	WAIT_MAX_S = 3600,
	WORD_MAX = 32
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static TAILQ_HEAD(patience_list, patience) waiting = TAILQ_HEAD_INITIALIZER(
    waiting);

/* The next preference, without blanks and parameters. */
static const char *
next_word(const char *text, char word[WORD_MAX])
{
	size_t len;

	text += strspn(text, ", \t");
	len = strcspn(text, ";, \t");
	(void)snprintf(word, WORD_MAX, "%.*s", len < WORD_MAX ? (int)len : 0,
	    text);
	return text + strcspn(text, ",");
}

void
patience_init(struct patience *p, const struct ticket *ticket,
    const char *prefer)
{
	char word[WORD_MAX];
	bool async = false, wait = false;
	uint32_t s = 0, n;

	memset(p, 0, sizeof(*p));
	p->ticket = ticket;
	while (*prefer != '\0') {
		prefer = next_word(prefer, word);
		if (strcasecmp(word, "respond-async") == 0)
			async = true;
		else if (strncasecmp(word, "wait=", 5) == 0 && !wait &&
		    number_parse_u32(&n, word + 5, 0, WAIT_MAX_S, NULL) == 0) {
			wait = true;
			s = n;
		}
	}
	p->limited = async || wait;
	p->until_ms = clock_ms() + (int64_t)s * 1000;
	if (s > 0) {
		(void)pthread_mutex_lock(&lock);
		TAILQ_INSERT_TAIL(&waiting, p, link);
		p->listed = true;
		(void)pthread_mutex_unlock(&lock);
	}
	if (wait)
		(void)snprintf(p->applied, sizeof(p->applied), "wait=%u",
		    (unsigned)s);
	else
		(void)snprintf(p->applied, sizeof(p->applied), "respond-async");
}

/* With the lock held: the change may not end meanwhile. */
static void
answer(struct patience *p)
{
	struct reply reply = { .status = 202, .retry_after_s = 1 };

	reply.preference_applied = p->applied;
	(void)snprintf(reply.location, sizeof(reply.location), "%s",
	    p->location);
	reply.body = p->body;
	buf_init(&p->body, 0);
	p->answered = true;
	reply_post(&reply, p->ticket);
}

static void
unlist(struct patience *p)
{
	if (p->listed)
		TAILQ_REMOVE(&waiting, p, link);
	p->listed = false;
}

void
patience_begun(struct patience *p, const struct operation *op)
{
	if (!p->limited)
		return;
	(void)pthread_mutex_lock(&lock);
	(void)snprintf(p->location, sizeof(p->location), "/v1/operations/%s",
	    op->id);
	operation_reply_body(op, p->ticket->parts, &p->body);
	if (!p->listed)
		answer(p);
	(void)pthread_mutex_unlock(&lock);
}

bool
patience_end(struct patience *p)
{
	bool answered;

	(void)pthread_mutex_lock(&lock);
	unlist(p);
	answered = p->answered;
	buf_clear(&p->body);
	(void)pthread_mutex_unlock(&lock);
	return answered;
}

int
patience_left_ms(void)
{
	const struct patience *p;
	int left, least = -1;

	(void)pthread_mutex_lock(&lock);
	TAILQ_FOREACH(p, &waiting, link) {
		left = clock_left_ms(p->until_ms);
		if (least == -1 || left < least)
			least = left;
	}
	(void)pthread_mutex_unlock(&lock);
	return least;
}

void
patience_answer_due(void)
{
	struct patience *p, *next;

	(void)pthread_mutex_lock(&lock);
	for (p = TAILQ_FIRST(&waiting); p != NULL; p = next) {
		next = TAILQ_NEXT(p, link);
		if (clock_left_ms(p->until_ms) > 0)
			continue;
		unlist(p);
		if (p->location[0] != '\0')
			answer(p);
	}
	(void)pthread_mutex_unlock(&lock);
}
