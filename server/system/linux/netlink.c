/* system/linux/netlink.c - ask the kernel, in its own words and without heap.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/err.h"
#include "system/linux/netlink.h"

enum {
	NETLINK_WAIT_S = 2,   /* the kernel answers in milliseconds */
	NETLINK_AGAIN = 4,    /* when something changed under a dump */
	NETLINK_BYTES = 65536 /* over the largest datagram it sends (32 kB) */
};

/* What became of an answer. */
enum end {
	END_FAILED = -1,
	END_WHOLE,
	END_TORN, /* changed while it was told */
	END_MORE
};

struct dialogue {
	int sock;
	const struct netlink_request *request;
	netlink_each *each;
	void *arg;
	int *refused;
	bool torn;
};

static size_t
align(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

void
netlink_request_init(struct netlink_request *r, uint16_t type, uint16_t flags,
    const void *fixed, size_t n)
{
	memset(r, 0, sizeof(*r));
	r->len = sizeof(r->u.head) + align(n);
	assert(r->len <= sizeof(r->u.bytes));
	memcpy(r->u.bytes + sizeof(r->u.head), fixed, n);
	r->u.head.nlmsg_type = type;
	r->u.head.nlmsg_flags = NLM_F_REQUEST | flags;
	r->u.head.nlmsg_seq = 1;
}

void
netlink_request_add(struct netlink_request *r, uint16_t type, const void *value,
    size_t n)
{
	struct nlattr head = { (uint16_t)(sizeof(head) + n), type };

	assert(r->len + sizeof(head) + align(n) <= sizeof(r->u.bytes));
	memcpy(r->u.bytes + r->len, &head, sizeof(head));
	memcpy(r->u.bytes + r->len + sizeof(head), value, n);
	r->len += sizeof(head) + align(n);
}

static int
open_socket(int protocol, struct err *err)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	struct timeval wait = { .tv_sec = NETLINK_WAIT_S };
	int sock, on = 1;

	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (sock == -1)
		return err_set_errno(err, ERR_SYSTEM, "netlink socket");
	/* Without strict checks (Linux 4.20) a filter is ignored in silence. */
	if (bind(sock, (struct sockaddr *)&self, sizeof(self)) == -1 ||
	    setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) ==
		-1 ||
	    (protocol == NETLINK_ROUTE &&
		setsockopt(sock, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on,
		    sizeof(on)) == -1)) {
		(void)err_set_errno(err, ERR_SYSTEM, "netlink socket");
		(void)close(sock);
		return -1;
	}
	return sock;
}

static int
refusal(const unsigned char *body, size_t len)
{
	int error = 0;

	if (len >= sizeof(error))
		memcpy(&error, body, sizeof(error));
	return error < 0 ? -error : 0;
}

/* The messages of one datagram. */
static enum end
take(struct dialogue *d, const unsigned char *p, size_t n)
{
	bool dump = (d->request->u.head.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	struct netlink_message m;
	struct nlmsghdr head;
	enum end end = dump ? END_MORE : END_WHOLE;

	while (n >= sizeof(head)) {
		memcpy(&head, p, sizeof(head));
		if (head.nlmsg_len < sizeof(head) || head.nlmsg_len > n)
			break;
		m.type = head.nlmsg_type;
		m.body = p + sizeof(head);
		m.len = head.nlmsg_len - sizeof(head);
		d->torn |= (head.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
		if (m.type == NLMSG_ERROR || m.type == NLMSG_DONE) {
			*d->refused = refusal(m.body, m.len);
			return d->torn ? END_TORN : END_WHOLE;
		}
		d->each(&m, d->arg);
		n -= align(head.nlmsg_len) < n ? align(head.nlmsg_len) : n;
		p += align(head.nlmsg_len);
	}
	return end;
}

static enum end
exchange(struct dialogue *d, struct err *err)
{
	static _Alignas(struct nlmsghdr) unsigned char bytes[NETLINK_BYTES];
	enum end end = END_MORE;
	ssize_t n;

	*d->refused = 0;
	d->torn = false;
	d->each(NULL, d->arg);
	if (send(d->sock, d->request->u.bytes, d->request->len, 0) == -1) {
		(void)err_set_errno(err, ERR_SYSTEM, "netlink");
		return END_FAILED;
	}
	while (end == END_MORE) {
		n = recv(d->sock, bytes, sizeof(bytes), MSG_TRUNC);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == EAGAIN) {
			(void)err_set(err, ERR_TIMEOUT,
			    "the kernel did not answer within %d s",
			    NETLINK_WAIT_S);
			return END_FAILED;
		}
		if (n == -1) {
			(void)err_set_errno(err, ERR_SYSTEM, "netlink");
			return END_FAILED;
		}
		if ((size_t)n > sizeof(bytes)) {
			(void)err_set(err, ERR_SYSTEM,
			    "netlink: an answer of %zd bytes", n);
			return END_FAILED;
		}
		end = take(d, bytes, (size_t)n);
	}
	return end;
}

int
netlink_ask(int protocol, struct netlink_request *r, netlink_each *each,
    void *arg, int *refused, struct err *err)
{
	struct dialogue d = { .request = r,
		.each = each,
		.arg = arg,
		.refused = refused };
	enum end end = END_TORN;
	int i;

	r->u.head.nlmsg_len = (uint32_t)r->len;
	d.sock = open_socket(protocol, err);
	if (d.sock == -1)
		return -1;
	for (i = 0; i < NETLINK_AGAIN && end == END_TORN; i++)
		end = exchange(&d, err);
	(void)close(d.sock);
	if (end == END_TORN)
		return err_set(err, ERR_BUSY,
		    "the interfaces change faster than they can be read");
	return end == END_FAILED ? -1 : 0;
}

bool
netlink_split(const struct netlink_message *m, void *fixed, size_t n,
    struct netlink_attrs *attrs)
{
	if (m->len < align(n))
		return false;
	memcpy(fixed, m->body, n);
	attrs->data = m->body + align(n);
	attrs->len = m->len - align(n);
	return true;
}

bool
netlink_next(struct netlink_attrs *attrs, uint16_t *type,
    struct netlink_attrs *value)
{
	struct nlattr head;
	size_t whole;

	if (attrs->len < sizeof(head))
		return false;
	memcpy(&head, attrs->data, sizeof(head));
	if (head.nla_len < sizeof(head) || head.nla_len > attrs->len)
		return false;
	*type = head.nla_type & NLA_TYPE_MASK;
	value->data = attrs->data + sizeof(head);
	value->len = head.nla_len - sizeof(head);
	whole = align(head.nla_len);
	if (whole > attrs->len)
		whole = attrs->len;
	attrs->data += whole;
	attrs->len -= whole;
	return true;
}

uint32_t
netlink_u32(const struct netlink_attrs *value)
{
	uint32_t n = 0;

	if (value->len == sizeof(n))
		memcpy(&n, value->data, sizeof(n));
	return n;
}

uint16_t
netlink_u16(const struct netlink_attrs *value)
{
	uint16_t n = 0;

	if (value->len == sizeof(n))
		memcpy(&n, value->data, sizeof(n));
	return n;
}

uint8_t
netlink_u8(const struct netlink_attrs *value)
{
	return value->len == 1 ? value->data[0] : 0;
}

void
netlink_text(const struct netlink_attrs *value, char *out, size_t size)
{
	size_t n = value->len < size - 1 ? value->len : size - 1;

	memcpy(out, value->data, n);
	out[n] = '\0';
	n = strlen(out);
	memset(out + n, 0, size - n);
}

void
netlink_addr(const struct netlink_attrs *value, struct addr *a)
{
	memset(a, 0, sizeof(*a));
	if (value->len != 4 && value->len != 16)
		return;
	a->family = value->len == 4 ? 4 : 6;
	memcpy(a->bytes, value->data, value->len);
}
