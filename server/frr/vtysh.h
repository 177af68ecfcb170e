/* frr/vtysh.h - vtysh for what several daemons must hear alike. */
#ifndef FRR_VTYSH_H
#define FRR_VTYSH_H

struct buf;
struct err;

struct vtysh {
	const char *path;       /* absolute */
	const char *pathspace;  /* "" or for -N */
	const char *socket_dir; /* for --vty_socket when pathspace is "" */
	unsigned timeout_ms;
};

/* vtysh -C -f FILE: syntax only. lines end in newlines. The file is made with
 * mkstemp in dir (a directory only we can enter) and removed again. */
int vtysh_check(const struct vtysh *, const char *dir, const char *lines,
    struct err *);
/*
 * vtysh -f FILE. Output that is not one of the known notices of success counts
 * as failure even at exit 0; all lines may have been applied or some: the
 * caller observes and undoes.
 */
int vtysh_apply(const struct vtysh *, const char *dir, const char *lines,
    struct buf *output, struct err *);

#endif
