/* engine/firewall_report.h - our firewall rules, asked of the system now. */
#ifndef ENGINE_FIREWALL_REPORT_H
#define ENGINE_FIREWALL_REPORT_H

struct buf;
struct err;
struct worker_tools;

/* JSON of GET /v1/firewall. -1 with what the parent's tool said. Runs on the
 * reader; waits for a change under way. */
int firewall_report(struct worker_tools *, struct buf *, struct err *);

#endif
