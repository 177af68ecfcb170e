/* api/token.c - the tokens, to read; never a secret nor a hash. */
#include "api/reply.h"
#include "api/request.h"
#include "api/token.h"
#include "base/err.h"
#include "model/json.h"
#include "model/token_json.h"
#include "store/token.h"

int
list_tokens(struct request *req, struct reply *reply, struct err *err)
{
	struct token_list list = { 0 };

	if (token_list(req->db, &list, err) == -1)
		return -1;
	json_render(token_json_list(&list), &reply->body);
	token_list_clear(&list);
	return 0;
}
