/* api/token.h - the tokens, to read; never a secret nor a hash. */
#ifndef API_TOKEN_H
#define API_TOKEN_H

struct err;
struct reply;
struct request;

int list_tokens(struct request *, struct reply *, struct err *);

#endif
