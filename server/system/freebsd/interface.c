/* system/freebsd/interface.c - interfaces, all from getifaddrs. */
#include <sys/types.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <ifaddrs.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "system/interface.h"
#include "wire/op.h"

static struct op_interface *
find(struct op_interface *list, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	return NULL;
}

/* The AF_LINK entry has struct if_data: 64-bit counters and the MTU. */
static void
add_link(struct op_interface *one, const struct ifaddrs *ifa)
{
	struct if_data data;

	memset(one, 0, sizeof(*one));
	(void)snprintf(one->name, sizeof(one->name), "%s", ifa->ifa_name);
	one->up = (ifa->ifa_flags & IFF_UP) != 0 &&
	    (ifa->ifa_flags & IFF_DRV_RUNNING) != 0;
	if (ifa->ifa_data == NULL)
		return;
	memcpy(&data, ifa->ifa_data, sizeof(data));
	one->mtu = (uint32_t)data.ifi_mtu;
	one->rx_bytes = data.ifi_ibytes;
	one->tx_bytes = data.ifi_obytes;
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
		/* KAME keeps the scope in the second word of link-locals. */
		if (IN6_IS_ADDR_LINKLOCAL(&six.sin6_addr))
			six.sin6_addr.s6_addr[2] = six.sin6_addr.s6_addr[3] = 0;
		(void)inet_ntop(AF_INET6, &six.sin6_addr, one->addrs[i],
		    sizeof(one->addrs[i]));
	}
}

int
interface_list(struct op_interface *list, size_t max, size_t *n,
    struct err *err)
{
	struct ifaddrs *all, *ifa;

	*n = 0;
	if (getifaddrs(&all) == -1)
		return err_set_errno(err, ERR_SYSTEM, "getifaddrs");
	for (ifa = all; ifa != NULL; ifa = ifa->ifa_next) {
		if (ifa->ifa_addr != NULL &&
		    ifa->ifa_addr->sa_family == AF_LINK && *n < max &&
		    strlen(ifa->ifa_name) < sizeof(list->name))
			add_link(&list[(*n)++], ifa);
	}
	for (ifa = all; ifa != NULL; ifa = ifa->ifa_next) {
		struct op_interface *one = find(list, *n, ifa->ifa_name);

		if (one != NULL && ifa->ifa_addr != NULL)
			add_address(one, ifa->ifa_addr);
	}
	freeifaddrs(all);
	return 0;
}
