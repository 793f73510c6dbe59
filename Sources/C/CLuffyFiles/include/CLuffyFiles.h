// System calls on files that the C library shows only to programs that ask for GNU's extensions.
#ifndef CLUFFYFILES_H
#define CLUFFYFILES_H

/// Exchanges what two paths name, in one step. 0, or -1 with `errno`: EINVAL or ENOSYS where the file system cannot.
int luffyfiles_exchange(const char *one, const char *other);

#endif
