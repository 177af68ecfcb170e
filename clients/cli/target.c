/* cli/target.c - which router we talk to, how, and with which token. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/args.h"
#include "cli/context.h"
#include "cli/field.h"
#include "cli/target.h"

static const char *
environment(const char *name)
{
	const char *s = getenv(name);

	return s == NULL || *s == '\0' ? NULL : s;
}

static char *
copy(const char *s)
{
	return s == NULL ? NULL : mem_strdup(s);
}

static bool
is_visible(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~')
			return false;
	return true;
}

int
target_check_url(const char *url, struct err *err)
{
	const char *host = NULL;

	if (strncmp(url, "http://", 7) == 0)
		host = url + 7;
	else if (strncmp(url, "https://", 8) == 0)
		host = url + 8;
	if (host == NULL || *host == '\0' || *host == '/' || !is_visible(url) ||
	    strpbrk(host, "@?#\\") != NULL || strlen(url) > 1024)
		return err_set(err, ERR_INVALID,
		    "a URL is http://HOST:PORT or https://HOST:PORT, "
		    "without user, query or blanks");
	return 0;
}

int
target_check_token(const char *token, struct err *err)
{
	if (*token == '\0' || strlen(token) > 512 || !is_visible(token))
		return err_set(err, ERR_INVALID,
		    "a token is 1 to 512 visible ASCII characters");
	return 0;
}

static char *
host_of(const char *url)
{
	const char *host = strstr(url, "://");

	host = host == NULL ? url : host + 3;
	return mem_strndup(host, strcspn(host, "/"));
}

static int
from_environment(struct target *t, struct err *err)
{
	const char *url = environment("MHCTL_URL");
	const char *unix_path = environment("MHCTL_UNIX");
	const char *token = environment("MHCTL_TOKEN");

	if (url == NULL)
		url = "http://localhost";
	if (target_check_url(url, err) == -1)
		return err_prefix(err, "MHCTL_URL");
	t->name = unix_path != NULL ? copy(unix_path) : host_of(url);
	t->url = copy(url);
	t->unix_path = copy(unix_path);
	t->ca = copy(environment("MHCTL_CA"));
	t->token = copy(token == NULL ? "" : token);
	return 0;
}

static int
none_chosen(const struct context_file *f, struct err *err)
{
	if (json_object_size(json_object_get(f->root, "contexts")) == 0)
		return err_set(err, ERR_INVALID,
		    "no router is known yet: mhctl context add NAME --url URL");
	return err_set(err, ERR_INVALID,
	    "no context is current: mhctl context use NAME, or -r NAME");
}

static int
from_context(struct target *t, const char *file, const char *name,
    struct err *err)
{
	struct context_file f = CONTEXT_FILE_INIT;
	const char *token = environment("MHCTL_TOKEN"), *own;
	const json_t *c;
	bool chosen = name != NULL || file != NULL;
	int rc = -1;

	if (context_open(&f, file, err) == -1)
		goto out;
	if (name == NULL)
		name = context_current(&f);
	if (name == NULL) {
		rc = none_chosen(&f, err);
		goto out;
	}
	c = context_find(&f, name);
	if (c == NULL) {
		rc = err_set(err, ERR_INVALID,
		    "there is no context %s: mhctl context list shows them",
		    name);
		goto out;
	}
	own = field_word(c, "token", NULL);
	if (token == NULL || (chosen && own != NULL))
		token = own;
	t->name = copy(name);
	t->url = copy(field_word(c, "url", "http://localhost"));
	t->unix_path = copy(field_word(c, "unix", NULL));
	t->ca = copy(field_word(c, "ca", NULL));
	t->token = copy(token == NULL ? "" : token);
	rc = target_check_url(t->url, err);
	if (rc == -1)
		(void)err_prefix(err, "context %s", name);
out:
	context_close(&f);
	return rc;
}

int
target_find(struct target *t, const struct args *args, struct err *err)
{
	const char *name = args->value[ARGS_ROUTER];
	const char *file = args->value[ARGS_CONTEXTS];
	size_t len;
	int rc;

	memset(t, 0, sizeof(*t));
	if (name == NULL && file == NULL &&
	    (environment("MHCTL_URL") != NULL ||
		environment("MHCTL_UNIX") != NULL))
		rc = from_environment(t, err);
	else
		rc = from_context(t, file, name, err);
	if (rc == -1)
		return -1;
	if (*t->token != '\0' && target_check_token(t->token, err) == -1)
		return -1;
	for (len = strlen(t->url); len > 0 && t->url[len - 1] == '/';)
		t->url[--len] = '\0';
	return 0;
}

void
target_clear(struct target *t)
{
	free(t->name);
	free(t->url);
	free(t->unix_path);
	if (t->token != NULL)
		crypto_wipe(t->token, strlen(t->token));
	free(t->token);
	free(t->ca);
	memset(t, 0, sizeof(*t));
}
