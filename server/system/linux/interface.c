/* system/linux/interface.c - interfaces from /proc/net/dev and getifaddrs. */
#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <ifaddrs.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/number.h"
#include "system/interface.h"
#include "wire/op.h"

/* /proc/net/dev has about 130 bytes for each interface. */
enum {
	PROC_MAX = 160 * OP_INTERFACES_MAX + 4096
};

/* Which of a line's numbers are which. */
enum {
	FIELD_RX_BYTES = 0,
	FIELD_TX_BYTES = 8
};

static int
read_field(const char *p, unsigned index, uint64_t *value)
{
	char digits[24];
	size_t len;

	for (;; index--) {
		p += strspn(p, " ");
		len = strspn(p, "0123456789");
		if (index == 0)
			break;
		p += len;
	}
	if (len >= sizeof(digits))
		return -1;
	memcpy(digits, p, len);
	digits[len] = '\0';
	return number_parse_u64(value, digits, 0, UINT64_MAX, NULL);
}

/*
 * "  eth0: RX-BYTES seven-more TX-BYTES ...": one line of /proc/net/dev. The
 * counters there have 64 bits, unlike those that getifaddrs gives.
 */
static int
read_line(struct op_interface *one, const char *line)
{
	const char *colon = strrchr(line, ':');
	size_t len;

	if (colon == NULL)
		return -1;
	line += strspn(line, " ");
	len = (size_t)(colon - line);
	if (len == 0 || len >= sizeof(one->name))
		return -1;
	memset(one, 0, sizeof(*one));
	memcpy(one->name, line, len);
	if (read_field(colon + 1, FIELD_RX_BYTES, &one->rx_bytes) == -1)
		return -1;
	return read_field(colon + 1, FIELD_TX_BYTES, &one->tx_bytes);
}

static int
read_counters(struct op_interface *list, size_t max, size_t *n, struct err *err)
{
	static char text[PROC_MAX];
	struct buf b;
	char *line, *end;

	buf_init_fixed(&b, text, sizeof(text));
	if (io_read_file("/proc/net/dev", &b, err) == -1)
		return -1;
	*n = 0;
	for (line = b.data; *n < max && *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		if (end == NULL)
			break;
		*end = '\0';
		if (read_line(&list[*n], line) == 0)
			(*n)++;
	}
	return 0;
}

static void
read_link(struct op_interface *one, int sock)
{
	struct ifreq ifr;

	memset(&ifr, 0, sizeof(ifr));
	memcpy(ifr.ifr_name, one->name, sizeof(ifr.ifr_name));
	/* Gone since the counters were read: it stays down, without an MTU. */
	if (ioctl(sock, SIOCGIFFLAGS, &ifr) == 0)
		one->up = (ifr.ifr_flags & IFF_UP) != 0 &&
		    (ifr.ifr_flags & IFF_RUNNING) != 0;
	if (ioctl(sock, SIOCGIFMTU, &ifr) == 0 && ifr.ifr_mtu > 0)
		one->mtu = (uint32_t)ifr.ifr_mtu;
}

static struct op_interface *
find(struct op_interface *list, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	return NULL;
}

static void
add_address(struct op_interface *one, const struct sockaddr *sa)
{
	struct sockaddr_in6 six;
	struct sockaddr_in four;
	size_t i = 0;

	while (i < OP_INTERFACE_ADDRS && one->addrs[i][0] != '\0')
		i++;
	if (i == OP_INTERFACE_ADDRS)
		return;
	if (sa->sa_family == AF_INET) {
		memcpy(&four, sa, sizeof(four));
		(void)inet_ntop(AF_INET, &four.sin_addr, one->addrs[i],
		    sizeof(one->addrs[i]));
	} else if (sa->sa_family == AF_INET6) {
		memcpy(&six, sa, sizeof(six));
		(void)inet_ntop(AF_INET6, &six.sin6_addr, one->addrs[i],
		    sizeof(one->addrs[i]));
	}
}

int
interface_list(struct op_interface *list, size_t max, size_t *n,
    struct err *err)
{
	struct ifaddrs *all = NULL, *ifa;
	struct op_interface *one;
	size_t i;
	int sock, rc = -1;

	*n = 0;
	sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sock == -1)
		return err_set_errno(err, ERR_SYSTEM, "socket");
	if (read_counters(list, max, n, err) == -1)
		goto out;
	if (getifaddrs(&all) == -1) {
		(void)err_set_errno(err, ERR_SYSTEM, "getifaddrs");
		goto out;
	}
	for (i = 0; i < *n; i++)
		read_link(&list[i], sock);
	for (ifa = all; ifa != NULL; ifa = ifa->ifa_next) {
		one = find(list, *n, ifa->ifa_name);
		if (one != NULL && ifa->ifa_addr != NULL)
			add_address(one, ifa->ifa_addr);
	}
	rc = 0;
out:
	if (all != NULL)
		freeifaddrs(all);
	(void)close(sock);
	return rc;
}
