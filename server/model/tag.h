/* model/tag.h - entity tags: one half for what is configured, one for all. */
#ifndef MODEL_TAG_H
#define MODEL_TAG_H

struct buf;

enum {
	TAG_VERSION_MAX = 17, /* 16 hexadecimal digits and a NUL */
	TAG_MAX = 40
};

/* The part that If-Match compares: a hash of the configuration's text. */
void tag_version(const struct buf *configuration, char out[TAG_VERSION_MAX]);
/* "VERSION.HASH of the whole body", quotes included. */
void tag_print(const char *version, const struct buf *body, char out[TAG_MAX]);

#endif
