/* cli/commands.h - the handlers behind the rows of command.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/exits.h"

struct app;

/* Each does its command whole, with what it prints, and returns the exit
 * status. Words are counted beforehand. */
enum exits commands_show_status(struct app *);
enum exits commands_show_upstreams(struct app *);
enum exits commands_show_upstream(struct app *);
enum exits commands_session_list(struct app *);
enum exits commands_session_show(struct app *);
enum exits commands_session_clear(struct app *);
enum exits commands_show_routes(struct app *);
enum exits commands_set_preference(struct app *);
enum exits commands_set_prepend(struct app *);
enum exits commands_set_description(struct app *);
enum exits commands_resource_add_upstream(struct app *);
enum exits commands_resource_set_upstream(struct app *);
enum exits commands_resource_remove_upstream(struct app *);
enum exits commands_resource_add_downstream(struct app *);
enum exits commands_resource_set_downstream(struct app *);
enum exits commands_resource_remove_downstream(struct app *);
enum exits commands_resource_set_router(struct app *);
enum exits commands_drain(struct app *);
enum exits commands_drain_undrain(struct app *);
enum exits commands_apply(struct app *);
enum exits commands_apply_plan(struct app *);
enum exits commands_confirm(struct app *);
enum exits commands_confirm_revert(struct app *);
enum exits commands_confirm_extend(struct app *);
enum exits commands_confirm_cancel(struct app *);
enum exits commands_rotate_key(struct app *);
enum exits commands_api(struct app *);
enum exits commands_host_doctor(struct app *);
enum exits commands_host_interfaces(struct app *);
enum exits commands_host_firewall(struct app *);
enum exits commands_host_router(struct app *);
enum exits commands_host_downstreams(struct app *);
enum exits commands_host_downstream(struct app *);
enum exits commands_show_operations(struct app *);
enum exits commands_show_operation(struct app *);
enum exits commands_events(struct app *);
enum exits commands_events_operation(struct app *);
enum exits commands_audit(struct app *);
enum exits commands_audit_show(struct app *);
enum exits commands_audit_verify(struct app *);
enum exits commands_show_tokens(struct app *);
enum exits commands_context_list(struct app *);
enum exits commands_context_use(struct app *);
enum exits commands_context_add(struct app *);
enum exits commands_context_remove(struct app *);
enum exits commands_help_version(struct app *);
enum exits commands_help(struct app *);

#endif
