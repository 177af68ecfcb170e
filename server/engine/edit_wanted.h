/* engine/edit_wanted.h - an order laid over an upstream as it is. */
#ifndef ENGINE_EDIT_WANTED_H
#define ENGINE_EDIT_WANTED_H

struct err;
struct name;
struct observation;
struct upstream;
struct upstream_order;

/*
 * Fills want with everything that FRR holds of the upstream (tunnel, host
 * route and nat are those of up still): what the order tells, and for the rest
 * what is (up; NULL: nothing yet) or, when the order is whole, the defaults.
 * -1 and ERR_UNPROCESSABLE with every member that contradicts another or this
 * router, or ERR_CONFLICT "neighbor_exists". What is as it was is not checked
 * again.
 */
int edit_wanted(const struct observation *, const struct upstream *up,
    const struct name *, const struct upstream_order *, struct upstream *want,
    struct err *);

#endif
