/* api/order_read.c - what path and query say about a write. */
#include <string.h>

#include "api/order.h"
#include "api/order_read.h"
#include "api/request.h"
#include "base/err.h"
#include "base/name.h"
#include "model/fields.h"
#include "model/order_options.h"

int
order_read_query(struct order *order, const struct request *req,
    struct err *err)
{
	static const char *const known[] = { "dry_run", NULL };

	if (request_query_check(req, known, err) == -1)
		return -1;
	return request_flag(req, "dry_run", &order->change.dry_run, err);
}

int
order_read_removal(struct order *order, const struct request *req,
    struct err *err)
{
	const char *known[ORDER_OPTIONS_QUERY + 2] = { "dry_run", NULL };
	const char *values[ORDER_OPTIONS_QUERY];
	size_t i;

	for (i = 0; i < ORDER_OPTIONS_QUERY; i++) {
		known[i + 1] = order_options_query[i];
		values[i] = request_query_value(req, order_options_query[i]);
	}
	known[ORDER_OPTIONS_QUERY + 1] = NULL;
	if (request_query_check(req, known, err) == -1 ||
	    request_flag(req, "dry_run", &order->change.dry_run, err) == -1)
		return -1;
	return order_options_from_query(&order->change.remove, values, err);
}

int
order_read_name(struct order *order, const struct request *req,
    const char *what, bool may_be_new, struct err *err)
{
	struct err why;

	err_clear(&why);
	if (name_parse(&order->change.name, req->arg, &why) == 0)
		return 0;
	if (may_be_new)
		return err_set(err, ERR_UNPROCESSABLE, "%s: %s", req->arg,
		    why.text);
	return err_set(err, ERR_NOT_FOUND, "there is no %s %s", what, req->arg);
}

int
order_read_same_name(const struct order *order, const struct field_value *name,
    struct err *err)
{
	if (!name->present ||
	    (!name->null && strcmp(name->text, order->change.name.s) == 0))
		return 0;
	return err_field(err, "/name",
	    "must be %s as in the path, or be left out; nothing is renamed",
	    order->change.name.s);
}
