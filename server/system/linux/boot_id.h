/* system/linux/boot_id.h - which boot of the machine this is. */
#ifndef SYSTEM_LINUX_BOOT_ID_H
#define SYSTEM_LINUX_BOOT_ID_H

/* The kernel's own; "" when unknown. */
void boot_id_read(char out[64]);

#endif
