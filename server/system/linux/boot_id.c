/* system/linux/boot_id.c - which boot of the machine this is. */
#include <string.h>

#include "base/buf.h"
#include "base/io.h"
#include "system/linux/boot_id.h"

void
boot_id_read(char out[64])
{
	char bytes[64];
	struct buf b;
	size_t n;

	out[0] = '\0';
	buf_init_fixed(&b, bytes, sizeof(bytes));
	if (io_read_file("/proc/sys/kernel/random/boot_id", &b, NULL) == -1)
		return;
	n = strspn(bytes, "0123456789abcdef-");
	memcpy(out, bytes, n);
	out[n] = '\0';
}
