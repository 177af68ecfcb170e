/* engine/observe_keys.h - which TCP-MD5 key is set, and since when. */
#ifndef ENGINE_OBSERVE_KEYS_H
#define ENGINE_OBSERVE_KEYS_H

struct db;
struct observation;

/*
 * Fills the key id and age of each upstream that has a key: the kernel's where
 * it holds them, else FRR's password. What cannot be told stays empty.
 */
void observe_keys(struct db *, struct observation *);

#endif
