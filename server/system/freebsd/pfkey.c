/* system/freebsd/pfkey.c - messages of PF_KEY v2 (RFC 2367), as bytes. */
#include <arpa/inet.h>

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "system/freebsd/pfkey.h"

/*
 * Layouts of RFC 2367, in the machine's own byte order; lengths count units of
 * eight bytes. The numbers behind the RFC's are FreeBSD's, seen in "setkey -Dv"
 * (../shared/freebsd/30-setkey.txt). Spelled out here, since the system's
 * header is FreeBSD's alone and this is tested everywhere.
 */
enum {
	VERSION = 2,
	UNIT = 8,
	SATYPE_TCP_MD5 = 11,
	AALG_TCP_MD5 = 252,
	EXT_SA = 1,
	EXT_SRC = 5,
	EXT_DST = 6,
	EXT_KEY = 8,
	EXT_SPI_RANGE = 16,
	STATE_MATURE = 1,
	FLAG_CYCLIC = 0x40, /* what setkey always says */
	ANY_PROTOCOL = 255,
	SPI_MIN = 0x100, /* net.key.spi_minval */
	SPI_MAX = 0x0fffffff,
	INET = 2,
	INET6 = 28
};

struct message {
	uint8_t version;
	uint8_t type;
	uint8_t error;
	uint8_t satype;
	uint16_t len;
	uint16_t reserved;
	uint32_t seq;
	uint32_t pid;
};

struct extension {
	uint16_t len;
	uint16_t type;
};

struct association {
	struct extension head;
	uint32_t spi; /* in the network's byte order */
	uint8_t replay;
	uint8_t state;
	uint8_t auth;
	uint8_t encrypt;
	uint32_t flags;
};

struct address {
	struct extension head;
	uint8_t protocol;
	uint8_t prefix_length;
	uint16_t reserved;
};

/* sockaddr_in and sockaddr_in6 of a BSD; the second is padded to four units. */
struct socket4 {
	uint8_t len;
	uint8_t family;
	uint16_t port;
	uint8_t bytes[4];
	uint8_t zero[8];
};

struct socket6 {
	uint8_t len;
	uint8_t family;
	uint16_t port;
	uint32_t flow;
	uint8_t bytes[16];
	uint32_t scope;
	uint32_t padding;
};

struct secret {
	struct extension head;
	uint16_t bits;
	uint16_t reserved;
};

struct spi_range {
	struct extension head;
	uint32_t min;
	uint32_t max;
	uint32_t reserved;
};

_Static_assert(sizeof(struct message) == 16, "RFC 2367 2.3.1");
_Static_assert(sizeof(struct association) == 16, "RFC 2367 2.3.2");
_Static_assert(sizeof(struct address) == 8, "RFC 2367 2.3.4");
_Static_assert(sizeof(struct secret) == 8, "RFC 2367 2.3.5");
_Static_assert(sizeof(struct spi_range) == 16, "RFC 2367 2.3.9");
_Static_assert(sizeof(struct socket4) == 16, "sockaddr_in");
_Static_assert(sizeof(struct socket6) == 32, "sockaddr_in6 and padding");

static struct extension
head_of(uint16_t type, size_t size)
{
	struct extension e = { (uint16_t)(size / UNIT), type };

	return e;
}

static void
put_association(struct buf *b, enum pfkey_type type, uint32_t spi)
{
	struct association sa;

	memset(&sa, 0, sizeof(sa));
	sa.head = head_of(EXT_SA, sizeof(sa));
	sa.spi = htonl(type == PFKEY_UPDATE ? spi : PFKEY_SPI);
	if (type != PFKEY_DELETE) {
		sa.state = STATE_MATURE;
		sa.auth = AALG_TCP_MD5;
		sa.flags = FLAG_CYCLIC;
	}
	buf_add(b, &sa, sizeof(sa));
}

static void
put_address(struct buf *b, uint16_t type, const struct addr *a)
{
	struct address head;
	struct socket4 four;
	struct socket6 six;
	size_t size = a->family == 4 ? sizeof(four) : sizeof(six);

	memset(&head, 0, sizeof(head));
	head.head = head_of(type, sizeof(head) + size);
	head.protocol = ANY_PROTOCOL;
	head.prefix_length = a->family == 4 ? 32 : 128;
	buf_add(b, &head, sizeof(head));
	if (a->family == 4) {
		memset(&four, 0, sizeof(four));
		four.len = sizeof(four);
		four.family = INET;
		memcpy(four.bytes, a->bytes, sizeof(four.bytes));
		buf_add(b, &four, sizeof(four));
		return;
	}
	memset(&six, 0, sizeof(six));
	six.len = sizeof(six) - sizeof(six.padding);
	six.family = INET6;
	memcpy(six.bytes, a->bytes, sizeof(six.bytes));
	buf_add(b, &six, sizeof(six));
}

static void
put_key(struct buf *b, const struct key_way *way)
{
	static const char zeros[UNIT];
	size_t padding = (UNIT - way->key_len % UNIT) % UNIT;
	struct secret s;

	memset(&s, 0, sizeof(s));
	s.head = head_of(EXT_KEY, sizeof(s) + way->key_len + padding);
	s.bits = (uint16_t)(way->key_len * 8);
	buf_add(b, &s, sizeof(s));
	buf_add(b, way->key, way->key_len);
	buf_add(b, zeros, padding);
}

static void
put_range(struct buf *b)
{
	struct spi_range range;

	memset(&range, 0, sizeof(range));
	range.head = head_of(EXT_SPI_RANGE, sizeof(range));
	range.min = SPI_MIN;
	range.max = SPI_MAX;
	buf_add(b, &range, sizeof(range));
}

void
pfkey_put(struct buf *b, enum pfkey_type type, const struct key_way *way,
    uint32_t spi, uint32_t seq, uint32_t pid)
{
	size_t start = b->len;
	struct message m;

	memset(&m, 0, sizeof(m));
	m.version = VERSION;
	m.type = (uint8_t)type;
	m.satype = SATYPE_TCP_MD5;
	m.seq = seq;
	m.pid = pid;
	buf_add(b, &m, sizeof(m));
	if (type != PFKEY_GETSPI)
		put_association(b, type, spi);
	put_address(b, EXT_SRC, &way->src);
	put_address(b, EXT_DST, &way->dst);
	if (type == PFKEY_ADD || type == PFKEY_UPDATE)
		put_key(b, way);
	if (type == PFKEY_GETSPI)
		put_range(b);
	/* Callers give it room: PFKEY_MESSAGE_MAX. */
	assert(!b->failed && (b->len - start) % UNIT == 0);
	m.len = (uint16_t)((b->len - start) / UNIT);
	memcpy(b->data + start, &m, sizeof(m));
}

int
pfkey_read(const void *bytes, size_t size, struct pfkey_answer *a,
    struct err *err)
{
	const unsigned char *p = bytes;
	struct extension e;
	struct association sa;
	struct message m;
	size_t at, len;

	memset(a, 0, sizeof(*a));
	if (size < sizeof(m))
		return err_set(err, ERR_PROTOCOL, "pfkey: %zu bytes", size);
	memcpy(&m, p, sizeof(m));
	if (m.version != VERSION || (size_t)m.len * UNIT != size)
		return err_set(err, ERR_PROTOCOL,
		    "pfkey: version %u, %u units in %zu bytes", m.version,
		    m.len, size);
	a->type = m.type;
	a->error = m.error;
	a->seq = m.seq;
	a->pid = m.pid;
	for (at = sizeof(m); at < size; at += len) {
		memcpy(&e, p + at, sizeof(e));
		len = (size_t)e.len * UNIT;
		if (len == 0 || len > size - at)
			return err_set(err, ERR_PROTOCOL,
			    "pfkey: extension %u has %u units", e.type, e.len);
		if (e.type != EXT_SA || len < sizeof(sa))
			continue;
		memcpy(&sa, p + at, sizeof(sa));
		a->spi = ntohl(sa.spi);
	}
	return 0;
}
