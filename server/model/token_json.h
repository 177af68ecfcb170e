/* model/token_json.h - a token as GET /v1/tokens and `token list` show it. */
#ifndef MODEL_TOKEN_JSON_H
#define MODEL_TOKEN_JSON_H

struct json_t;
struct token;
struct token_list;

/* A new reference; never NULL. Holds neither secret nor hash. */
struct json_t *token_json(const struct token *);
/* {"tokens": [...]} in the list's order; a new reference, never NULL. */
struct json_t *token_json_list(const struct token_list *);

/* The same as text on one line, for rooms without jansson; free() it. secret
 * is added as a member when it is not NULL: then wipe the text too. */
char *token_json_text(const struct token *, const char *secret);
char *token_json_list_text(const struct token_list *);

#endif
