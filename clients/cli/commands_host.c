/* cli/commands_host.c - looking at what lies below, and at what is amiss. */
#include <stdlib.h>

#include "base/buf.h"
#include "cli/app.h"
#include "cli/change.h"
#include "cli/commands.h"
#include "cli/field.h"
#include "cli/render.h"

/* For scripts: what has failed is no success. */
enum exits
commands_host_doctor(struct app *app)
{
	struct client_answer a = CLIENT_ANSWER_INIT;
	struct buf b = BUF_INIT;
	enum exits code = app_get(app, "/v1/router/doctor", NULL, &a);

	if (code == EXITS_DONE) {
		if (args_has(&app->args, ARGS_JSON)) {
			code = app_print_json(app, a.json);
		} else {
			render_doctor(&b, &app->out, a.json);
			code = app_print(app, &b);
		}
		if (code == EXITS_DONE && json_is_false(field_at(a.json, "ok")))
			code = EXITS_FAILED;
	}
	client_answer_clear(&a);
	return code;
}

enum exits
commands_host_interfaces(struct app *app)
{
	return app_show(app, "/v1/interfaces", NULL, render_interfaces);
}

enum exits
commands_host_firewall(struct app *app)
{
	return app_show(app, "/v1/firewall", NULL, render_firewall);
}

enum exits
commands_host_router(struct app *app)
{
	return app_show(app, "/v1/router", NULL, render_router);
}

enum exits
commands_host_downstreams(struct app *app)
{
	return app_show(app, "/v1/downstreams", NULL, render_downstreams);
}

enum exits
commands_host_downstream(struct app *app)
{
	char *path = change_path(app, "downstream", app_word(app, 0));
	enum exits code;

	if (path == NULL)
		return EXITS_USAGE;
	code = app_show(app, path, "mhctl downstreams lists the names",
	    render_downstream);
	free(path);
	return code;
}
