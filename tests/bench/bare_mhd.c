/* bare_mhd.c - libmicrohttpd and nothing else: what http is measured against.
 *
 * usage: bare_mhd PORT
 * One thread, epoll, 127.0.0.1, one JSON body of 2 kB for every request. */
/* links: */
/* libs: -lmicrohttpd */
#include <sys/types.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

enum {
	BODY_SIZE = 2048
};

static enum MHD_Result
answer(void *cls, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload,
    size_t *upload_len, void **context)
{
	(void)url;
	(void)method;
	(void)version;
	(void)upload;
	(void)upload_len;
	if (*context == NULL) {
		*context = cls;
		return MHD_YES;
	}
	return MHD_queue_response(connection, MHD_HTTP_OK, cls);
}

int
main(int argc, char **argv)
{
	static char body[BODY_SIZE + 1];
	struct sockaddr_in address;
	struct MHD_Response *response;
	struct MHD_Daemon *d;

	if (argc != 2)
		return 2;
	memset(body, 'x', BODY_SIZE);
	memcpy(body, "{\"a\":\"", 6);
	memcpy(body + BODY_SIZE - 2, "\"}", 2);
	response = MHD_create_response_from_buffer(BODY_SIZE, body,
	    MHD_RESPMEM_PERSISTENT);
	if (response == NULL ||
	    MHD_add_response_header(response, "Content-Type",
		"application/json") != MHD_YES)
		return 1;
	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	d = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, answer, response,
	    MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
	    MHD_OPTION_CONNECTION_LIMIT, 256U, MHD_OPTION_CONNECTION_TIMEOUT,
	    15U, MHD_OPTION_END);
	if (d == NULL) {
		(void)fprintf(stderr, "bare_mhd: cannot listen\n");
		return 1;
	}
	while (MHD_run_wait(d, -1) == MHD_YES)
		;
	return 1;
}
