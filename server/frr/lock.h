/* frr/lock.h - mgmtd's lock on the configuration, from FRR 10 on. */
#ifndef FRR_LOCK_H
#define FRR_LOCK_H

struct err;
struct vty;

/*
 * Waits until nobody holds it, two seconds at most: ERR_UNAVAILABLE then, with
 * mgmtd's words. vtysh would wait for ever, after bgpd has been told its part.
 * To be asked on an open connection; it does not keep the lock.
 */
int frr_lock_wait(struct vty *mgmtd, struct err *);

#endif
