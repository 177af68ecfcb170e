/* system/linux/firewall_render.h - how to know our rules again. */
#ifndef SYSTEM_LINUX_FIREWALL_RENDER_H
#define SYSTEM_LINUX_FIREWALL_RENDER_H

/* The table's comment is this and a mark: digits that stand for all of the
 * rules as firewall_render wrote them. */
#define FIREWALL_RENDER_COMMENT "multihomed's, replaced as a whole: "

enum {
	FIREWALL_RENDER_MARK_LEN = 16,
	FIREWALL_RENDER_MARK_MAX = 17,
	FIREWALL_RENDER_MAX = 1024 * 1024 /* bytes, for the fullest one */
};

/* The mark in rendered text or in nft's listing of it; "" when none. */
void firewall_render_mark(const char *text,
    char mark[FIREWALL_RENDER_MARK_MAX]);

#endif
