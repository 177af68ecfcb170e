/* wire/op.c - what the engine may ask of the root parent: a closed list. */
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "wire/op.h"

#define OP_MAGIC 0x4d48004fU

enum {
	OP_DONE = 0,
	OP_FAILED = 1
};

static int
check_op_none(const void *payload, uint32_t kind, struct err *err)
{
	static const struct op_none none;

	(void)kind;
	if (memcmp(payload, &none, sizeof(none)) != 0)
		return err_set(err, ERR_INVALID, "payload is not zero");
	return 0;
}

static int
check_op_frr_save(const void *payload, uint32_t kind, struct err *err)
{
	const struct op_frr_save *save = payload;

	(void)kind;
	if ((save->may_go & ~(uint32_t)OP_SAVE_ALL) != 0)
		return err_set(err, ERR_INVALID, "may_go: unknown bits");
	if (save->zero != 0)
		return err_set(err, ERR_INVALID, "payload is not zero");
	return 0;
}

static int
check_op_link(const void *payload, uint32_t kind, struct err *err)
{
	return op_link_check(payload, kind, err);
}

static int
check_op_address_of(const void *payload, uint32_t kind, struct err *err)
{
	(void)kind;
	return op_address_of_check(payload, err);
}

static int
check_op_route(const void *payload, uint32_t kind, struct err *err)
{
	return op_route_check(payload, kind, err);
}

static int
check_op_firewall(const void *payload, uint32_t kind, struct err *err)
{
	(void)kind;
	return op_firewall_check(payload, err);
}

static int
check_op_key(const void *payload, uint32_t kind, struct err *err)
{
	return op_key_check(payload, kind, err);
}

/* Each payload's struct has its check: an operation cannot be without. */
struct op_info {
	const char *name;
	size_t size;
	int (*check)(const void *payload, uint32_t kind, struct err *);
};

#define OP_INFO(id, name, payload) \
	[id] = { name, sizeof(struct payload), check_##payload },
static const struct op_info op_infos[OP_COUNT] = { OPS(OP_INFO) };

/* A cursor over foreign bytes: every take checks first. */
struct reader {
	const unsigned char *p;
	size_t left;
	int bad;
};

static uint32_t
get_u32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

const char *
op_name(uint32_t kind)
{
	return kind < OP_COUNT ? op_infos[kind].name : "unknown";
}

size_t
op_size(uint32_t kind)
{
	return kind < OP_COUNT ? op_infos[kind].size : SIZE_MAX;
}

int
op_same(const void *a, const void *b, size_t size)
{
	return memcmp(a, b, size) == 0;
}

int
op_changes(uint32_t kind)
{
	return kind >= OP_LINK_CREATE && kind < OP_COUNT;
}

static void
put_head(struct buf *b, uint32_t kind, uint32_t id, size_t size)
{
	assert(size <= OP_REPLY_MAX);
	buf_u32(b, OP_MAGIC);
	buf_u32(b, kind);
	buf_u32(b, id);
	buf_u32(b, (uint32_t)size);
}

void
op_put_request(struct buf *b, uint32_t kind, uint32_t id, int dry,
    const void *payload)
{
	assert(kind < OP_COUNT && (!dry || op_changes(kind)));
	put_head(b, dry ? kind | OP_DRY : kind, id, op_infos[kind].size);
	buf_add(b, payload, op_infos[kind].size);
}

void
op_put_done(struct buf *b, uint32_t kind, uint32_t id, const void *data,
    size_t len)
{
	put_head(b, kind, id, len + 1);
	buf_u8(b, OP_DONE);
	if (len > 0)
		buf_add(b, data, len);
}

static size_t
text_size(const char *s)
{
	return 2 + strlen(s);
}

static void
put_text(struct buf *b, const char *s)
{
	size_t len = strlen(s);

	buf_u16(b, (uint16_t)len);
	buf_add(b, s, len);
}

/*
 * u32 code, u32 exit code, u32 retry after; reason, text, tool and output as
 * u16 length and bytes; u8 number of fields and each one's pointer and detail.
 * What is left is the log.
 */
void
op_put_failed(struct buf *b, uint32_t kind, uint32_t id, const struct err *err,
    const char *log)
{
	size_t size = 1 + 12 + text_size(err->reason) + text_size(err->text) +
	    text_size(err->tool) + text_size(err->output) + 1 + strlen(log);
	unsigned i;

	assert(err->n_fields <= ERR_FIELDS_MAX);
	for (i = 0; i < err->n_fields; i++)
		size += text_size(err->fields[i].pointer) +
		    text_size(err->fields[i].detail);
	put_head(b, kind, id, size);
	buf_u8(b, OP_FAILED);
	buf_u32(b, (uint32_t)err->code);
	buf_u32(b, (uint32_t)err->exit_code);
	buf_u32(b, err->retry_after_s);
	put_text(b, err->reason);
	put_text(b, err->text);
	put_text(b, err->tool);
	put_text(b, err->output);
	buf_u8(b, (uint8_t)err->n_fields);
	for (i = 0; i < err->n_fields; i++) {
		put_text(b, err->fields[i].pointer);
		put_text(b, err->fields[i].detail);
	}
	buf_puts(b, log);
}

int
op_head_read(struct op_head *head, const void *bytes, uint32_t max,
    struct err *err)
{
	const unsigned char *p = bytes;

	if (get_u32(p) != OP_MAGIC)
		return err_set(err, ERR_PROTOCOL, "op: wrong magic 0x%08x",
		    get_u32(p));
	head->kind = get_u32(p + 4);
	head->dry = (head->kind & OP_DRY) != 0;
	head->kind &= ~OP_DRY;
	head->id = get_u32(p + 8);
	head->size = get_u32(p + 12);
	if (head->size > max)
		return err_set(err, ERR_PROTOCOL, "op %s: %u bytes, over %u",
		    op_name(head->kind), head->size, max);
	return 0;
}

int
op_request_check(const struct op_head *head, const void *payload,
    struct err *err)
{
	const struct op_info *info;

	if (head->kind >= OP_COUNT)
		return err_set(err, ERR_PROTOCOL, "unknown op %u", head->kind);
	info = &op_infos[head->kind];
	if (head->dry && !op_changes(head->kind))
		return err_set(err, ERR_PROTOCOL, "op %s: has no dry form",
		    info->name);
	if (head->size != info->size)
		return err_set(err, ERR_PROTOCOL, "op %s: %u bytes, not %zu",
		    info->name, head->size, info->size);
	if (info->check(payload, head->kind, err) == 0)
		return 0;
	if (err != NULL)
		err->code = ERR_PROTOCOL;
	return err_prefix(err, "op %s", info->name);
}

static uint32_t
take_number(struct reader *r, size_t n)
{
	uint32_t value = 0;
	size_t i;

	if (r->bad || r->left < n) {
		r->bad = 1;
		return 0;
	}
	for (i = 0; i < n; i++)
		value |= (uint32_t)r->p[i] << (8 * i);
	r->p += n;
	r->left -= n;
	return value;
}

static void
take_text(struct reader *r, char *out, size_t size)
{
	size_t len = take_number(r, 2);

	if (r->bad || len > r->left || len >= size ||
	    memchr(r->p, '\0', len) != NULL) {
		r->bad = 1;
		return;
	}
	memcpy(out, r->p, len);
	out[len] = '\0';
	r->p += len;
	r->left -= len;
}

static int
read_failed(struct reader *r, struct err *out)
{
	uint32_t code;
	unsigned i;

	err_clear(out);
	code = take_number(r, 4);
	out->exit_code = (int32_t)take_number(r, 4);
	out->retry_after_s = take_number(r, 4);
	take_text(r, out->reason, sizeof(out->reason));
	take_text(r, out->text, sizeof(out->text));
	take_text(r, out->tool, sizeof(out->tool));
	take_text(r, out->output, sizeof(out->output));
	out->n_fields = take_number(r, 1);
	if (r->bad || out->n_fields > ERR_FIELDS_MAX || code == ERR_NONE ||
	    code > ERR_INTERNAL)
		return -1;
	out->code = (enum err_code)code;
	for (i = 0; i < out->n_fields; i++) {
		take_text(r, out->fields[i].pointer,
		    sizeof(out->fields[i].pointer));
		take_text(r, out->fields[i].detail,
		    sizeof(out->fields[i].detail));
	}
	return r->bad ? -1 : 0;
}

int
op_reply_read(const void *payload, size_t size, const void **data,
    size_t *data_len, struct err *err)
{
	struct reader r = { payload, size, 0 };
	struct err sent;
	uint32_t how = take_number(&r, 1);

	*data = NULL;
	*data_len = 0;
	if (r.bad)
		return err_set(err, ERR_PROTOCOL, "op reply is empty");
	if (how == OP_DONE) {
		*data = r.p;
		*data_len = r.left;
		return 0;
	}
	if (how != OP_FAILED || read_failed(&r, &sent) == -1)
		return err_set(err, ERR_PROTOCOL, "op reply is malformed");
	*data = r.p;
	*data_len = r.left;
	if (err != NULL)
		*err = sent;
	return -1;
}
