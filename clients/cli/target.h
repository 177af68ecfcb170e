/* cli/target.h - which router we talk to, how, and with which token. */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

struct args;
struct err;

/* All owned; name, url and token are never NULL once target_find said 0. */
struct target {
	char *name;      /* for people: the context's, or the URL's host */
	char *url;       /* without a slash at its end */
	char *unix_path; /* NULL: TCP */
	char *token;     /* "" when there is none */
	char *ca;        /* NULL: the system's authorities */
};

/*
 * -r NAME; else, without --contexts, MHCTL_URL (with MHCTL_UNIX, MHCTL_CA);
 * else the current context. MHCTL_TOKEN replaces the current context's token,
 * and serves a context of -r or --contexts that has none. A context's token is
 * never sent to MHCTL_URL. -1 with what to do in the text; ERR_INVALID means
 * usage.
 */
int target_find(struct target *, const struct args *, struct err *);
void target_clear(struct target *);

/* http:// or https://, a host, no user, query, fragment or blank. */
int target_check_url(const char *, struct err *);
/* 1 to 512 visible ASCII characters. */
int target_check_token(const char *, struct err *);

#endif
