/* base/err.h - an error that travels from where it happens to the edge. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

#include "base/compat.h"

/*
 * What kind of failure; api/problem.c maps each to one HTTP status in a switch
 * without a default, so a new code cannot be forgotten there.
 */
enum err_code {
	ERR_NONE = 0,
	ERR_INVALID,       /* not understood at all: bad JSON, bad URL */
	ERR_UNPROCESSABLE, /* understood, but a field is refused */
	ERR_UNAUTHORIZED,  /* no valid token */
	ERR_FORBIDDEN,     /* token valid, not for this */
	ERR_NOT_FOUND,
	ERR_METHOD,                /* the resource has no such method */
	ERR_CONFLICT,              /* the router's present state forbids it */
	ERR_PRECONDITION,          /* If-Match failed */
	ERR_PRECONDITION_REQUIRED, /* the token demands If-Match */
	ERR_TOO_LARGE,
	ERR_MEDIA_TYPE,
	ERR_BUSY,        /* queue full or rate limit: try again later */
	ERR_TOOL,        /* a tool failed or refused; output holds its words */
	ERR_NOT_APPLIED, /* tools were content, the read-back was not */
	ERR_UNAVAILABLE, /* FRR or the database does not answer */
	ERR_TIMEOUT,     /* a deadline passed */
	ERR_UNSUPPORTED, /* not on this platform or version */
	ERR_PROTOCOL,    /* a peer of ours broke a private protocol */
	ERR_SYSTEM,      /* a system call failed */
	ERR_NO_MEMORY,
	ERR_INTERNAL /* our own bug, told without dying */
};

enum {
	ERR_TEXT_MAX = 512,
	ERR_OUTPUT_MAX = 2048,
	ERR_FIELDS_MAX = 8
};

/* One bad field: a JSON pointer (RFC 6901) and what is wrong with it. */
struct err_field {
	char pointer[96];
	char detail[192];
};

/*
 * A plain value: copy it freely, nothing in it is owned. reason is a stable
 * snake_case word for programs ("route_map_shared"), empty when the code says
 * enough. tool, exit_code and output are set when a tool failed.
 */
struct err {
	enum err_code code;
	char reason[40];
	char text[ERR_TEXT_MAX];
	char tool[48];
	int exit_code;
	char output[ERR_OUTPUT_MAX];
	unsigned retry_after_s;
	unsigned n_fields;
	struct err_field fields[ERR_FIELDS_MAX];
};

/* Starts clean; every function below accepts err == NULL. */
void err_clear(struct err *);

/* Replaces what is there. Returns -1, so that refusing is one line. */
int err_set(struct err *, enum err_code, const char *fmt, ...) PRINTFLIKE(3, 4);

/* As err_set, and appends ": " and strerror(errno). */
int err_set_errno(struct err *, enum err_code, const char *fmt, ...)
    PRINTFLIKE(3, 4);

/* Puts "fmt...: " before the present text; keeps everything else. */
int err_prefix(struct err *, const char *fmt, ...) PRINTFLIKE(2, 3);

/* Sets the stable machine word. Returns -1. */
int err_reason(struct err *, const char *reason);

/* Remembers what a tool said (control characters are made visible, cut to
 * ERR_OUTPUT_MAX). Returns -1. */
int err_tool(struct err *, const char *tool, int exit_code, const char *output,
    size_t output_len);

/*
 * Adds a bad field; sets the code to ERR_UNPROCESSABLE and the text when this
 * is the first. Past ERR_FIELDS_MAX the rest is dropped. Returns -1.
 */
int err_field(struct err *, const char *pointer, const char *fmt, ...)
    PRINTFLIKE(3, 4);

/* A stable snake_case name of the code: "not_found". Never NULL. */
const char *err_code_name(enum err_code);

#endif
