/* engine/token_table.h - tokens as a table that a person can read. */
#ifndef ENGINE_TOKEN_TABLE_H
#define ENGINE_TOKEN_TABLE_H

#include <stdint.h>

struct buf;
struct token;
struct token_list;

/* A heading and one line a token; no cell holds a blank, so that awk can cut
 * it too. Times are UTC. */
void token_table(const struct token_list *, int64_t now_ms, struct buf *);

/* What one token may do, in several lines, for who has just created it. */
void token_table_explain(const struct token *, struct buf *);

#endif
