/* engine/fault.h - named points where a test build can be made to fail. */
#ifndef ENGINE_FAULT_H
#define ENGINE_FAULT_H

struct err;
struct parts;

/*
 * In a normal build this is nothing. Built with -DMH_FAULT, the file "fault"
 * beside the database is read: "POINT kill", "POINT fail" or "POINT stop"; when
 * the point is this one the file is removed and the engine is killed, told to
 * fail (-1), or stopped (SIGSTOP).
 */
#ifdef MH_FAULT
int fault_point(const struct parts *, const char *point, struct err *);
#else
#define fault_point(parts, point, err) ((void)(parts), (void)(err), 0)
#endif

#endif
